"""When a job is overdue: after its time and the grace have passed; what never ran, since the vault was first
seen; and a clock that went back makes no age negative and hides nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from atocore.knowledge.overdue import Overdue, age_seconds, judged, moment
from atocore.knowledge.timetable import read_timetable

HOUR = timedelta(hours=1)
NIGHTLY = read_timetable("schedule.backup", "15 3 * * *", UTC)
assert NIGHTLY is not None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def look(now: str, *, last: str = "", seen: str = "2026-11-01T00:00") -> Overdue:
    return judged(
        NIGHTLY.after if NIGHTLY else None,
        last=moment(last),
        first_seen=at(seen),
        now=at(now),
        grace=HOUR,
    )


@pytest.mark.parametrize(
    ("now", "last", "since"),
    [
        ("2026-11-30T03:14", "2026-11-29T03:16Z", None),
        ("2026-11-30T03:16", "2026-11-29T03:16Z", None),  # due, and within the grace
        ("2026-11-30T04:14", "2026-11-29T03:16Z", None),
        ("2026-11-30T04:15", "2026-11-29T03:16Z", "2026-11-30T03:15"),
        ("2026-11-30T09:00", "2026-11-30T03:15:02Z", None),
        ("2026-11-30T09:00", "2026-11-30T05:15:02+02:00", None),
        ("2026-11-30T09:00", "2026-11-25T14:00Z", "2026-11-26T03:15"),  # since the first that was missed
        ("2026-11-30T09:00", "2026-11-30T08:00Z", None),  # by hand counts
    ],
)
def test_due_is_the_first_time_after_the_last_success(now: str, last: str, since: str | None) -> None:
    assert look(now, last=last).since == (at(since) if since else None)


@pytest.mark.parametrize(
    ("seen", "since"),
    [("2026-11-30T04:00", None), ("2026-11-30T03:00", "2026-11-30T03:15"), ("2027-01-01T00:00", None)],
)
def test_what_never_ran_is_due_from_when_the_vault_was_first_seen(seen: str, since: str | None) -> None:
    assert look("2026-11-30T09:00", seen=seen).since == (at(since) if since else None)


def test_what_has_no_schedule_is_not_judged() -> None:
    found = judged(None, last=None, first_seen=at("2020-01-01"), now=at("2026-11-30"), grace=HOUR)
    assert found == Overdue()


def test_a_stamp_in_the_future_proves_nothing() -> None:
    found = look("2026-11-30T09:00", last="2027-06-01T00:00Z")
    assert found.from_future
    assert found.since == at("2026-11-02T03:15") - timedelta(days=1)
    assert not look("2026-11-30T09:00", last="2026-11-30T09:03Z").from_future


def test_the_next_time_is_told() -> None:
    assert look("2026-11-30T03:15").next_due == at("2026-12-01T03:15")


def test_an_age_is_never_negative() -> None:
    now = at("2026-11-30T09:00")
    assert age_seconds(at("2027-01-01"), now) == 0
    assert age_seconds(at("2026-11-30T08:59"), now) == 60
    assert age_seconds(None, now) is None


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00Z"])
def test_what_is_no_stamp_is_never(text: str) -> None:
    assert moment(text) is None


def test_a_stamp_without_a_zone_is_in_utc() -> None:
    assert moment("2026-11-30T09:00") == at("2026-11-30T09:00")
