import re
from collections.abc import Mapping
from contextlib import suppress

import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core.errors import BundleRefused
from ninethirty.core.page import title, visible_text
from ninethirty.desk.public.written.markup import body_of, clean
from ninethirty.desk.public.written.page import with_page
from ninethirty.desk.public.written.text import write

PATH = "/statistics/output"
NONE: dict[str, bytes] = {}
FILES = {
    "growth.csv": b"Quarter,Output,Prices\nQ1,100.0,101\nQ2,[x],102\nQ3,103,104\n",
    "map.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x40",
}
CHART = """```chart
csv: growth.csv
columns: Quarter, Output, Prices
kind: line
title: Output & prices
description: Both rise.
```"""


def body(markdown: str, files: Mapping[str, bytes] = FILES) -> str:
    return write(f"# Title\n\n{markdown}".encode(), files, files.__getitem__, PATH).body


def refused(markdown: str, files: Mapping[str, bytes] = FILES) -> str:
    with pytest.raises(BundleRefused) as wrong:
        body(markdown, files)
    return str(wrong.value)


def test_the_first_heading_is_the_title_and_the_rest_fit_below_it() -> None:
    made = write(b"# Output *grew*\n\n# One\n\n## Two\n\n# Three\n", NONE, NONE.__getitem__, PATH)
    assert made.title == "Output grew"
    assert re.findall(r"<(h\d)", made.body) == ["h2", "h3", "h2"]
    assert re.findall(r"<(h\d)", body("### One\n\n#### Two")) == ["h2", "h3"]


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    said = refused("## One\n\n#### Two\n\nSome\ntext ![](map.png) here\n\n![A map](none.png)")
    assert said.splitlines() == [
        "index.md, line 5: expected a heading of at most 3 #, found 4: a level is left out",
        "index.md, line 8: the image map.png has no text for those who cannot see it: "
        "![text](map.png)",
        "index.md, line 10: the image none.png is not in the folder",
    ]


@pytest.mark.parametrize(
    ("markdown", "says"),
    [
        ("\n# Two <b>", "line 4: expected Markdown, found HTML: '<b>'"),
        ("<script>alert(1)</script>", "line 3: expected Markdown, found HTML: '<script>alert(1)"),
        ("Text\nand <img src=x onerror=y>", "line 4: expected Markdown, found HTML: '<img src=x"),
        ("[go](javascript:alert(1))", "line 3: expected an address that begins with https://"),
        ("[go](//elsewhere.example)", "line 3: expected an address"),
        ("Table:\n\n| a |\n|---|\n| 1 |", "expected the table's caption above it"),
        ("## One\n\nTwo\n---\n\n#### Three", "at most 3 #, found 4"),
        ("[data](none.csv)", "or a file of the folder; found 'none.csv'"),
        ("Text[^1]", "line 3: the footnote [^1] is not written below"),
        ("Text\n\n[^2]: Never named", "line 5: the footnote [^2] is nowhere in the text"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "line 3: expected the table's caption above it"),
        ("::: correction 2026-02-30\nWhy\n:::", "line 3: expected the day, as “::: correction"),
        ("::: correction 2026-12-03\n\n:::", "line 3: expected the reason of the correction"),
        ("::: notice 2026-12-03\nWhy", "line 3: expected a line “:::” where the notice ends"),
        ("::: corection 2026-12-03\nWhy\n:::", "expected “::: correction or notice” and a day"),
    ],
)
def test_what_cannot_be_published_is_refused(markdown: str, says: str) -> None:
    assert says in refused(markdown)


def test_a_page_without_a_title_is_refused() -> None:
    for source in (b"", b"Text\n", b"## Two\n"):
        with pytest.raises(BundleRefused, match="line 1: expected the title of the release"):
            write(source, NONE, NONE.__getitem__, PATH)


def test_text_that_is_not_utf_8_is_refused_where_it_stands() -> None:
    with pytest.raises(BundleRefused, match=r"index\.md, line 3: is not UTF-8 text"):
        write(b"# Title\n\nCaf\xe9\n", NONE, NONE.__getitem__, PATH)


