"""Read mail that came back, and write no more to whom it does not reach or who complained."""

from ninethirty.core.errors import Malformed
from ninethirty.core.letter import Sent
from ninethirty.core.subscription import read_token
from ninethirty.desk.actions.mail_out import stop
from ninethirty.desk.actions.subscribe import key
from ninethirty.desk.outside.mailing.account import inbox
from ninethirty.desk.outside.mailing.returned import read_returned
from ninethirty.desk.record.models import Subscription
from ninethirty.desk.setup import setup


def take_returned(*, by: str) -> int:
    """How many addresses were stopped. Raises OutsideFailed: the mailbox cannot be read."""
    box = inbox(setup())
    if box is None:
        return 0
    stopped = 0
    for returned in read_returned(box):
        try:
            ref = read_token(key(), Sent.LEAVE, returned.token).hex()
        except Malformed:
            continue
        found = Subscription.objects.filter(ref=ref, stopped=None).first()
        if found:
            stop([found.id], returned.why, setup().clock().now(), by=by)
            stopped += 1
    return stopped
