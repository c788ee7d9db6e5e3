"""A source in an S3-compatible bucket, laid out as a shelf is.

Credentials and the service's address come from the environment, as everywhere: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT.
"""

import os
from datetime import timedelta
from typing import BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ninethirty.core.document import Json, canonical
from ninethirty.core.errors import FileMissing, OutsideFailed
from ninethirty.gate.source import as_said


class Bucket:
    def __init__(self, url: str) -> None:
        """url: s3://BUCKET or s3://BUCKET/PREFIX."""
        self._url = url
        endpoint = os.environ.get("AWS_ENDPOINT") or os.environ.get("AWS_ENDPOINT_URL") or ""
        self._bucket = S3Store.from_url(
            url,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": "1s",
                "timeout": "30s",
            },
            # The gate asks again soon enough; a bucket that is silent must not hold up the others.
            retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=2)},
        )

    def root(self) -> bytes | None:
        return self._read("root")

    def open(self, name: str) -> BinaryIO:
        try:
            reader = obstore.open_reader(self._bucket, f"objects/{name[:2]}/{name}")
        except FileNotFoundError as missing:
            raise FileMissing(f"{name[:12]}…: not in {self._url}") from missing
        except (BaseError, OSError) as wrong:
            raise self._failed(wrong) from wrong
        return cast(BinaryIO, _Object(reader, self))

    def acknowledged(self, gate: str) -> Json | None:
        said = self._read(f"acknowledged/{gate}.json")
        return None if said is None else as_said(said)

    def acknowledge(self, gate: str, document: Json) -> None:
        try:
            obstore.put(self._bucket, f"acknowledged/{gate}.json", canonical(document))
        except (BaseError, OSError) as wrong:
            raise self._failed(wrong) from wrong

    def hand_in(self, gate: str, name: str, letter: bytes) -> None:
        try:
            obstore.put(self._bucket, f"inbox/{gate}-{name}", letter)
        except (BaseError, OSError) as wrong:
            raise self._failed(wrong) from wrong

    def _read(self, where: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._bucket, where).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as wrong:
            raise self._failed(wrong) from wrong

    def _failed(self, wrong: Exception) -> OutsideFailed:
        first_line = str(wrong).strip().partition("\n")[0]
        return OutsideFailed(f"{self._url} cannot be used now: {first_line}", retry=True)


class _Object:
    """Read in pieces."""

    def __init__(self, reader: "obstore.ReadableFile", bucket: Bucket) -> None:
        self._reader = reader
        self._bucket = bucket

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except (BaseError, OSError) as wrong:
            raise self._bucket._failed(wrong) from wrong

    def __enter__(self) -> "_Object":
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
