import subprocess
import sys
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey
from tests.desk.shelving.setting import Place, a_folder, run


def test_a_new_key_is_for_its_owner_alone_and_prints_nothing_but_its_public_half(
    tmp_path: Path,
) -> None:
    file = tmp_path / "key"
    made = run("key", "new", str(file))
    assert made.code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert made.out == SigningKey.read(file.read_text()).public + "\n"
    assert run("key", "show", str(file)).out == made.out
    assert file.read_text().strip() not in made.out + made.err


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    place = Place(tmp_path)
    before = place.key.read_text()
    refused = run("key", "new", str(place.key))
    assert refused.code == 2
    assert "is there already and is not overwritten" in refused.err
    assert place.key.read_text() == before
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert run("key", "new", str(tmp_path / "link")).code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused = run("key", "new", str(tmp_path / "no" / "key"))
    assert refused.code == 2
    assert "cannot be written: No such file or directory" in refused.err


def test_a_key_that_others_can_read_is_taken_with_a_warning(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.sealed(a_folder(tmp_path / "f")).err == ""
    place.key.chmod(0o644)
    warned = run("key", "show", str(place.key))
    assert warned.code == 0
    assert warned.err == (
        f"warning: {place.key} can be read by others (mode 0644); run: chmod 600 {place.key}\n"
    )


@pytest.mark.parametrize("content", [b"", b"a key\n", b"\xff\xfe", b"00" * 31, b"00" * 33])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    place = Place(tmp_path)
    place.key.write_bytes(content)
    refused = place.seal(a_folder(tmp_path / "f"))
    assert refused.code == 2
    assert refused.err.startswith(f"ninethirty: {place.key}: not a signing key: expected 64")
    assert place.root() is None


def test_a_key_that_is_missing_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.key.unlink()
    missing = place.seal(folder)
    assert missing.code == 2
    assert f"ninethirty key new {place.key}" in missing.err
    place.key.mkdir()
    unreadable = place.seal(folder)
    assert unreadable.code == 2
    assert f"{place.key} cannot be read: Is a directory" in unreadable.err
    assert place.root() is None


def test_what_only_reads_is_content_with_the_public_key(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    assert place.run("schedule", key=place.signing.public).code == 0
    refused = place.run("schedule", key=SigningKey.new().public)
    assert refused.code == 2
    assert "belongs to another key" in refused.err


def test_sealing_needs_no_django() -> None:
    asked = "import sys, ninethirty.desk.shelving.command; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], timeout=60, check=False).returncode == 0
