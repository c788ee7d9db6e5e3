"""What granian calls in the desk's worker."""

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from ninethirty.desk.parcel.sweep import keep_sweeping
from ninethirty.desk.setup import setup
from ninethirty.lifeline import follow_parent


def make() -> WSGIHandler:
    follow_parent()
    keep_sweeping(setup())
    return get_wsgi_application()
