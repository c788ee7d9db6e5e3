"""An outside authority's word that a root existed at a time (RFC 3161), asked for beside the watch.

A verdict never waits for it. Needs the extra `timestamp`.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue
from urllib.request import ProxyHandler, Request, build_opener

import structlog

from ninethirty.core.document import Json, digest
from ninethirty.core.errors import CannotStart
from ninethirty.witness.onward import host_of

try:
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import (
        TimestampRequestBuilder,
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )
    from rfc3161_client.tsp import PKIStatus
except ImportError:  # the extra is not installed
    HAVE_CLIENT = False
else:
    HAVE_CLIENT = True

log = structlog.get_logger()

TIMEOUT_SECONDS = 10.0
FAREWELL_SECONDS = 10.0
"""How long the last root may still be stamped after the watch is over."""

MOST_BYTES = 100_000


class Stamper:
    """Has each root stamped, in a thread of its own. Call `close` before the evidence is closed.

    Raises CannotStart without the extra, or with an authority that is no address.
    """

    def __init__(self, authority: str, folder: Path) -> None:
        if not HAVE_CLIENT:
            raise CannotStart("--stamp: expected the extra `timestamp`, found it not installed")
        if not host_of(authority):
            raise CannotStart(f"--stamp {authority}: expected an address such as http://x.test/tsa")
        self._authority = authority
        self._folder = folder
        self._add: Callable[[Json], None] = lambda _: None
        self._roots: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._keep_stamping, name="stamps", daemon=True)

    def begin(self, add: Callable[[Json], None]) -> None:
        """`add` is told of each stamp, from this object's thread."""
        self._add = add
        self._thread.start()

    def rooted(self, root: str) -> None:
        """Does not wait."""
        self._roots.put(root)

    def close(self) -> None:
        """Wait a little for what is under way."""
        self._roots.put(None)
        self._thread.join(FAREWELL_SECONDS)
        # What comes later finds the evidence closed.
        self._add = lambda _: None

    def _keep_stamping(self) -> None:
        while (root := self._roots.get()) is not None:
            try:
                self._stamp(root)
            except (OSError, HTTPException, ValueError) as failed:
                log.warning("stamp.failed", root=root[:12], why=str(failed))

    def _stamp(self, root: str) -> None:
        # What is stamped is the root's text; the authority sees only a digest of it.
        asked = TimestampRequestBuilder().data(root.encode()).build()
        headers = {"Content-Type": "application/timestamp-query"}
        request = Request(self._authority, asked.as_bytes(), headers)  # noqa: S310  # web only
        opener = build_opener(ProxyHandler({}))
        with opener.open(request, timeout=TIMEOUT_SECONDS) as reply:
            answer: bytes = reply.read(MOST_BYTES)
        # Strict about DER: an authority that attaches its CA's certificate out of order is refused.
        response = decode_timestamp_response(answer)
        if response.status != PKIStatus.GRANTED.value:
            raise ValueError(f"the authority answered {response.status}")
        imprint = response.tst_info.message_imprint.message
        if imprint != asked.message_imprint.message:
            raise ValueError("the authority stamped something else")
        self._folder.mkdir(exist_ok=True)
        name = f"{root}.tsr"
        (self._folder / name).write_bytes(answer)
        said = response.tst_info.gen_time.isoformat()
        self._add({"root": root, "file": name, "digest": digest(answer), "said": said})


def not_vouched_for(folder: Path, roots: Sequence[str], authority: Path) -> Iterator[str]:
    """The stamps in `folder` that the authority, known by its certificates in a PEM file, did not
    give, in sentences.

    Raises CannotStart without the extra, or without certificates.
    """
    if not HAVE_CLIENT:
        raise CannotStart("--authority: expected the extra `timestamp`, found it not installed")
    try:
        certificates = load_pem_x509_certificates(authority.read_bytes())
    except (OSError, ValueError) as wrong:
        raise CannotStart(f"--authority {authority}: expected certificates in PEM") from wrong
    for root in roots:
        name = f"{root}.tsr"
        builder = VerifierBuilder()
        for certificate in certificates:
            builder = builder.add_root_certificate(certificate)
        try:
            response = decode_timestamp_response((folder / name).read_bytes())
            builder.build().verify_message(response, root.encode())
        except (OSError, ValueError, VerificationError) as wrong:
            yield f"{name}: not a stamp of this authority ({wrong})"
