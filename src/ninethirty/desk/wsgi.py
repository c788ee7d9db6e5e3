"""What granian calls in the desk's worker."""

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from ninethirty.lifeline import follow_parent


def make() -> WSGIHandler:
    follow_parent()
    return get_wsgi_application()
