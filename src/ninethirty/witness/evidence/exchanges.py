"""Exchanges in WARC (ISO 28500), the format web archives keep. A body is stored once per digest.

The head of an answer is kept byte for byte. The body is what came out of transfer and content
encoding, as a reader would have it.
"""

import gzip
import io
from dataclasses import dataclass
from pathlib import Path

from warcio.warcwriter import WARCWriter

from ninethirty.core.document import Json, digest
from ninethirty.core.times import Instant
from ninethirty.witness.transfer import Heard

WARC = "exchanges.warc.gz"

SQUEEZE = 1
"""gzip's quickest: nobody should look late because evidence was being squeezed."""


@dataclass(frozen=True)
class Stored:
    """Where a record lies in the file."""

    offset: int
    size_bytes: int
    digest: str

    def document(self) -> Json:
        return {"offset": self.offset, "size_bytes": self.size_bytes, "digest": self.digest}


class Exchanges:
    def __init__(self, folder: Path) -> None:
        self._file = (folder / WARC).open("xb")
        self._offset = 0
        self._first: dict[str, tuple[str, str]] = {}

    def begin(self, software: str, at: Instant) -> Stored:
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=False)
        record = writer.create_warcinfo_record(WARC, {"software": software})
        record.rec_headers.replace_header("WARC-Date", _date(at))
        writer.write_record(record)
        return self._append(buffer.getvalue())

    def keep(self, heard: Heard, at: Instant) -> list[Stored]:
        """The request, where it was recorded, and the answer; the answer's record last."""
        stored = []
        if heard.request:
            stored.append(self._write("request", heard, heard.request, at, {}))
        before = self._first.get(heard.body.digest) if heard.body.size else None
        fields = {"WARC-Payload-Digest": f"sha256:{heard.body.digest}"}
        if heard.peer:
            fields["WARC-IP-Address"] = heard.peer
        if before:
            url, date = before
            fields |= {
                "WARC-Profile": _SAME_PAYLOAD,
                "WARC-Refers-To-Target-URI": url,
                "WARC-Refers-To-Date": date,
            }
            stored.append(self._write("revisit", heard, heard.head, at, fields))
        else:
            if not heard.body.is_whole:
                fields["WARC-Truncated"] = "length"
            self._first[heard.body.digest] = heard.url, _date(at)
            stored.append(
                self._write("response", heard, heard.head + heard.body.kept(), at, fields)
            )
        return stored

    def close(self) -> None:
        self._file.close()

    def _write(
        self, kind: str, heard: Heard, block: bytes, at: Instant, fields: dict[str, str]
    ) -> Stored:
        buffer = io.BytesIO()
        writer = WARCWriter(buffer, gzip=False)
        message = "request" if kind == "request" else "response"
        writer.write_record(
            writer.create_warc_record(
                heard.url,
                kind,
                payload=io.BytesIO(block),
                # Known beforehand, or warcio counts it in a temporary file that it leaves open.
                length=len(block),
                warc_content_type=f"application/http; msgtype={message}",
                warc_headers_dict={"WARC-Date": _date(at), **fields},
            )
        )
        return self._append(buffer.getvalue())

    def _append(self, record: bytes) -> Stored:
        # No time of squeezing in it: the same record has the same bytes.
        member = gzip.compress(record, SQUEEZE, mtime=0)
        self._file.write(member)
        self._file.flush()
        stored = Stored(self._offset, len(member), digest(member))
        self._offset += len(member)
        return stored


def _date(at: Instant) -> str:
    return at.text()


_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
