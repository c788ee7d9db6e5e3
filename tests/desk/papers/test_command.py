import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ninethirty.desk.papers.command import report
from ninethirty.desk.papers.text import LARGEST_BYTES
from tests.desk.papers.forms import form


def run(*files: Path) -> Result:
    return CliRunner().invoke(report, ["read", *map(str, files)])


def written(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def test_one_file_prints_one_object_and_several_print_a_list(tmp_path: Path) -> None:
    file = written(tmp_path, "a.txt", form().encode())
    one, two = run(file), run(file, file)
    assert (one.exit_code, two.exit_code) == (0, 0)
    assert json.loads(one.stdout)["occurred"][0]["value"] == "2019-06-03"
    assert json.loads(two.stdout) == [json.loads(one.stdout)] * 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_what_windows_saves_as_text_is_text(tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path, "a.txt", form(producer="Office “for” Examples").encode(encoding))
    assert json.loads(run(file).stdout)["producer"]["value"] == "Office “for” Examples"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7 ...", "no PDF that can be read"),
        (b"PK\x03\x04 ...", "cut off or damaged"),
        (b"\xd0\xcf\x11\xe0 ...", "behind a password"),
        (b"-----BEGIN PGP MESSAGE-----", "an encrypted file"),
        (b"abc\x00def", "bytes that are no text"),
        (b"\xff\xfea", "bytes that are no text"),
        (b"\x81\x8d", "bytes that are no text"),
        (b" " * (LARGEST_BYTES + 1), "at most 20,000,000 bytes"),
        (b"Dear reader", "expected a form"),
        (b"", "expected a form"),
    ],
)
def test_what_cannot_be_read_ends_in_one_sentence(tmp_path: Path, data: bytes, found: str) -> None:
    good = written(tmp_path, "good.txt", form().encode())
    result = run(good, written(tmp_path, "bad.txt", data))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert found in result.stderr
    assert "bad.txt" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_missing_file_and_a_folder_end_in_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        result = run(path)
        assert result.exit_code == 2
        assert "cannot be opened" in result.stderr
        assert result.stderr.count("\n") == 1
