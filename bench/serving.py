"""Programs of a bench: a gate, what stands in front of it, and what it is measured against."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.desk.shelf import Shelf

DEPLOY = Path(__file__).parents[1] / "deploy"
SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"


def a_shelf(folder: Path, key: SigningKey) -> Shelf:
    return Shelf(folder / "desk", key, site="bench.example", drill=False)


@contextmanager
def a_gate(folder: Path, shelf: Shelf, key: SigningKey) -> Iterator[int]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "ninethirty", "gate", str(folder / "gate")),
        *("--from", str(folder / "desk"), "--key", key.public),
        *("--listen", f"127.0.0.1:{port}", "--time-from", "unchecked"),
    ]
    with running(command, port):
        while not shelf.acknowledged():
            time.sleep(0.05)
        time.sleep(1)
        yield port


@contextmanager
def nginx_before(folder: Path, gate_port: int) -> Iterator[int]:
    """The nginx we ship, with other ports and folders."""
    port = free_port()
    config = (DEPLOY / "nginx.conf").read_text()
    config = config.replace("127.0.0.1:9330", f"127.0.0.1:{gate_port}")
    config = config.replace("listen 80 ", f"listen 127.0.0.1:{port} ")
    config = config.replace("/var/cache/nginx/ninethirty", str(folder / "cache"))
    with nginx(folder, config, port):
        yield port


@contextmanager
def nginx_static(folder: Path, root: Path) -> Iterator[int]:
    """nginx as fast as it can be on files that are compressed already."""
    port = free_port()
    config = f"""
        worker_processes 1; error_log stderr; events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; default_type "text/html; charset=utf-8";
            open_file_cache max=100; keepalive_requests 10000000; server_tokens off;
            server {{ listen 127.0.0.1:{port}; root {root}; gzip_static on; }}
        }}"""
    with nginx(folder, config, port):
        yield port


@contextmanager
def nginx(folder: Path, config: str, port: int) -> Iterator[None]:
    place = folder / f"nginx-{port}.conf"
    place.write_text(config)
    here = f"user root; daemon off; pid {folder}/nginx-{port}.pid;"
    with running([program("nginx"), "-p", str(folder), "-c", str(place), "-g", here], port):
        yield


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
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit(f"did not start: {' '.join(command)}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port
