"""A release of GOV.UK, as a stand-in serves it: page, files, list, and its record of itself."""

from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from ninethirty.core.reported import Reported
from ninethirty.core.times import RealClock
from ninethirty.standin.exchange import Outcome, Request
from ninethirty.standin.log import Memory
from ninethirty.standin.platform.example import example, write
from ninethirty.standin.platform.faults import chosen
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.serving import Serving
from ninethirty.witness.errand import Scene, Seat, errands
from tests.witness.setting import HALF_PAST, channel, file, order, probe
from tests.witness.test_watch_command import Day, T, said, watch

SEED = 7
RELEASE = example(HALF_PAST, SEED)


def watched(
    tmp_path: Path, path: str, *faults: str, before: float = 30, speed: float = 15
) -> CompletedProcess[str]:
    """A day of the stand-in, begun when the first request comes, as `ninethirty watch` saw it."""
    day = Day(tmp_path, speed, timedelta(seconds=before))
    platform = Platform(
        edges=["127.0.0.1"],
        seed=SEED,
        faults=[chosen(name) for name in faults],
        clock=day.clock,
        log=Memory(),
    )
    platform.put(RELEASE, day.clock.now())
    write(RELEASE, tmp_path / "expected")

    def answer(request: Request) -> Outcome:
        day.begin()
        return platform(request)

    with Serving(answer, day.clock, ["127.0.0.1"], 0) as server:
        arguments = (f"{server.url}{path}", "--opens", T, "--platform", "govuk")
        return watch(
            *arguments,
            *("--expect", tmp_path / "expected", "--evidence", tmp_path / "kept"),
            *("--drill", day.file),
        )


def looks(ended: CompletedProcess[str], part: str) -> list[dict[str, Any]]:
    return [look for look in said(ended, "sighting") if look["part"] == part]


@pytest.mark.parametrize("path", [RELEASE.path, RELEASE.announcement])
def test_files_are_found_where_the_record_lists_them_compared_and_judged_again_the_same(
    tmp_path: Path, path: str
) -> None:
    ended = watched(tmp_path, path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    verdict = said(ended, "verdict")[-1]
    assert verdict["call"] == "on_time"
    [word] = verdict["platform"]
    assert word.startswith("reported by the platform: official_statistics, public since 2026-12-01")
    assert "its own scheduler 1 s late, attachments: 2" in word
    # Nobody but the platform knows these addresses.
    for name in RELEASE.files:
        assert looks(ended, name)[-1]["status"] == 200
    kept = [one for one in looks(ended, "record:1") if "reported" in one]
    assert kept[-1]["reported"]["document_type"] == "official_statistics"
    assert all(one["evidence"] for one in kept)
    again = watch("--replay", tmp_path / "kept")
    assert (again.returncode, said(again, "verdict")[-1]) == (0, verdict)


def test_a_platform_that_says_it_published_and_did_not_is_late_all_the_same(tmp_path: Path) -> None:
    ended = watched(tmp_path, RELEASE.path, "swallowed-error")
    assert ended.returncode == 10
    verdict = said(ended, "verdict")[-1]
    assert verdict["call"] == "late"
    assert "reported by the platform: official_statistics, public since" in verdict["reason"]


def test_another_date_in_the_platforms_record_is_told_before_t(tmp_path: Path) -> None:
    # Long enough before T to be outside the quiet window.
    ended = watched(tmp_path, RELEASE.path, "two-dates", before=400, speed=60)
    told = [one for one in said(ended, "verdict") if one["call"] == "waiting" and one["platform"]]
    assert "scheduled for another time than T" in told[0]["platform"][1]


@pytest.mark.parametrize(
    ("listed", "led"),
    [
        ("https://assets.example.org/media/1/t.csv", True),
        ("https://www.example.test/media/1/t.csv", True),
        ("https://assets.example.org/media/1/other.csv", False),
        ("http://10.0.0.1/t.csv", False),
        ("http://169.254.169.254/t.csv", False),
        ("file:///etc/t.csv", False),
    ],
)
def test_a_record_leads_only_to_files_of_ours_and_never_into_our_network(
    listed: str, led: bool
) -> None:
    here = channel("https://www.example.test", files=(file("https://www.example.test/t.csv"),))
    scene = Scene(order(here), here, probe(RealClock()), Seat())
    scene.errands += errands(scene, HALF_PAST, controls=False)
    scene.told(Reported("x", attachments=(listed,)))
    [user_view] = scene.files()
    assert user_view.look().address == (listed if led else "")
    decoys = [errand for errand in scene.errands if errand.decoy]
    assert not any(decoy.look().address for decoy in decoys)
