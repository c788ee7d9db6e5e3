import subprocess
import sys
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey
from tests.desk.shelving.setting import PATH, Place, a_folder, a_gate, run, until


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


def test_a_public_key_is_not_enough_to_read_what_is_sealed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    for words in (["schedule"], ["verify", str(tmp_path / "f" / "data.csv")], ["gates", "list"]):
        refused = place.run(*words, key=place.signing.public)
        assert refused.code == 2
        assert "expected the file with the desk's key, found a public key" in refused.err


def test_sealing_needs_no_django() -> None:
    asked = "import sys, ninethirty.desk.shelving.command; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], timeout=60, check=False).returncode == 0


def test_the_next_key_signs_and_reads_what_the_one_before_sealed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder)
    old, following = place.key, tmp_path / "next"
    with a_gate(place) as gate:
        handed = place.run("key", "next", str(following))
        assert handed.code == 0, handed
        assert handed.out == SigningKey.read(following.read_text()).public + "\n"
        assert f"Then destroy {old}" in handed.err
        refused = place.run("schedule")
        assert refused.code == 2
        assert "belongs to another key" in refused.err
        place.key = following
        assert place.run("verify", str(folder / "data.csv")).code == 0
        place.sealed(folder, "now", "--replace")
        until(lambda: gate.get(PATH)[0] == 200)
        again = place.run("key", "next", str(tmp_path / "third"))
        assert again.code == 0, again


def test_a_key_cannot_hand_over_what_was_never_begun(tmp_path: Path) -> None:
    refused = Place(tmp_path).run("key", "next", str(tmp_path / "next"))
    assert refused.code == 2
    assert "expected a store with a schedule" in refused.err
