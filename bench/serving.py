"""Programs of a bench: a gate, what stands in front of it, and what it is measured against."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.sealing import GATE_KEY, Desk
from ninethirty.core.guard import ANY_READING
from ninethirty.gate.arm import arm
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store

DEPLOY = Path(__file__).parents[1] / "deploy"
SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"


@dataclass(frozen=True)
class Served:
    port: int
    process: subprocess.Popen[bytes]

    def family(self) -> list[int]:
        """Its process, and those that it started."""
        return _family(self.process.pid)

    def cpu_seconds(self) -> float:
        ticks = 0
        for pid in self.family():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.family())
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")

    def forget_peak(self) -> None:
        for pid in self.family():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_bytes(self) -> int:
        """The most that was resident since it was forgotten, or since it began."""
        told = (Path(f"/proc/{pid}/status").read_text() for pid in self.family())
        return sum(1024 * int(one.partition("VmHWM:")[2].split()[0]) for one in told)


def _family(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [
        pid,
        *(
            each
            for task in tasks
            for child in task.read_text().split()
            for each in _family(int(child))
        ),
    ]


def armed_by(desk: Desk, store: Store) -> None:
    """Arm what the desk signed last, without a gate around it."""
    armed = arm(
        store,
        Folder(desk.folder),
        gate="gate",
        trusted_key=desk.key.public,
        clock=_unchecked(store.folder),
    )
    assert armed, "there was nothing new"


def _unchecked(store: Path) -> GuardedClock:
    file = ClockFile(store, workers=1)
    file.ahead[0] = ANY_READING
    return GuardedClock(file)


def handed_over(desk: Desk) -> Path:
    """The folder of a gate that has every object already, so that only taking it in force is left:
    a history of years was not copied and synced in one go either."""
    place = desk.folder.parent / "gate"
    shutil.copytree(desk.folder / "objects", place / "objects", copy_function=os.link)
    return place


@contextmanager
def a_gate(desk: Desk) -> Iterator[Served]:
    """A gate that holds what the desk signed last, and answers."""
    with a_gate_started(desk) as gate:
        patience = time.monotonic() + 300
        while not desk.acknowledged():
            assert time.monotonic() < patience, "the gate took too long to arm"
            time.sleep(0.02)
        yield gate


@contextmanager
def a_gate_started(desk: Desk) -> Iterator[Served]:
    port, place = free_port(), desk.folder.parent / "gate"
    key_file = place.with_name("gate.key")
    key_file.touch(mode=0o600)
    key_file.write_text(GATE_KEY.secret())
    command = [
        *(sys.executable, "-m", "ninethirty", "gate", str(place)),
        *("--from", str(desk.folder), "--key", desk.key.public, "--gate-key", str(key_file)),
        *("--listen", f"127.0.0.1:{port}", "--time-from", "unchecked"),
    ]
    with running(command, port) as process:
        yield Served(port, process)


@contextmanager
def nginx_before(folder: Path, gate_port: int, log: str = "off") -> Iterator[int]:
    """The nginx we ship, with other ports and folders; log: what its access_log is to be."""
    port = free_port()
    config = (DEPLOY / "nginx.conf").read_text()
    config = config.replace("127.0.0.1:9330", f"127.0.0.1:{gate_port}")
    config = config.replace("listen 80 ", f"listen 127.0.0.1:{port} ")
    config = config.replace("/var/cache/nginx/ninethirty", str(folder / "cache"))
    config = config.replace(
        "access_log off", f"log_format asked '$upstream_addr'; access_log {log}"
    )
    with nginx(folder, config, port):
        yield port


@contextmanager
def nginx_static(folder: Path, root: Path) -> Iterator[Served]:
    """nginx as fast as it can be on files that are compressed already."""
    port = free_port()
    config = f"""
        worker_processes 1; error_log stderr; events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; default_type "text/html; charset=utf-8";
            open_file_cache max=100; keepalive_requests 10000000; server_tokens off;
            server {{ listen 127.0.0.1:{port}; root {root}; gzip_static on; }}
        }}"""
    with nginx(folder, config, port) as process:
        yield Served(port, process)


@contextmanager
def nginx(folder: Path, config: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    place = folder / f"nginx-{port}.conf"
    place.write_text(config)
    here = f"user root; daemon off; pid {folder}/nginx-{port}.pid;"
    with running(
        [program("nginx"), "-p", str(folder), "-c", str(place), "-g", here], port
    ) as process:
        yield process


@contextmanager
def varnish_before(folder: Path, gate_port: int) -> Iterator[int]:
    """Varnish with its built-in VCL: nothing told it what a gate is."""
    port = free_port()
    command = [
        *(program("varnishd"), "-F", "-j", "none", "-n", str(folder / "varnish")),
        *("-a", f"127.0.0.1:{port}", "-s", "malloc,64m", "-b", f"127.0.0.1:{gate_port}"),
    ]
    with running(command, port):
        yield port


def program(name: str) -> str:
    found = shutil.which(name, path=SBIN)
    if not found:
        raise SystemExit(f"{name} is needed for this bench: apt-get install {name}")
    return found


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit(f"did not start: {' '.join(command)}")
            time.sleep(0.01)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
