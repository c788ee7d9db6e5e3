"""Django's settings, derived from desk.toml. Nothing is set here that a person should change."""

import os
from pathlib import Path

from ninethirty.desk.database import sqlite
from ninethirty.desk.setup import HOME, setup

if os.environ.get(HOME):
    _database = setup().django_database()
    SECRET_KEY = setup().key().secret()
else:
    # Type checker and tests that touch no database.
    _database = sqlite(Path("no-home.sqlite3"))
    SECRET_KEY = "unset"  # noqa: S105

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "ninethirty.desk.urls"
INSTALLED_APPS = ["ninethirty.desk.record"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
