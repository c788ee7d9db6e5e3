"""python -m bench.sink FILE: a mail server that takes everything and notes to whom, as fast as a
loop of one process can. Says its port on its first line. Offers pipelining, like real servers."""

import asyncio
import os
import re
import sys
from pathlib import Path

_TO = re.compile(rb"rcpt to:<(.*)>\r?\n", re.IGNORECASE)


class Sink(asyncio.Protocol):
    def __init__(self, noted: int) -> None:
        self._noted = noted
        self._held = b""
        self._to = b""
        self._in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._say = transport.write
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._held += data
        while True:
            end = b"\r\n.\r\n" if self._in_mail else b"\r\n"
            head, found, rest = self._held.partition(end)
            if not found:
                return
            self._held = rest
            if self._in_mail:
                self._in_mail = False
                # Noted before it is answered: what a sender was not told of still counts.
                os.write(self._noted, self._to + b"\n")
                self._say(b"250 taken\r\n")
            else:
                self._obey(head + end)

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say(b"250-sink\r\n250 PIPELINING\r\n")
        elif verb == b"DATA":
            self._in_mail = True
            self._say(b"354 go on\r\n")
        else:
            if found := _TO.fullmatch(line):
                self._to = found[1]
            self._say(b"250 ok\r\n")


async def main(place: Path) -> None:
    noted = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = await asyncio.get_running_loop().create_server(lambda: Sink(noted), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
