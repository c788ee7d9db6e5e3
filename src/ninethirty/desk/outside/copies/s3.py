"""A bucket of S3-compatible storage, through obstore (PutObject, CopyObject, GetObject).

docs.aws.amazon.com/AmazonS3/latest/API, as of 2026-11. Made public by a copy on the server's side,
so at T nothing is sent but an order for each file. The bucket must let the public read and not
list: what is staged is found by its name alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from mimetypes import guess_type
from secrets import token_hex

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.copying import Copying

TIMEOUT = "30s"


class Bucket:
    def __init__(self, told: Copying) -> None:
        """Raises OutsideFailed: its token is not where it should be."""
        self._name = f"bucket {told.place}"
        with self._explained():
            self._store = S3Store(
                told.place,
                endpoint=told.url or None,
                region=told.region,
                access_key_id=told.account,
                secret_access_key=told.secret,
                client_options={
                    "allow_http": told.url.startswith("http://"),
                    "connect_timeout": "3s",
                    "timeout": TIMEOUT,
                },
                # The runbook tries again, and says so.
                retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
            )

    def stage(self, private: str, files: Mapping[str, bytes]) -> None:
        with self._explained():
            for name, content in files.items():
                kind = guess_type(name)[0] or "application/octet-stream"
                # It cannot compare clocks, so no cache may keep it past a correction.
                attributes = {"Content-Type": kind, "Cache-Control": "no-cache"}
                obstore.put(self._store, f"{private}/{name}", content, attributes=attributes)

    def open(self, private: str, path: str, names: Sequence[str]) -> None:
        with self._explained():
            for name in names:
                obstore.copy(self._store, f"{private}/{name}", _public(path, name))
            obstore.delete(self._store, [f"{private}/{name}" for name in names])

    def read(self, path: str, name: str) -> bytes:
        with self._explained():
            return bytes(obstore.get(self._store, _public(path, name)).bytes())

    def check(self) -> None:
        with self._explained():
            trial = f"{token_hex(16)}/check"
            obstore.put(self._store, trial, b"")
            obstore.delete(self._store, trial)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as wrong:
            # Its first line names the request; what follows can quote headers.
            why = str(wrong).strip().partition("\n")[0][:200]
            raise OutsideFailed(f"{self._name}: {why}", retry=True) from wrong


def _public(path: str, name: str) -> str:
    return f"{path.strip('/')}/{name}"
