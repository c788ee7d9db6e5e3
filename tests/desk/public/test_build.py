"""The style sheet that is brought when the package is built."""

import importlib.util
import io
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.desk.public import style

ROOT = Path(__file__).parents[3]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    told = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert told is not None
    assert told.loader is not None
    module = importlib.util.module_from_spec(told)
    monkeypatch.setitem(sys.modules, "hatch_build", module)
    told.loader.exec_module(module)
    return module


def test_a_tarball_that_is_another_is_refused_by_its_digest(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.tgz"
    other.write_bytes(b"not the one")
    monkeypatch.setenv(hook.GOVUK.tarball, str(other))
    with pytest.raises(SystemExit, match="so it is not used; set NINETHIRTY_GOVUK_FRONTEND"):
        hook._tarball(tmp_path, hook.GOVUK)


def test_a_tarball_that_is_not_there_is_named(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(hook.GOVUK.tarball, "nowhere.tgz")
    with pytest.raises(SystemExit, match=r"nowhere\.tgz: No such file"):
        hook._tarball(tmp_path, hook.GOVUK)


def test_without_network_a_sentence_says_what_to_do(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(hook.GOVUK.tarball, raising=False)
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(SystemExit, match="npm could not fetch it: no network; set NINETHIRTY"):
        hook._tarball(tmp_path, hook.GOVUK)


def test_the_font_the_crest_and_maps_are_left_out(hook: ModuleType) -> None:
    css = (
        "/*! Copyright (c) 2011 by somebody\n */@font-face{font-family:GDS Transport;src:url(/a)}"
        "a{font-family:GDS Transport,arial}b{background:url(/assets/images/govuk-crest.svg)}"
        "c{color:red}\n/*# sourceMappingURL=x.map */"
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as made:
        for name, text in (("css", css), ("js", "f()\n//# sourceMappingURL=y.map")):
            info = tarfile.TarInfo(f"package/dist/govuk/govuk-frontend.min.{name}")
            info.size = len(text.encode())
            made.addfile(info, io.BytesIO(text.encode()))
    found = hook._unpacked(packed.getvalue(), hook.GOVUK)
    assert found["govuk-frontend.min.css"] == "a{font-family:arial}c{color:red}\n"
    assert found["govuk-frontend.min.js"] == "f()\n"


def test_a_package_that_was_not_built_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style, "_HERE", tmp_path)
    with pytest.raises(CannotStart, match="it comes when the package is built"):
        style._style.__wrapped__()


def test_rules_of_components_that_no_page_has_are_not_served() -> None:
    served = style.style()[1].body.decode()
    assert ".govuk-tag--green" in served
    assert ".govuk-accordion" not in served
    assert "".join(style._used("@media print{.govuk-tabs{a:b}}.govuk-panel,.x{c:d}")) == ".x{c:d}"