def test_a_table_has_its_caption_and_says_what_each_heading_is_for() -> None:
    html = body("Table: **Change** & more\n\n| Region | % |\n|---|--:|\n| Wales | 0.2 |\n")
    assert '<caption class="govuk-table__caption"><strong>Change</strong> &amp; more</capt' in html
    assert re.findall(r'<th[^>]*scope="(\w+)"[^>]*>([^<]*)', html) == [
        ("col", "Region"), ("col", "%"), ("row", "Wales"),
    ]  # fmt: skip
    assert re.search(r'<td class="[^"]*--numeric">0\.2</td>', html)
    assert "style=" not in html
    assert html.count("Table:") == 0
    assert 'role="region" aria-label="Change &amp; more" tabindex="0"' in html


def test_corrections_and_notices_stand_out_with_day_and_reason() -> None:
    html = body(
        "::: correction 2026-12-03\nTable 1 was wrong.\n:::\n\n::: notice 2026-12-04\nx\n:::"
    )
    assert '<strong>Correction, <time datetime="2026-12-03">3 December 2026</time>' in html
    assert "Table 1 was wrong." in html
    assert '<div class="govuk-inset-text notice">' in html


def test_footnotes_lead_there_and_back() -> None:
    html = body("One[^a] and two[^b].\n\n[^a]: First.\n\n[^b]: Second.\n")
    for number in (1, 2):
        assert f'href="#fn{number}"' in html
        assert f'id="fn{number}"' in html
        assert f'href="#fnref{number}" aria-label="Back to the text of footnote {number}"' in html
        assert f'id="fnref{number}"' in html


def test_files_and_images_are_named_below_the_page() -> None:
    html = body("[data](growth.csv) ![A map](map.png)\n")
    assert f'href="{PATH}/growth.csv"' in html
    assert f'<img src="{PATH}/map.png" alt="A map" width="256" height="64">' in html


