"""HTTP/1.1 on loopback in front of a plain function from Request to Reply.

One function may be asked at several addresses (an edge is an address); the request says which.
"""

import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Self

from ninethirty.core.times import Clock
from ninethirty.standin.exchange import (
    Endless,
    Function,
    Reply,
    Request,
    Reset,
    Silence,
    http_date,
)

BODY_BYTES = 10_000_000
"""A longer body is refused."""

DRAINED_BYTES = 10 * BODY_BYTES
"""How much of a refused body is read and thrown away, so that the refusal can be heard."""

IDLE_SECONDS = 60.0
"""A connection on which nobody asks for so long is closed."""

STALLED_SECONDS = 5.0
"""A client that takes nothing of an endless body for so long is let go."""


class Serving:
    """Listens from the moment it is made until it is closed; close it, or use it as a context.

    Port 0 takes any free port, the same on every host. Raises OSError if an address is taken.
    tls: the hosts that speak TLS, and how.
    """

    def __init__(
        self,
        function: Function,
        clock: Clock,
        hosts: Sequence[str],
        port: int,
        tls: Mapping[str, ssl.SSLContext] | None = None,
    ) -> None:
        self._servers: list[_Server] = []
        self.port = port
        secured = tls or {}
        try:
            for host in dict.fromkeys(hosts):
                server = _Server((host, self.port), function, clock, secured.get(host))
                self._servers.append(server)
                self.port = server.server_port
        except OSError:
            for server in self._servers:
                server.server_close()
            raise
        scheme = "https" if hosts[0] in secured else "http"
        self.url = f"{scheme}://{hosts[0]}:{self.port}"
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            for server in self._servers
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Answers being written are finished first; idle connections are cut."""
        for server in self._servers:
            server.shutdown()
        for thread in self._threads:
            thread.join()
        for server in self._servers:
            server.hang_up()
            server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        function: Function,
        clock: Clock,
        tls: ssl.SSLContext | None,
    ) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.function = function
        self.clock = clock
        self.closing = False
        self._tls = tls
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the resolver for our name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        # Here, in the connection's own thread: a client may take its time over a handshake.
        request.settimeout(IDLE_SECONDS)
        self._connections.discard(request)
        secured = self._tls.wrap_socket(request, server_side=True)
        self._connections.add(secured)
        try:
            super().finish_request(secured, client_address)
        finally:
            self.shutdown_request(secured)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Let every thread that waits for a next request see the end of its connection, and end
        what has no end."""
        self.closing = True
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue  # Gone meanwhile.

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | TimeoutError | ssl.SSLError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: _Server

    def _answer(self) -> None:
        body = self._body()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        address, port = self.connection.getsockname()[:2]
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            client=self.client_address[0],
            address=address,
            port=port,
        )
        match self.server.function(request):
            case Silence():
                self._say_nothing()
            case Reset():
                self._tear_down()
            case Endless() as endless:
                self._go_on(endless)
            case Reply() as reply:
                self._send(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer

    def _body(self) -> bytes | None:
        """What the client sent; None if it was too much, and has been told so."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            self._send(Reply(411, b"Say how long the body is.\n"))
            return None
        if int(length) > BODY_BYTES:
            self.close_connection = True
            self._send(Reply(413, b"Too long.\n"))
            self._drain(min(int(length), DRAINED_BYTES))
            return None
        return self.rfile.read(int(length))

    def _drain(self, left: int) -> None:
        # Closing on unread bytes resets the connection, and the client may never see the reply.
        while left > 0 and (read := self.rfile.read(min(left, 1 << 16))):
            left -= len(read)

    def _send(self, reply: Reply) -> None:
        headers = {"Date": self.date_time_string(), **reply.headers}
        headers["Content-Length"] = str(len(reply.body) + reply.missing_bytes)
        if reply.missing_bytes:
            self.close_connection = True
        if reply.first_byte_after:
            time.sleep(reply.first_byte_after)
        if self.close_connection:
            headers["Connection"] = "close"
        self.send_response_only(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _say_nothing(self) -> None:
        self.close_connection = True
        self.connection.settimeout(None)
        while self.connection.recv(4096):
            pass

    def _tear_down(self) -> None:
        self.close_connection = True
        # Closing without lingering sends a reset in place of an orderly end.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _go_on(self, endless: Endless) -> None:
        self.close_connection = True
        self.connection.settimeout(STALLED_SECONDS)
        left = endless.size_bytes
        self.send_response_only(200)
        headers = {"Date": self.date_time_string(), "Connection": "close", **endless.headers}
        if left is not None:
            headers["Content-Length"] = str(left)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        while self.command != "HEAD" and left != 0 and not self.server.closing:
            piece = endless.piece if left is None else endless.piece[:left]
            self.wfile.write(piece)
            left = None if left is None else left - len(piece)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return http_date(self.server.clock.now())

    def log_message(self, *_: Any) -> None:
        """Quiet: what matters is in the truth log."""
