"""The private listener of a gate's main process: /metrics for its operators, and its receipts.

Receipts tell only of what has opened, so a front may pass them on to the public; see deploy/.
"""

import http.server
import threading
from collections.abc import Callable
from pathlib import Path

from ninethirty.server import check_listen

_PIECE = 1 << 16


def start(address: str, metrics: Callable[[], bytes], receipts: Path) -> None:
    """Listen at HOST:PORT. Raises CannotStart: it is none, or something has the port."""
    host, port = check_listen(address, option="--metrics")

    class Private(http.server.BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            match self.path:
                case "/metrics":
                    self._say("text/plain; version=0.0.4; charset=utf-8", metrics())
                case "/.well-known/ninethirty/receipts":
                    self._send_receipts()
                case _:
                    self.send_error(404)

        def _say(self, media_type: str, body: bytes) -> None:
            self._head(media_type, len(body))
            self.wfile.write(body)

        def _send_receipts(self) -> None:
            with receipts.open("rb") as lines:
                # As far as it goes now; a line is only ever added.
                size_bytes = receipts.stat().st_size
                self._head("application/jsonl", size_bytes)
                while size_bytes and (piece := lines.read(min(size_bytes, _PIECE))):
                    self.wfile.write(piece)
                    size_bytes -= len(piece)

        def _head(self, media_type: str, size_bytes: int) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(size_bytes))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((host, port), Private)
    threading.Thread(target=server.serve_forever, name="private", daemon=True).start()
