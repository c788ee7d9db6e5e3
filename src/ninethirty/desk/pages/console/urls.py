"""Every page of the console: each module that has some contributes its list `urls`."""

from django.urls import URLPattern, URLResolver

from ninethirty.desk.pages.console import (
    access,
    account,
    audit,
    begin,
    calendar,
    hand_in,
    incident,
    paper,
    people,
    promise,
    register,
    rehearsal,
    release,
    release_act,
    report,
    report_form,
    report_new,
    set_up,
    today,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *account.urls,
    *begin.urls,
    *calendar.urls,
    *promise.urls,
    *people.urls,
    *set_up.urls,
    *today.urls,
    *access.urls,
    *release_act.urls,
    *hand_in.urls,
    *release.urls,
    *incident.urls,
    *report_new.urls,
    *report_form.urls,
    *report.urls,
    *register.urls,
    *rehearsal.urls,
    *audit.urls,
    *paper.urls,
]
