"""Where the desk answers."""

from django.urls import path

from ninethirty.desk.pages import api, timeline

urlpatterns = [
    path("api/v1/orders", api.orders),
    path("api/v1/sightings", api.sightings),
    path("timeline/<path:release>.json", timeline.document),
    path("timeline/<path:release>", timeline.page),
]