def test_a_chart_has_its_words_and_its_table_beside_it() -> None:
    html = body(CHART)
    assert '<svg viewBox="0 0 640 420"' in html
    assert '<title id="chart-1-title">Output &amp; prices</title>' in html
    assert '<desc id="chart-1-desc">Both rise.</desc>' in html
    assert "<caption" in html
    assert html.count('scope="row"') == 3
    assert ">[x]<" in html, "a number that is not there is not told as it was"
    assert f'href="{PATH}/growth.csv"' in html


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("growth.csv", "none.csv", "the chart names none.csv, which is not in the folder"),
        ("Prices", "Wages", "growth.csv: has no column 'Wages'; it has Quarter, Output, Prices"),
        ("kind: line", "kind: pie", "expected the kind line or bar, found 'pie'"),
        ("kind: line", "", "the chart does not say its kind"),
        ("kind: line", "kind: line\nkind: bar", "the chart says kind twice"),
        ("kind: line", "colour: red", "expected lines such as"),
        (", Output, Prices", "", "expected from 2 to 5 columns"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why_and_where(was: str, now: str, says: str) -> None:
    said = refused("Text\n\n" + CHART.replace(was, now))
    assert said.startswith("index.md, line 5: the chart ")
    assert says in said


@pytest.mark.parametrize(
    ("csv", "says"),
    [
        (
            b"Quarter,Output,Prices\nQ1,1,2\nQ2,much,3\n",
            "row 3, column 'Output': expected a number",
        ),
        (b"Quarter,Output,Prices\nQ1,1,inf\n", "row 2, column 'Prices': expected a number"),
        (b"Quarter,Output,Prices\nQ1,1,1e999\n", "expected a number, found '1e999'"),
        (b"Quarter,Output,Prices\nQ1,1\n", "row 2: expected 3 cells as in its first row, found 2"),
        (b"Quarter,Output,Prices\n", "expected a row of names and rows of numbers"),
        (b"Quarter,Output,Prices\nQ1,,\n", "the column 'Output' has no number"),
        (b"Quarter,Output,Prices\n" + b"Q,1,2\n" * 100_000, "has more than 500 rows"),
        (b"\0\1\2\3,", "expected a CSV file, found bytes that are no text"),
    ],
)
def test_a_file_that_is_no_chart_says_which_cell(csv: bytes, says: str) -> None:
    assert says in refused(CHART, {"growth.csv": csv})


def test_a_page_made_of_markdown_takes_its_place() -> None:
    files = {"index.md": b"# Output & growth\n\nBy 0.3%.\n", **FILES}
    made = with_page(files, files.__getitem__, PATH)
    page = made["index.html"].decode()
    assert title(page) == "Output & growth"
    assert visible_text(page).endswith("By 0.3%.")
    assert "<style" not in page
    assert "<script" not in page
    assert f'<link rel="stylesheet" href="{PATH}/page.css">' in page
    assert set(made) == {"index.html", "page.css"}
    assert with_page(FILES, FILES.__getitem__, PATH) == {}


def test_a_page_cannot_lead_to_what_it_is_made_of() -> None:
    files = {"index.md": b"# Title\n\n[This](index.md)\n"}
    with pytest.raises(BundleRefused, match=r"or a file of the folder; found 'index\.md'"):
        with_page(files, files.__getitem__, PATH)


def test_two_pages_in_one_folder_are_refused() -> None:
    files = {"index.md": b"# Title\n", "index.html": b"<p>"}
    with pytest.raises(BundleRefused, match=r"both index\.md and index\.html"):
        with_page(files, files.__getitem__, PATH)


def test_what_is_shown_of_a_page_begins_below_its_title() -> None:
    files = {"index.md": f"# Title\n\n## One\n\n{CHART}\n".encode(), **FILES}
    page = with_page(files, files.__getitem__, PATH)["index.html"].decode()
    assert body_of(page, "Title") == body(f"## One\n\n{CHART}\n").strip()
    html = "<main><h1 id=x>GDP</h1><h1>More</h1><script>x</script><p onclick=y>Text</p></main>"
    assert body_of(html, "GDP") == "<h2>More</h2><p>Text</p>"
    # What was approved to be said is said, also where the title of the release is another.
    assert body_of(html, "GDP, 2026") == '<h2 id="x">GDP</h2><h2>More</h2><p>Text</p>'


@settings(deadline=None)
@given(st.text(alphabet="<>&\"'/#[](){}!|-*_`:^~\\= \nabjsc1.", max_size=80))
def test_nothing_that_runs_comes_out_of_any_markdown(markdown: str) -> None:
    try:
        html = body(markdown)
    except BundleRefused:
        return
    assert clean(html) == html
    assert not re.search(r"<\s*(script|style|iframe)|<[^>]*\s(on\w+|style)=|javascript:", html)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_page_or_a_sentence(source: bytes) -> None:
    with suppress(BundleRefused):
        assert write(b"# Title\n\n" + source, FILES, FILES.__getitem__, PATH).title == "Title"


def test_the_same_markdown_makes_the_same_bytes() -> None:
    assert body(CHART) == body(CHART)


def test_a_title_holds_no_html() -> None:
    with pytest.raises(BundleRefused, match="line 1: expected Markdown, found HTML"):
        write(b"# Output <b>grew</b>\n", NONE, NONE.__getitem__, PATH)


def test_the_page_is_html_without_a_fault() -> None:
    markdown = (
        "# Title\n\n## One[^1]\n\n- a\n- b\n\n> c\n\n---\n\n"
        f"Table: T\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n{CHART}\n\n"
        f"{CHART.replace('line', 'bar')}\n\n::: notice 2026-12-03\nWhy\n:::\n\n"
        "![A map](map.png)\n\n[^1]: Note.\n"
    )
    files = {"index.md": markdown.encode(), **FILES}
    page = with_page(files, files.__getitem__, PATH)["index.html"].decode()
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(named.split()) <= set(ids)
