"""Clock times as people write them in a report: 9:30am, 9.30am, 0930 hrs, ~09.45, 10 a.m.

A length of time ("30 minutes") and a plain number ("rose by 9.45 per cent") are none.
"""

import re
from dataclasses import dataclass

from ninethirty.core.breach import Bound

_CLOCK = re.compile(
    r"""(?<![\w.:/£$€])
    (?: (?P<hour>[01]?[0-9]|2[0-3]) (?P<sep>[:.]) (?P<minute>[0-5][0-9]) (?::[0-5][0-9])? (?![0-9])
      | (?P<hour4>[01][0-9]|2[0-3]) (?P<minute4>[0-5][0-9]) (?![0-9])
      | (?P<hour12>1[0-2]|0?[1-9]) (?=\s?[ap]\.?m\b)
      | (?P<noon>12\s+noon|noon|midday)\b
    )
    (?: \s?(?P<half>[ap])\.?m\b\.? )?
    (?P<hours>\s?(?:hrs|hours|h)\b\.?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT = re.compile(
    r"\s?(?:%|[.,][0-9]|per\s?cent|percent|million|billion|bn|minutes?|mins?|seconds?|secs?|hours?"
    r"|hrs?|days?|points?|[kmg]b)(?!\w)",
    re.IGNORECASE,
)
_LEADS_TO_CLOCK = re.compile(
    r"(?:~|\b(?:at|before|after|until|till|since|around|about|approximately|approx|circa|c))"
    r"\.?\s*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:before|by|prior to|ahead of|(?:no|not) later than)\s+(?:on\s+)?$", re.IGNORECASE
)
# After and between are no instants either, and the record has no closer word for them.
_ABOUT = re.compile(
    r"(?:[~≈]|\b(?:around|about|approximately|approx|roughly|circa|c|nearly|almost|after|between"
    r"|between\s\S+(?:\s[ap]\.?m\.?)?\sand)\b)\.?\s*(?:on\s+)?$",
    re.IGNORECASE,
)
_LOOK_BACK = 40


@dataclass(frozen=True)
class Clock:
    start: int
    end: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


def clocks(text: str) -> list[Clock]:
    """Every clock time named, in the order of the text."""
    found = (_clock(text, match) for match in _CLOCK.finditer(text))
    return [clock for clock in found if clock]


def bound(text: str, start: int) -> Bound:
    """How the words before a time put it."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if _BEFORE.search(before):
        return Bound.BEFORE
    return Bound.ABOUT if _ABOUT.search(before) else Bound.AT


def _clock(text: str, match: re.Match[str]) -> Clock | None:
    if match["noon"]:
        return Clock(match.start(), match.end(), 12, 0)
    hour = int(match["hour"] or match["hour4"] or match["hour12"])
    minute = int(match["minute"] or match["minute4"] or 0)
    if not match["half"] and not _is_clock_without_half(text, match):
        return None
    # 13:25pm means 13:25: an hour past noon needs no half of the day.
    if match["half"] and hour <= 12:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return Clock(match.start(), match.end(), hour, minute)


def _is_clock_without_half(text: str, match: re.Match[str]) -> bool:
    hour = match["hour"] or match["hour4"]
    if match["hours"]:
        return len(hour) == 2  # 1:30 hours is a length of time.
    if _UNIT.match(text, match.end()):
        return False
    if match["sep"] == ":":
        return True
    led_to = bool(_LEADS_TO_CLOCK.search(text[max(0, match.start() - _LOOK_BACK) : match.start()]))
    if match["hour4"]:
        return led_to and hour.startswith("0")  # "before 2018" is a year.
    return led_to or hour.startswith("0")
