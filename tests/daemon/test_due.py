"""What is due when, told in moments of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from atocore.app.operations import Job, Ran
from atocore.daemon.due import LONGEST_PAUSE, due, held, moment
from atocore.knowledge.timetable import Timetable

NIGHTLY = {Job.BACKUP: Timetable("15 3 * * *", ZoneInfo("UTC"))}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def next_backup(last: str, since: str, now: str) -> datetime:
    return due(NIGHTLY, {Job.BACKUP: Ran(last_success=last)}, at(since), at(now))[Job.BACKUP]


def test_a_run_that_was_missed_is_due_since_then_once() -> None:
    assert next_backup("2026-11-20T03:16:00Z", "2026-01-01", "2026-11-30T12:00") == at("2026-11-21T03:15")
    assert next_backup("2026-11-30T12:01:00Z", "2026-01-01", "2026-11-30T12:02") == at("2026-12-01T03:15")


def test_a_new_vault_waits_for_its_first_due_time() -> None:
    assert next_backup("", "2026-11-30T12:00", "2026-11-30T12:00") == at("2026-12-01T03:15")
    assert next_backup("", "2026-11-30T12:00", "2026-12-01T09:00") == at("2026-12-01T03:15"), "missed since"


def test_a_success_by_a_clock_that_was_ahead_is_none() -> None:
    assert next_backup("2031-01-01T00:00:00Z", "2026-01-01", "2026-11-30T12:00") == at("2026-11-30T12:00")


def test_what_is_written_down_and_is_no_time_is_never() -> None:
    assert next_backup("yesterday", "2026-11-30T12:00", "2026-11-30T12:00") == at("2026-12-01T03:15")
    assert moment("") is None


def test_the_night_on_which_the_clock_jumps_has_one_backup() -> None:
    tables = {Job.BACKUP: Timetable("30 2 * * *", ZoneInfo("Europe/Berlin"))}
    for night, morning in (
        ("2026-03-29T01:00", "2026-03-30T00:30"),
        ("2026-10-25T00:30", "2026-10-26T01:30"),
    ):
        former = Ran(last_success=f"{night[:8]}{int(night[8:10]) - 1}T12:00:00Z")
        assert due(tables, {Job.BACKUP: former}, at("2026-01-01"), at(night))[Job.BACKUP] == at(night)
        ran = Ran(last_success=f"{night}:05Z")
        assert due(tables, {Job.BACKUP: ran}, at("2026-01-01"), at(f"{night}:10"))[Job.BACKUP] == at(morning)


def test_pauses_grow_and_end() -> None:
    found, pauses = None, []
    for _ in range(20):
        found = held(found, "the disk is full", 100.0)
        pauses.append(found.at - 100.0)
    assert pauses[:3] == [60.0, 120.0, 240.0]
    assert pauses[-1] == LONGEST_PAUSE
