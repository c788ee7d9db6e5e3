"""Real caches in front of a gate, with the configuration we ship; only ports and folders differ."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gate.made import a_port, answers, until

DEPLOY = Path(__file__).parents[2] / "deploy"


def with_other(text: str, *changes: tuple[str, str]) -> str:
    """Shipped text with something else in place of what is named, which must be there."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the configuration"
        text = text.replace(old, new)
    return text


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if not found:
        pytest.skip(f"{name} is not installed, so nothing is known of it: apt-get install {name}")
    return found


@contextmanager
def an_nginx(folder: Path, gate_port: int, *changes: tuple[str, str]) -> Iterator[int]:
    port = a_port()
    folder.mkdir()
    (folder / "nginx.conf").write_text(
        with_other(
            (DEPLOY / "nginx.conf").read_text(),
            ("127.0.0.1:9330", f"127.0.0.1:{gate_port}"),
            ("listen 80 ", f"listen 127.0.0.1:{port} "),
            ("/var/cache/nginx/ninethirty", str(folder / "cache")),
            *changes,
        )
    )
    here = f"user root; daemon off; pid {folder}/pid;"
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", here]
    with running(command, port):
        yield port


@contextmanager
def a_varnish(
    folder: Path, gate_port: int, vcl: str | None = None, *, built_in: bool = False
) -> Iterator[int]:
    port = a_port()
    folder.mkdir()
    if built_in:
        config = ["-b", f"127.0.0.1:{gate_port}"]
    else:
        shipped = vcl or (DEPLOY / "varnish.vcl").read_text()
        (folder / "site.vcl").write_text(with_other(shipped, ('"9330"', f'"{gate_port}"')))
        config = ["-f", str(folder / "site.vcl")]
    command = [
        *(program("varnishd"), "-F", "-j", "none", "-n", str(folder / "varnish")),
        *("-a", f"127.0.0.1:{port}", "-s", "malloc,64m", *config),
    ]
    with running(command, port):
        yield port


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, f"did not start: {' '.join(command)}"
        yield
    finally:
        process.terminate()
        process.wait(10)
