"""Filled forms by the thousand, made from a seed, with what is true of each known beforehand.

Every form differs in generation, layout, kind of file and in how its writer put days and practices.
One in ten has an oddity of HELD_OUT: those were thought of before the reader was written, and it is
not to be fitted to them.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.desk.papers.made import KINDS

GENERATIONS = ("2009", "2018", "2020", "2022")


@dataclass(frozen=True)
class Truth:
    """None, or left out of a list: the words do not settle it, and the reader must not."""

    form: str
    report_date: str | None
    occurred: tuple[str, ...]
    practices: tuple[str, ...]


@dataclass
class Filled:
    """A form while it is being filled in."""

    rng: random.Random
    generation: str
    reported: date
    occurred: list[date]
    codes: list[str]
    cells: dict[str, str] = field(default_factory=dict)
    account: str = ""
    unsettled: set[str] = field(default_factory=set)
    layout: str = "tabs"
    numbered: bool = True

    def truth(self) -> Truth:
        return Truth(
            self.generation,
            None if "report_date" in self.unsettled else self.reported.isoformat(),
            () if "occurred" in self.unsettled else tuple(d.isoformat() for d in self.occurred),
            () if "practices" in self.unsettled else tuple(self.codes),
        )


@dataclass(frozen=True)
class Form:
    kind: str
    data: bytes
    truth: Truth
    oddity: str
    held_out: bool


def forms(count: int, seed: int) -> list[Form]:
    return [one(random.Random(f"{seed}/{number}"), number) for number in range(count)]


def one(rng: random.Random, number: int) -> Form:
    kinds = sorted(KINDS)
    held_out = number % 10 == 0
    oddities = HELD_OUT if held_out else ODDITIES
    oddity = rng.choice(sorted(oddities))
    filled = _filled(rng, GENERATIONS[number // 10 % len(GENERATIONS)])
    oddities[oddity](filled)
    kind = kinds[rng.randrange(len(kinds))]
    text = _text(filled)
    return Form(kind, KINDS[kind](text), filled.truth(), oddity, held_out)


_SPANS = {
    "2009": (date(2009, 2, 1), date(2017, 12, 1)),
    "2018": (date(2018, 3, 1), date(2020, 9, 1)),
    "2020": (date(2020, 11, 1), date(2021, 12, 1)),
    "2022": (date(2022, 2, 1), date(2026, 6, 1)),
}


def _filled(rng: random.Random, generation: str) -> Filled:
    first, last = _SPANS[generation]
    occurred = first + timedelta(days=rng.randrange((last - first).days))
    reported = occurred + timedelta(days=rng.choice([0, 0, 1, 1, 2, 5, 11, 36]))
    many = rng.choice([1, 1, 1, 2])
    # The first stands for all of its practices, so it stands alone.
    codes = rng.sample(_CODES[_edition(generation, occurred)], many)
    if many == 2 and codes[0].startswith("Protocol"):
        codes = _CODES["protocols"][1:]
    filled = Filled(rng, generation, reported, [occurred], sorted(codes))
    filled.layout = rng.choice(["tabs", "tabs", "below", "colon"])
    filled.numbered = rng.random() < 0.8
    topic = rng.choice(_TOPICS)
    slug = topic.lower().replace(" ", "-").replace(",", "")
    filled.cells = {
        "title": f"{topic} https://stats.example/statistics/{slug}",
        "producer": rng.choice(_PRODUCERS),
        "contact": "Head of statistics stats@producer.example 01632 960001",
        "head": "Chief statistician chief@producer.example 01632 960002",
        "statement": rng.choice(["", "https://stats.example/statement"]),
        "report_date": put_day(rng, reported),
        "occurred": put_day(rng, occurred),
        "practices": _put_codes(rng, filled.codes),
    }
    at = rng.choice(["9:30am", "9.30am", "09:30", "0930", "~09.45", "13:25pm", "10 a.m."])
    filled.account = (
        f"The release was due at {at} but the page was not there.\n\n"
        f"It was seen {rng.choice(['shortly after', 'some time later', 'at 10:08am'])} "
        f"by {rng.randrange(2, 40)} readers, {rng.randrange(3, 90)} minutes late."
    )
    return filled


def _edition(generation: str, day: date) -> str:
    if generation == "2009":
        return "protocols"
    return "standards" if day >= date(2025, 11, 4) else "pillars"


_CODES = {
    "protocols": ["Protocol 2", "Protocol 2.8", "Protocol 2.4"],
    "pillars": ["T3.1", "T3.2", "T3.3", "T3.4", "T3.6", "V2.1"],
    "standards": ["Standard 3", "Standard 2"],
}
_TOPICS = (
    "Barley yields, 2019",
    "Hedgehogs counted in gardens",
    "Ferry journeys, quarterly",
    "Letters posted in March",
    "Apprentices at work, 2016 to 2017",
    "Deaths from falls, provisional",
)
_PRODUCERS = ("Department for Examples", "The Example Office (TEO)", "Office of Samples")


def put_day(rng: random.Random, day: date) -> str:
    """In one of the ways people write a day."""
    suffix = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return rng.choice(
        [
            f"{day.day} {day:%B %Y}",
            f"{day.day}{suffix} {day:%B %Y}",
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day:%y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day.day} {day:%b %Y}",
            f"{day:%A} {day.day} {day:%B %Y}",
            f"{day.day}{suffix} {day:%B %Y} at 1.31pm",
            day.isoformat(),
        ]
    )


def _put_codes(rng: random.Random, codes: Sequence[str]) -> str:
    if codes[0].startswith("Protocol"):
        named = [code.replace("Protocol 2.", "Protocol 2, practice ") for code in codes]
        return rng.choice([" and ".join(codes), "; ".join(named)])
    joined = rng.choice([", ", " and ", "; "]).join(codes)
    return rng.choice([joined, f"Trustworthiness ({joined}) orderly release", f"{joined}: release"])


# What reports of the past are known to do.


def _nothing(filled: Filled) -> None:
    """A form as it should be."""


def _another_year(filled: Filled) -> None:
    day = filled.occurred[0]
    if (day.month, day.day) != (2, 29):
        filled.occurred = [day.replace(year=day.year - 1)]
        filled.cells["occurred"] = put_day(filled.rng, filled.occurred[0])


def _producer_repeats_title(filled: Filled) -> None:
    filled.cells["producer"] = filled.cells["title"].partition(" http")[0]


def _headline(filled: Filled) -> None:
    filled.cells["title"] = (
        "Minister \u201cknew figures\u201d a day before everyone https://news.example/a"
    )


def _two_outputs(filled: Filled) -> None:
    filled.cells["title"] += " and Rye yields, 2019 https://stats.example/rye"


def _three_events(filled: Filled) -> None:
    first = filled.occurred[0]
    filled.occurred = [first - timedelta(days=20), first - timedelta(days=9), first]
    days = [put_day(filled.rng, day).partition(" at ")[0] for day in filled.occurred]
    filled.cells["occurred"] = f"{days[0]}, {days[1]} and {days[2]}"


def _spelt_out(filled: Filled) -> None:
    if filled.codes[0].startswith("T3"):
        number = filled.codes[0].partition(".")[2]
        filled.codes = filled.codes[:1]
        filled.cells["practices"] = (
            f"Trustworthiness, Principle 3 Orderly release, Practice {number}"
        )


def _principle_alone(filled: Filled) -> None:
    if filled.codes[0].startswith("T"):
        filled.codes = ["T3"]
        filled.cells["practices"] = "T3 Orderly release"


def _raised_that_day(filled: Filled) -> None:
    filled.occurred = [filled.reported]
    filled.cells["occurred"] = put_day(filled.rng, filled.reported)


def _vague_delay(filled: Filled) -> None:
    filled.account += "\n\nThe delay was brief, under 30 minutes, or two working days at most."


def _odd_clock(filled: Filled) -> None:
    filled.account += "\n\nIt was seen on the page at 13:25pm and again at 0930 hrs."


def _year_wrong_in_account(filled: Filled) -> None:
    day = filled.occurred[0]
    filled.account += f"\n\nOn {day.day} {day:%B} {day.year - 1} at 10am it was raised."


def _names_of_staff(filled: Filled) -> None:
    filled.account += "\n\nA. Person of the press office (press@producer.example) was told."


def _unnumbered(filled: Filled) -> None:
    filled.numbered = False


def _empty_practice(filled: Filled) -> None:
    filled.cells["practices"] = ""
    filled.unsettled.add("practices")


ODDITIES: dict[str, Callable[[Filled], None]] = {
    "nothing": _nothing,
    "another year": _another_year,
    "producer repeats title": _producer_repeats_title,
    "headline": _headline,
    "two outputs": _two_outputs,
    "three events": _three_events,
    "spelt out": _spelt_out,
    "principle alone": _principle_alone,
    "raised that day": _raised_that_day,
    "vague delay": _vague_delay,
    "odd clock": _odd_clock,
    "year wrong in account": _year_wrong_in_account,
    "names of staff": _names_of_staff,
    "unnumbered": _unnumbered,
    "empty practice": _empty_practice,
}


# Thought of before the reader was written; not to be fitted to.


def _month_first(filled: Filled) -> None:
    day = filled.occurred[0]
    filled.cells["occurred"] = f"{day:%B} {day.day}, {day.year}"


def _dots(filled: Filled) -> None:
    filled.cells["report_date"] = f"{filled.reported:%d.%m.%Y}"


def _no_such_day(filled: Filled) -> None:
    filled.cells["occurred"] = f"31 June {filled.occurred[0].year}"
    filled.unsettled.add("occurred")


def _to_be_confirmed(filled: Filled) -> None:
    filled.cells["report_date"] = "TBC"
    filled.unsettled.add("report_date")


def _day_or_other(filled: Filled) -> None:
    day = filled.occurred[0]
    other = day - timedelta(days=1)
    filled.cells["occurred"] = f"{other.day} {other:%B %Y} or {day.day} {day:%B %Y}"
    filled.unsettled.add("occurred")


def _practice_in_words(filled: Filled) -> None:
    filled.cells["practices"] = "Statistics were not released in an orderly manner"
    filled.unsettled.add("practices")


def _lower_case_codes(filled: Filled) -> None:
    filled.cells["practices"] = filled.cells["practices"].lower()


def _reference_first(filled: Filled) -> None:
    filled.cells["report_date"] = "Ref. B-17, " + filled.cells["report_date"]


def _shouted(filled: Filled) -> None:
    filled.cells = {name: words.upper() for name, words in filled.cells.items()}


def _remark_on_date(filled: Filled) -> None:
    filled.cells["occurred"] += " (a bank holiday in Scotland)"


HELD_OUT: dict[str, Callable[[Filled], None]] = {
    "month first": _month_first,
    "dots": _dots,
    "no such day": _no_such_day,
    "to be confirmed": _to_be_confirmed,
    "one day or another": _day_or_other,
    "practice in words": _practice_in_words,
    "lower case codes": _lower_case_codes,
    "reference first": _reference_first,
    "shouted": _shouted,
    "remark on date": _remark_on_date,
}


_TITLES = {
    "2009": "Report of a breach of the Code of Practice for Official Statistics",
    "2018": "REPORTING A BREACH OF THE CODE OF PRACTICE FOR STATISTICS",
    "2020": "Reporting a breach of the Code of Practice for Statistics",
    "2022": "Note of concern under the Code of Practice for Statistics",
}
_CELLS = {
    "title": "Title and link to statistical output",
    "producer": "Name of statistical producer",
    "head": "Name and contact details of Head of Profession or lead official",
    "contact": "Name and contact details of person dealing with report",
    "statement": "Link to published statement about the breach (if relevant)",
    "report_date": "Date of report",
    "practices": "Relevant principle and practice",
    "occurred": "Date of occurrence of breach",
}
_LABELS = {
    "2009": _CELLS
    | {
        "contact": "Name of person submitting report",
        "practices": "Relevant principle or protocol and practice",
    },
    "2018": _CELLS,
    "2020": _CELLS | {"practices": "Relevant principle(s) and practice(s)"},
    "2022": _CELLS | {"practices": "Practice of the Code", "contact": "Person raising it"},
}
_PARTS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "2009": (
        ("Background information", ("title", "producer", "contact", "report_date")),
        ("Circumstances of breach", ("practices", "occurred", "Nature of the breach")),
        ("Reactions and impact", ()),
        ("Corrective actions", ()),
    ),
    "2018": (
        ("Core information", ("title", "producer", "contact", "statement", "report_date")),
        ("Circumstances of breach", ("practices", "occurred", "")),
        ("Impact of the breach", ()),
        ("Corrective actions (taken or planned) to prevent re-occurrence", ()),
    ),
    "2020": (
        ("Core information", ("title", "producer", "head", "contact", "statement", "report_date")),
        ("Circumstances of breach", ("practices", "occurred", "")),
        ("Impact of the breach", ()),
        ("Corrective actions (taken or planned) to prevent re-occurrence", ()),
    ),
    "2022": (
        ("What it is about", ("title", "producer", "practices", "occurred")),
        ("What happened", ("",)),
        ("What it meant", ()),
        ("What was done and will be done", ()),
        ("Who raises it", ("contact", "report_date")),
    ),
}


def _text(filled: Filled) -> str:
    lines = [_TITLES[filled.generation], ""]
    for number, (heading, cells) in enumerate(_PARTS[filled.generation], start=1):
        lines += [f"{number}. {heading}" if filled.numbered else heading, ""]
        for cell in cells:
            if cell in filled.cells:
                label = _LABELS[filled.generation][cell]
                lines.append(_row(filled.layout, label, filled.cells[cell]))
            elif cell:
                lines += [cell, filled.account]
            else:
                lines += ["", filled.account]
        if not cells:
            lines.append(_REST[number % 2])
        lines.append("")
    return "\n".join(lines)


_REST = ("A second address will be kept ready.", "Readers had to wait.")


def _row(layout: str, label: str, value: str) -> str:
    between = {"tabs": "\t", "below": "\n", "colon": ": "}[layout]
    return label + between + value
