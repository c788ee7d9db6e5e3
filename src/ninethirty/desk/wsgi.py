"""What granian calls in the desk's worker."""

import gc

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from ninethirty.desk.parcel.sweep import keep_sweeping
from ninethirty.desk.setup import setup
from ninethirty.lifeline import follow_parent


def make() -> WSGIHandler:
    follow_parent()
    keep_sweeping(setup())
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018  # Loads every page.
    # All that stays: looking through it for garbage takes longer than most answers.
    gc.freeze()
    return application
