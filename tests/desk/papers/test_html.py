import json
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core.breach import Bound, Event, Gap, Moment, Report, Said
from ninethirty.core.breach_document import as_document
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.html import write_html
from ninethirty.desk.papers.write import json_of
from tests.desk.papers.forms import form

_VOID = {"meta", "link", "br"}
_TIMELINE = ((12, "09:30:00", "The page was not there"), (13, "09:57:10", "Users told"))


class Page(HTMLParser):
    """What a browser would make of a page; a tag left open or closed twice is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def names(self) -> list[str]:
        return [tag for tag, _ in self.tags]


def drafted(text: str = "The page was late.", *, facts: tuple[int, ...] = (12, 13)) -> Report:
    said = Said(text, facts=facts)
    return Report(
        form="2018",
        title=said,
        links=(Said("https://stats.example/barley?a=1&b=2"),),
        producer=said,
        contact_name=Gap("who deals with this"),
        contact_email=said,
        contact_telephone=said,
        statement=said,
        report_date=said,
        practices=(said,),
        occurred=(said,),
        circumstances=(said, said),
        impact=(Gap("what it meant for users"),),
        actions=(said,),
        moments=(Moment("2019-06-03T09:57", Bound.ABOUT, Event.USERS_TOLD, text, facts),),
    )


def test_the_page_is_whole_and_its_headings_are_in_order() -> None:
    page = Page(write_html(drafted(), title_note="Draft", timeline=_TIMELINE))
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    assert page.names().count("main") == 1
    assert [name for name in page.names() if name in {"h1", "h2", "h3"}] == [
        "h1", "h2", "h2", "h3", "h2", "h2", "h2", "h2",
    ]  # fmt: skip
    assert "script" not in page.names()
    assert all(attrs["scope"] in {"row", "col"} for tag, attrs in page.tags if tag == "th")


def test_every_fact_that_is_linked_is_on_the_page() -> None:
    page = Page(write_html(drafted(), timeline=_TIMELINE))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    links = [str(attrs["href"]) for tag, attrs in page.tags if tag == "a"]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside == {"fact-12", "fact-13"}
    assert inside <= set(ids)
    assert len(ids) == len(set(ids))


def test_facts_without_a_timeline_are_numbers_without_links() -> None:
    html = write_html(drafted())
    assert "(facts 12, 13)" in html
    assert "#fact" not in html


def test_what_is_open_is_said_in_words() -> None:
    page = Page(write_html(drafted()))
    assert "To be filled in by a person: who deals with this" in page.text
    assert "To be filled in by a person: what it meant for users" in page.text
    assert "2 entries are still to be filled in" in page.text


def test_times_are_in_the_order_of_the_day() -> None:
    report = read_form(form(circumstances="It came at 10:08. It was due at 9:30am."))
    text = Page(write_html(report)).text
    assert text.index("09:30 on 3 June 2019") < text.index("10:08 on 3 June 2019")


def test_a_date_is_in_words_and_shows_how_else_the_form_wrote_it() -> None:
    text = Page(write_html(read_form(form(report_date="4/6/19")))).text
    assert "4 June 2019Written as: 4/6/19" in text
    assert "Written as: 3 June 2019" not in text


def test_only_addresses_of_the_web_become_links() -> None:
    report = replace(
        drafted("javascript:alert(1)", facts=()),
        links=(Said('https://stats.example/?a="&b=<i>'),),
    )
    page = Page(write_html(report))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert links == ['https://stats.example/?a="&b=<i>']
    assert "i" not in page.names()


def test_how_a_time_is_put_is_said() -> None:
    report = read_form(form(circumstances="By 10am it was seen. On 5 June it ended."))
    text = Page(write_html(report)).text
    assert "before 10:00 on 3 June 2019" in text
    assert "\n5 June 2019" in text


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_whatever_is_written_is_shown_and_none_of_it_is_markup(text: str) -> None:
    usual = Page(write_html(drafted(), title_note="x", timeline=_TIMELINE))
    page = Page(
        write_html(
            drafted(f"</p><b>{text}"),
            title_note=text,
            timeline=[(12, f"<i>{text}", f"<i>{text}"), (13, "", "")],
        )
    )
    assert page.names() == usual.names()
    assert page.text.count(f"</p><b>{text}") >= 12


def test_json_has_the_shape_of_the_record_in_the_order_of_the_form() -> None:
    text = json_of(drafted())
    assert json.loads(text) == as_document(drafted())
    assert text.endswith("}\n")
    assert text.index('"title"') < text.index('"occurred"') < text.index('"moments"')
