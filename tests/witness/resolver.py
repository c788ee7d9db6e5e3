"""A name server that fails in its own ways, and a witness that looks through it.

Run by test_names.py in a network and a file system of its own, so that port 53 and
/etc/resolv.conf are free for us. Says for each name which troubles the looks had.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from ninethirty.core.sighting import Sighting, Trouble, View
from ninethirty.core.times import RealClock
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look
from tests.witness.setting import channel, order, page, probe

NXDOMAIN, SERVFAIL = 3, 2
SAYS = {b"nobody": NXDOMAIN, b"broken": SERVFAIL}
SIOCSIFFLAGS, UP_AND_RUNNING = 0x8914, 0x41
PATIENCE = 30


def answering(server: socket.socket) -> None:
    while True:
        question, asker = server.recvfrom(512)
        first_label = question[13 : 13 + question[12]]
        if first_label in SAYS:
            flags = struct.pack(">H", 0x8180 | SAYS[first_label])
            server.sendto(question[:2] + flags + question[4:6] + bytes(6) + question[12:], asker)


def main(folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        fcntl.ioctl(anything, SIOCSIFFLAGS, struct.pack("16sh", b"lo", UP_AND_RUNNING))
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:5 attempts:1\n")
    subprocess.run(["mount", "--bind", folder / "resolv.conf", "/etc/resolv.conf"], check=True)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    threading.Thread(target=answering, args=(server,), daemon=True).start()
    print(json.dumps({name: troubles(name) for name in ("nobody", "broken", "silent")}))


def troubles(name: str) -> list[str]:
    """Of looks in a row, until they say something more exact than `dns`."""
    here, eyes = channel("http://unused"), probe(RealClock())
    part = page(f"http://{name}.test/x")
    found: list[str] = []
    until = time.monotonic() + PATIENCE
    with Loop() as loop:
        while not found or (found[-1] == Trouble.DNS and time.monotonic() < until):
            look = Look(order(here), here.name, here.page.url, part, View.USER)
            seen: list[Sighting] = []
            eyes.look(loop, look, lambda sighting, _, __, seen=seen: seen.append(sighting))  # type: ignore[misc]
            while not seen:
                loop.turn(0.1)
            found.append(str(seen[0].trouble))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
