"""A personal data server of Bluesky, as far as one account's own posts go.

A record is put under a key that the client chooses; with `swapRecord` null, only where none is yet.
"""

import re
import threading
from hashlib import sha256
from typing import Any

from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json
from ninethirty.standin.social import Account

XRPC = "/xrpc/com.atproto."
HANDLE = "producer.example"
DID = "did:plc:producerexample2345abcde"
COLLECTION = "app.bsky.feed.post"
LONGEST = 300

_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class Bluesky:
    def __init__(self, account: Account, token: str) -> None:
        self._account = account
        self._token = token
        self._session = sha256(token.encode()).hexdigest()
        self._records: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        match (request.method, request.path.removeprefix(XRPC)):
            case ("POST", "server.createSession"):
                return self._begin(request.document())
            case _ if not carries(request, self._session):
                return _error(401, "AuthMissing", "Authentication Required")
            case ("POST", "repo.putRecord"):
                return self._put(request.document())
            case ("GET", "repo.getRecord"):
                return self._get(request.asked("rkey") or "")
            case _:
                return _error(501, "MethodNotImplemented", "Method Not Implemented")

    def _begin(self, document: dict[str, Any] | None) -> Reply:
        match document:
            case {"identifier": str(name), "password": self._token} if name == HANDLE:
                return as_json(200, {"did": DID, "handle": HANDLE, "accessJwt": self._session})
            case _:
                return _error(401, "AuthenticationRequired", "Invalid identifier or password")

    def _put(self, document: dict[str, Any] | None) -> Reply:
        told = document or {}
        key, record = str(told.get("rkey")), told.get("record") or {}
        text = record.get("text")
        if (
            told.get("repo") != DID
            or not told.get("collection") == record.get("$type") == COLLECTION
            or not _TID.fullmatch(key)
            or not isinstance(text, str)
            or not isinstance(record.get("createdAt"), str)
        ):
            return _error(400, "InvalidRequest", "Record is not a valid post")
        if len(text) > LONGEST:
            return _error(400, "InvalidRequest", f"Record/text must not be longer than {LONGEST}")
        for facet in record.get("facets", []):
            span = slice(facet["index"]["byteStart"], facet["index"]["byteEnd"])
            if text.encode()[span].decode() != facet["features"][0]["uri"]:
                return _error(400, "InvalidRequest", "A facet is not where its link is")
        parent = record.get("reply", {}).get("parent", {})
        with self._lock:
            if key in self._records and "swapRecord" in told:
                return _error(400, "InvalidSwap", f"Record was at {self._records[key]['cid']}")
            if parent and parent["cid"] not in {one["cid"] for one in self._records.values()}:
                return _error(400, "InvalidRequest", "The post replied to is not there")
            uri = f"at://{DID}/{COLLECTION}/{key}"
            self._account.post(text, reply_to=parent.get("uri"), id=uri)
            cid = "bafyrei" + sha256(f"{uri}{text}".encode()).hexdigest()
            self._records[key] = {"uri": uri, "cid": cid, "value": record}
        return as_json(200, {"uri": uri, "cid": cid})

    def _get(self, key: str) -> Reply:
        with self._lock:
            found = self._records.get(key)
        if found is None:
            return _error(400, "RecordNotFound", "Could not locate record")
        return as_json(200, found)


def _error(status: int, name: str, message: str) -> Reply:
    return as_json(status, {"error": name, "message": message})
