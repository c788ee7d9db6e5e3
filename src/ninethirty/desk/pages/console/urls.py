"""Every page of the console: each module that has some contributes its list `urls`."""

from django.urls import URLPattern, URLResolver

from ninethirty.desk.pages.console import account, begin, incident, report

urlpatterns: list[URLPattern | URLResolver] = [
    *account.urls,
    *begin.urls,
    *incident.urls,
    *report.urls,
]
