"""Django's settings, derived from desk.toml. Nothing is set here that a person should change."""

import os
from pathlib import Path

from ninethirty.desk.console import Console, providers
from ninethirty.desk.database import sqlite
from ninethirty.desk.pages.console.assets import FOLDERS
from ninethirty.desk.setup import HOME, setup

CONSOLE = Path(__file__).parent / "pages" / "console"

if os.environ.get(HOME):
    _database = setup().django_database()
    SECRET_KEY = setup().key().secret()
    _console = setup().console
else:
    # Type checker and tests that touch no database.
    _database = sqlite(Path("no-home.sqlite3"))
    SECRET_KEY = "unset"  # noqa: S105
    _console = Console()

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", _console.host]
ROOT_URLCONF = "ninethirty.desk.urls"
INSTALLED_APPS = [
    "ninethirty.desk.record",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [CONSOLE / "templates"],
        "OPTIONS": {
            "environment": "ninethirty.desk.pages.console.frame.environment",
            "context_processors": ["ninethirty.desk.pages.console.frame.shown"],
        },
    },
    # The short messages of allauth.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

# Where the style sheets lie: whitenoise finds them there, nothing is collected.
STATIC_URL = "/assets/"
STATICFILES_DIRS = FOLDERS
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86_400
WHITENOISE_ALLOW_ALL_ORIGINS = False

_sign_on = _console.sign_on
SOCIALACCOUNT_PROVIDERS = providers(_sign_on)
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""

AUTH_USER_MODEL = "record.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
# Of the NCSC: long, and not common; nothing about its letters, and no end to it.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"
ACCOUNT_ADAPTER = "ninethirty.desk.pages.console.adapters.Accounts"
SOCIALACCOUNT_ADAPTER = "ninethirty.desk.pages.console.adapters.SignOn"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ninethirty"
MFA_TOTP_TOLERANCE = 1
# A counter kept by one process is no lock-out where there are several.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "attempts",
    }
}

if _console.secure:
    # A proxy speaks TLS, and says so.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 86_400
    CSRF_TRUSTED_ORIGINS = [_console.address]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _console.secure
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _console.secure
if os.environ.get(HOME) and setup().drill:
    # A browser tells its cookies apart by host alone: a drill beside a real desk has its own.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "drill-session", "drill-csrf"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "ninethirty.desk.pages.console.errors.forged"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *([_sign_on.issuer] if _sign_on else [])],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # What was refused names its address, and a one-time link is one.
    "loggers": {"django.request": {"level": "ERROR"}},
}
