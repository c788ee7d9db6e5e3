"""The runbooks name actions of the desk, which need Django's settings and no database."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ninethirty.desk.settings")
django.setup()
