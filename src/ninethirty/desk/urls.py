"""Where the desk answers."""

from django.urls import include, path

from ninethirty.desk.pages import api, at_it, before, for_gates, reports, timeline

handler404 = "ninethirty.desk.pages.console.errors.not_here"
handler500 = "ninethirty.desk.pages.console.errors.failed"

urlpatterns = [
    path("api/v1/orders", api.orders),
    path("api/v1/sightings", api.sightings),
    path("api/v1/reports", reports.submit),
    path("api/v1/reports/<slug:reference>/answers", reports.answers),
    path("at-it/<str:token>", at_it.page),
    path("before-release/<str:token>", before.page, name="before"),
    path("before-release/<str:token>/stands", before.stands, name="before-stands"),
    path("shelf/root", for_gates.root),
    path("shelf/objects/<slug:_>/<slug:name>", for_gates.named),
    path("shelf/acknowledged/<str:name>.json", for_gates.acknowledgement),
    path("shelf/inbox/<str:name>", for_gates.letter),
    path("timeline/<path:release>.json", timeline.document),
    path("timeline/<path:release>", timeline.page),
    path("", include("ninethirty.desk.pages.console.urls")),
]
