"""The register for those who work here: all that a search finds, as one streamed file."""

from dataclasses import fields

from django.http import HttpRequest, StreamingHttpResponse

from ninethirty.desk.record.export import lines
from ninethirty.desk.record.register import Wanted


def export(request: HttpRequest) -> StreamingHttpResponse:
    """As CSV, by the filters of the query. Unrouted: it names unpublished entries too, so it stands
    behind whoever signs people in."""
    asked = {one.name: request.GET.get(one.name, "") for one in fields(Wanted)}
    return StreamingHttpResponse(
        lines(Wanted(**asked)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="register.csv"'},
    )
