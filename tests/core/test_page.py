import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed
from ninethirty.core.page import (
    MOST_TAGS,
    main_html,
    signs,
    similar_permille,
    title,
    visible_text,
)
from ninethirty.core.sighting import Sign


def page(main: str, *, nonce: str = "1", head: str = "<title>GDP</title>") -> str:
    return (
        f"<!doctype html><html><head>{head}<script nonce={nonce}>var x = '{nonce}'</script></head>"
        f"<body><nav>Menu {nonce}</nav><main id=c>{main}</main><footer>{nonce}</footer></body>"
    )


def test_a_page_is_known_by_the_words_of_its_main_element() -> None:
    assert visible_text(page("<h1>GDP</h1>\n  <p>rose by <b>0.3</b>%</p>")) == "GDP rose by 0.3 %"


def test_what_a_platform_changes_by_the_minute_does_not_count() -> None:
    assert visible_text(page("GDP", nonce="1")) == visible_text(page("GDP", nonce="2"))


def test_a_changed_word_counts() -> None:
    assert visible_text(page("GDP rose")) != visible_text(page("GDP fell"))


@pytest.mark.parametrize("tag", ["script", "style", "template", "noscript", "svg"])
def test_what_a_reader_cannot_see_does_not_count(tag: str) -> None:
    assert visible_text(page(f"GDP <{tag}>hidden</{tag}> rose")) == "GDP rose"


def test_half_a_surrogate_on_a_page_does_no_harm() -> None:
    assert visible_text(page("GDP \ud800 rose")) == "GDP ? rose"


def test_a_page_without_a_main_element_is_known_by_all_its_words() -> None:
    assert visible_text("<title>GDP</title><body><p>GDP<p>rose</body>") == "GDP rose"
    assert visible_text("<head><title>x</title></head><p>GDP rose") == "GDP rose"


def test_tags_that_never_close_do_not_hide_what_follows() -> None:
    assert visible_text(page("GDP<br>rose<img src=x><input>")) == "GDP rose"
    assert visible_text(page("<ul><li>GDP<li>rose</ul>")) == "GDP rose"


def test_a_closing_tag_that_was_never_opened_is_ignored() -> None:
    assert visible_text(page("GDP</p></section> rose")) == "GDP rose"


def test_words_after_the_main_element_do_not_count() -> None:
    assert visible_text("<main>GDP <p>rose</main> fell") == "GDP rose"


@pytest.mark.parametrize(
    "after", ["<body><main>GDP</main></body>", "<main>GDP</main>", "<body>GDP</body>"]
)
def test_a_head_left_open_hides_nothing(after: str) -> None:
    assert visible_text(f"<html><head><title>GDP today</title>{after}") == "GDP"


@pytest.mark.parametrize(
    "odd",
    ["<![if !IE]>", "<![endif]>", "<![anything[x]]>", "<![CDATA[x]]>", "<!odd>", "<!-- x -->"],
)
def test_odd_markup_is_passed_over_as_a_browser_does(odd: str) -> None:
    assert visible_text(page(f"GDP {odd} rose")) == "GDP rose"


@given(st.lists(st.sampled_from(["<", ">", "!", "[", "]", "/", "-", "main", "head", " ", "a"])))
def test_no_page_however_broken_stops_a_witness(pieces: list[str]) -> None:
    visible_text("".join(pieces))
    main_html("".join(pieces))


def test_a_page_of_more_tags_than_we_read_is_refused_and_one_of_as_many_is_read() -> None:
    assert visible_text("<p>" * (MOST_TAGS - 1) + "<p>GDP") == "GDP"
    with pytest.raises(Malformed, match="more than 50000 tags"):
        visible_text("<p>" * (MOST_TAGS + 1))


def test_characters_written_in_two_ways_are_the_same_words() -> None:
    assert visible_text(page("R&amp;D &eacute;&#233;")) == "R&D éé"


def test_the_title_of_a_page() -> None:
    assert title(page("x", head="<title> GDP\n quarterly </title>")) == "GDP quarterly"
    assert title("<main>x</main>") == ""


def test_the_markup_of_the_main_element() -> None:
    assert main_html(page(" <h1>GDP</h1> ")) == "<h1>GDP</h1>"
    assert main_html("<BODY class=x>\n<p>GDP</p></BODY >") == "<p>GDP</p>"
    assert main_html("<p>GDP</p>") == "<p>GDP</p>"


WORDS = " ".join(f"word{n}" for n in range(100))


def test_pages_are_as_alike_as_their_runs_of_words() -> None:
    assert similar_permille(WORDS, WORDS.upper()) == 1000
    # Of 97 runs of four words, the four with the changed word differ.
    assert similar_permille(WORDS, WORDS.replace("word50", "other")) == 1000 * 93 // 101
    assert similar_permille(WORDS, "something else") == 0
    assert similar_permille("", "") == 1000
    assert similar_permille("not found", "not found") == 1000


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways_and_never_above_a_thousand(one: str, other: str) -> None:
    assert 0 <= similar_permille(one, other) == similar_permille(other, one) <= 1000


CANT = "We can\N{RIGHT SINGLE QUOTATION MARK}t find <b>it</b>"


@pytest.mark.parametrize(
    ("head", "main", "found"),
    [
        ("<title>Page not found - GOV.EXAMPLE</title>", "x", (Sign.NOT_FOUND,)),
        ("<title>x</title>", f"<h1 class='a'>{CANT}</h1>", (Sign.NOT_FOUND,)),
        ("<title>Error 404</title>", "x", (Sign.NOT_FOUND,)),
        ("<title>x</title>", "<h1>This page does not exist</h1>", (Sign.NOT_FOUND,)),
        ("<title>Sign in to your account</title>", "x", (Sign.SIGN_IN,)),
        ("<title>x</title>", "<h1>Log in</h1>", (Sign.SIGN_IN,)),
        ("<title>Just a moment...</title>", "x", (Sign.BOT_WALL,)),
        ("<title>Access denied</title>", "<h1>Are you a robot?</h1>", (Sign.BOT_WALL,)),
        ("<title>Too many requests</title>", "x", (Sign.BOT_WALL,)),
        ("<title>Gross domestic product</title>", "<h1>GDP</h1> page not found, sign in", ()),
        ("", "no heading, password", ()),
    ],
)
def test_title_and_heading_say_what_a_page_is_instead(
    head: str, main: str, found: tuple[Sign, ...]
) -> None:
    assert signs(page(main, head=head)) == found
