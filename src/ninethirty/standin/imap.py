"""A mailbox read by IMAP (RFC 3501), as far as looking for mail and fetching it goes."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy


class Imap:
    """mails: what lies in the inbox, oldest first; whoever holds the list may add to it."""

    def __init__(self, user: str, password: str) -> None:
        self.mails: list[bytes] = []
        self.seen: set[int] = set()
        """Numbers of those marked as read."""
        self._signs_in = f'{user} "{password}"'

    def answer(self, command: str, told: str) -> tuple[list[bytes], str]:
        """The lines to say first, and the result."""
        match command:
            case "CAPABILITY":
                return [b"* CAPABILITY IMAP4rev1"], "OK done"
            case "LOGIN" if told != self._signs_in:
                return [], "NO [AUTHENTICATIONFAILED] wrong name or password"
            case "SELECT" | "EXAMINE":
                may = "READ-WRITE" if command == "SELECT" else "READ-ONLY"
                return [f"* {len(self.mails)} EXISTS".encode()], f"OK [{may}] done"
            case "UID SEARCH" if told == "UNSEEN":
                unseen = [str(n) for n in range(1, len(self.mails) + 1) if n not in self.seen]
                return [f"* SEARCH {' '.join(unseen)}".rstrip().encode()], "OK done"
            case "UID STORE":
                self.seen.add(int(told.partition(" ")[0]))
                return [], "OK done"
            case "UID SEARCH":
                wanted = re.fullmatch(r'HEADER (\S+) "(.*)"', told)
                if wanted is None:
                    return [], "BAD a search for one header is all there is"
                found = [
                    str(n)
                    for n, raw in enumerate(self.mails, 1)
                    if wanted[2] in _header(raw, wanted[1])
                ]
                return [f"* SEARCH {' '.join(found)}".rstrip().encode()], "OK done"
            case "UID FETCH":
                wanted = re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", told)
                if wanted is None:
                    return [], "BAD the beginning of one mail is all there is"
                raw = self.mails[int(wanted[1]) - 1][: int(wanted[2])]
                head = f"* {wanted[1]} FETCH (UID {wanted[1]} BODY[]<0> {{{len(raw)}}}\r\n"
                return [head.encode() + raw + b")"], "OK done"
            case "LOGOUT":
                return [b"* BYE"], "OK done"
            case _:
                return [], "OK done"


def _header(raw: bytes, name: str) -> str:
    return str(message_from_bytes(raw, policy=policy.default)[name] or "")


@contextmanager
def listening(mailbox: Imap) -> Iterator[int]:
    """On a free port of loopback, which it gives."""

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            for line in self.rfile:
                tag, command, *told = line.decode().strip().split(" ", 2)
                command = command.upper()
                if command == "UID":
                    more, _, rest = told[0].partition(" ") if len(told) == 1 else (told[0], "", "")
                    command, told = f"UID {more.upper()}", [rest]
                said, result = mailbox.answer(command, " ".join(told))
                for one in said:
                    self.wfile.write(one + b"\r\n")
                self.wfile.write(f"{tag} {result}\r\n".encode())
                if command == "LOGOUT":
                    return

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
