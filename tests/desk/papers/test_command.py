import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ninethirty.desk.papers.command import report
from ninethirty.desk.papers.text import LARGEST_BYTES
from ninethirty.desk.papers.write import FORMATS
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


def test_a_public_copy_holds_no_contact(tmp_path: Path) -> None:
    file = written(tmp_path, "a.txt", form().encode())
    copy = CliRunner().invoke(report, ["read", "--public", str(file)])
    assert copy.exit_code == 0
    assert "stats@producer.example" in run(file).stdout
    assert "stats@producer.example" not in copy.stdout


def write_to(file: Path, *more: str) -> Result:
    return CliRunner().invoke(report, ["write", str(file), *more])


def test_a_form_is_written_in_every_format_and_each_reads_as_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, "a.txt", form(report_date="4/6/19").encode())
    to = [word for kind in FORMATS for word in ("--to", kind)]
    result = write_to(file, *to, "--out", str(tmp_path / "papers"))
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == len(FORMATS)
    papers = [tmp_path / "papers" / f"a.{kind}" for kind in FORMATS]
    first, *others = [json.loads(run(paper).stdout) | {"submitted": ""} for paper in papers]
    assert all(other == first for other in others)
    assert first["report_date"] == {"value": "2019-06-04", "words": "4/6/19"}


def test_a_paper_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    file = written(tmp_path, "a.txt", form().encode())
    written(tmp_path, "a.pdf", b"somebody's")
    result = write_to(file, "--to", "html", "--to", "pdf")
    assert result.exit_code == 2
    assert "is there already; nothing was written" in result.stderr
    assert not (tmp_path / "a.html").exists()
    assert (tmp_path / "a.pdf").read_bytes() == b"somebody's"


def new(*more: str, told: str = "") -> Result:
    return CliRunner().invoke(report, ["new", "--kind", "quoted", *more], input=told)


ANSWERS = 'title = "Barley"\nproducer = "Office"\noccurred = "1 June 2021"\n'


def test_a_breach_is_entered_from_a_file_of_answers_or_at_the_terminal(tmp_path: Path) -> None:
    told = json.loads(new("--answers", str(written(tmp_path, "a.toml", ANSWERS.encode()))).stdout)
    assert told["kind"] == {"value": "quoted"}
    as_json = json.dumps({"title": "Barley", "producer": "Office", "occurred": "1 June 2021"})
    file = written(tmp_path, "a.json", as_json.encode())
    assert json.loads(new("--answers", str(file)).stdout) == told
    lines = ["Barley", "", "Office", "", "", "", "", "1 June 2021", *[""] * 9]
    typed = new(told="\n".join(lines) + "\n")
    assert typed.exit_code == 0, typed.output
    assert json.loads(typed.stdout) == told


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (b"title = ", "expected answers as TOML or JSON"),
        (b'title = "Barley"', "producer is missing"),
        (b"\xff", "expected answers as TOML or JSON"),
    ],
)
def test_answers_that_do_not_fit_name_the_file_and_the_field(
    tmp_path: Path, answers: bytes, why: str
) -> None:
    result = new("--answers", str(written(tmp_path, "a.toml", answers)))
    assert result.exit_code == 2
    assert "a.toml" in result.stderr
    assert why in result.stderr


def test_json_that_is_no_report_of_ours_says_so(tmp_path: Path) -> None:
    for data in (b'{"form": "2018"}', b'{"form": ', b'{"a":' * 5000):
        result = run(written(tmp_path, "a.json", data))
        assert result.exit_code == 2
        assert "is JSON, but no report of ours" in result.stderr
