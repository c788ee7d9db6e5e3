"""What granian calls in the desk's worker."""

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from ninethirty.lifeline import follow_parent


def make() -> WSGIHandler:
    follow_parent()
    application = get_wsgi_application()
    print("ready", flush=True)  # granian has bound the port before it makes its workers
    return application
