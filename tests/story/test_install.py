"""What a newcomer reads when something is missing: one sentence, and what to do."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def a_clone(folder: Path) -> Path:
    """As much of the project as making its environment needs."""
    clone = folder / "clone"
    (clone / "workshop").mkdir(parents=True)
    for name in ("workshop/venv", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, clone / name)
    return clone


def a_python(folder: Path, script: str) -> str:
    place = folder / "python"
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(0o755)
    return str(place)


def made(clone: Path, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        ["workshop/venv", "requirements.lock"],
        cwd=clone,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr.strip().splitlines()[-1]


def test_no_python_at_all(tmp_path: Path) -> None:
    status, said = made(a_clone(tmp_path), PYTHON="no-such-python")
    assert status == 1
    assert said.startswith("ninethirty: no-such-python is not here; install Python 3.11 or later")


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = a_python(tmp_path, '[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1')
    status, said = made(a_clone(tmp_path), PYTHON=old)
    assert status == 1
    assert said.startswith("ninethirty: Python 3.9.2 is too old; ninethirty needs 3.11 or later")


def test_a_debian_python_without_venv(tmp_path: Path) -> None:
    bare = a_python(tmp_path, 'case "$2" in *ensurepip*) exit 1;; esac\nexit 0')
    status, said = made(a_clone(tmp_path), PYTHON=bare)
    assert status == 1
    assert said == (
        "ninethirty: this Python cannot make virtual environments; "
        "on Debian and Ubuntu: apt-get install python3-venv."
    )


def test_no_network(tmp_path: Path) -> None:
    status, said = made(
        a_clone(tmp_path),
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
    )
    assert status == 1
    assert said == (
        "ninethirty: the packages in requirements.lock could not be installed; "
        "is there a network, or a mirror named by PIP_INDEX_URL?"
    )
