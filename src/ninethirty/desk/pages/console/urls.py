"""Every page of the console: each module that has some contributes its list `urls`."""

from django.urls import URLPattern, URLResolver

from ninethirty.desk.pages.console import account

urlpatterns: list[URLPattern | URLResolver] = [
    *account.urls,
]
