"""Make sure that what a person uploaded to another page is the release."""

from ninethirty.core.errors import NotYet
from ninethirty.core.facts import Kind
from ninethirty.core.verdict import whole_for
from ninethirty.core.watch import UPLOADED, read_order
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup


def check_upload(work: Work) -> list[Happened]:
    """Raises NotYet: not right there for enough witnesses."""
    order = read_order(bytes(work.release.order), setup().key().public)
    uploaded = happened(work.facts, Kind.UPLOADED)
    assert uploaded is not None
    seen = seen_since(work.release.id, UPLOADED, uploaded.recorded)
    at = whole_for(order, order.channel(UPLOADED), seen, bytes.fromhex(work.release.key))
    if at is None:
        raise NotYet("not seen right at the other page by enough witnesses")
    return [Happened(Kind.UPLOAD_VERIFIED, at, "upload", {"channel": UPLOADED})]
