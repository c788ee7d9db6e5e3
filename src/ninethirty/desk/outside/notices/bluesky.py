"""Bluesky, through the account's own server (XRPC): a post is a record whose key we choose.

docs.bsky.app: "Posts", com.atproto.server.createSession, com.atproto.repo.putRecord and getRecord;
atproto.com: "Record Key" (TID), as of 2026-11. The service's account is the handle, its token an
app password.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from requests import Response

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.times import Instant
from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.service import Service

POST = "app.bsky.feed.post"

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Session:
    did: str
    token: str


class Bluesky:
    def __init__(self, service: Service) -> None:
        self._service = service

    def post(self, notice: Notice) -> Posted:
        session = self.check()
        record: dict[str, Any] = {
            "$type": POST,
            "text": notice.short,
            "createdAt": notice.at.text(),
            "langs": [notice.language],
            "facets": _facets(notice),
        }
        if notice.answers:
            record["reply"] = self._under(notice.answers, session)
        made = ask(
            "POST",
            self._url("repo.putRecord"),
            token=session.token,
            json={
                "repo": session.did,
                "collection": POST,
                "rkey": record_key(notice),
                "record": record,
                # Only where there is none yet: a second try cannot put another over it.
                "swapRecord": None,
            },
        )
        return self._posted(read(made, lambda answer: answer.json()["uri"]))

    def find(self, notice: Notice) -> Posted | None:
        session = self.check()
        try:
            found = self._record(session.did, record_key(notice), session)
        except OutsideFailed as failed:
            if "RecordNotFound" in str(failed):
                return None
            raise
        if found["text"] != notice.short:
            raise OutsideFailed(
                f"{self._service.url}: another post has the key of {notice.title!r}; post it by "
                "hand",
                retry=False,
            )
        return self._posted(found["uri"])

    def check(self) -> Session:
        """Signed in. A session is short, and begun anew for each act."""
        began = ask(
            "POST",
            self._url("server.createSession"),
            json={"identifier": self._service.account, "password": self._service.secret},
        )
        return read(began, lambda answer: Session(answer.json()["did"], answer.json()["accessJwt"]))

    def _under(self, answers: str, session: Session) -> dict[str, Any]:
        """Where a reply belongs: under a post of ours, which is its root too."""
        did, _, key = answers.removeprefix("at://").partition(f"/{POST}/")
        record = self._record(did, key, session)
        post = {"uri": record["uri"], "cid": record["cid"]}
        return {"root": post, "parent": post}

    def _record(self, did: str, key: str, session: Session) -> Any:
        found = ask(
            "GET",
            self._url("repo.getRecord"),
            token=session.token,
            params={"repo": did, "collection": POST, "rkey": key},
        )
        return read(found, _told)

    def _url(self, what: str) -> str:
        return f"{self._service.url}/xrpc/com.atproto.{what}"

    def _posted(self, uri: str) -> Posted:
        key = uri.rpartition("/")[2]
        return Posted(uri, f"{self._service.public}/profile/{self._service.account}/post/{key}")


def _told(answer: Response) -> dict[str, str]:
    record = answer.json()
    return {"uri": record["uri"], "cid": record["cid"], "text": record["value"]["text"]}


def record_key(notice: Notice) -> str:
    """A TID: microseconds since 1970 and ten bits of a clock's name, which tell apart what is said
    in one microsecond; 13 letters that sort as the posts were made."""
    microseconds = (notice.at - Instant.parse("1970-01-01T00:00:00Z")).total_seconds() * 1_000_000
    name = int.from_bytes(sha256(notice.slug.encode()).digest()[:2], "big") % 1024
    number = round(microseconds) << 10 | name
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(13)))


def _facets(notice: Notice) -> list[Any]:
    """Where the link is, in bytes: without this it would not be one."""
    text, link = notice.short.encode(), notice.link.encode()
    start = text.find(link)
    if not link or start < 0:
        return []
    return [
        {
            "index": {"byteStart": start, "byteEnd": start + len(link)},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": notice.link}],
        }
    ]
