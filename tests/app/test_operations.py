"""The record of jobs: how each ended, one at a time, whatever stands in its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atocore.app.operations import FILE, Job, Operations, Ran
from atocore.errors import AtocoreError


def test_a_run_is_recorded_as_it_ended(tmp_path: Path) -> None:
    operations = Operations(tmp_path)
    with operations.recorded(Job.BACKUP, lambda: "2026-11-29T03:15:00Z") as figures:
        figures["bytes"] = 7
    for hour in ("04", "05"):
        with (
            pytest.raises(AtocoreError),
            operations.recorded(Job.BACKUP, lambda h=hour: f"2026-11-30T{h}:00:00Z"),
        ):
            raise AtocoreError("backup-incomplete", "the disk is full")
    found = operations.ran()[Job.BACKUP]
    assert found == Ran(
        last_success="2026-11-29T03:15:00Z",
        last_failure="2026-11-30T05:00:00Z",
        error="backup-incomplete: the disk is full",
        told={"bytes": 7},
        failures=2,
    )
    assert found.is_failing
    with operations.recorded(Job.BACKUP, lambda: "2026-11-01T00:00:00Z"):  # the clock was set back
        pass
    assert not operations.ran()[Job.BACKUP].is_failing
    assert operations.ran()[Job.DRILL] == Ran()


def test_a_place_that_is_lost_is_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(OSError), Operations(tmp_path).recorded(Job.PRUNE, lambda: "2026-11-30T00:00:00Z"):
        raise OSError("gone")
    assert "gone" in Operations(tmp_path).ran()[Job.PRUNE].error


def test_no_two_at_once_and_the_second_is_no_failure(tmp_path: Path) -> None:
    one, other = Operations(tmp_path), Operations(tmp_path)
    with one.recorded(Job.BACKUP, lambda: "2026-11-30T00:00:00Z"):
        with pytest.raises(AtocoreError) as busy, other.recorded(Job.PRUNE, lambda: "2026-11-30T00:00:01Z"):
            raise AssertionError
        assert busy.value.code == "vault-busy"
    assert one.ran()[Job.PRUNE] == Ran()


def test_who_watches_is_kept_beside_the_jobs(tmp_path: Path) -> None:
    operations = Operations(tmp_path)
    assert operations.watched_since() == ""
    operations.watch("2026-11-30T00:00:00Z")
    operations.succeeded(Job.SWEEP, "2026-11-30T00:00:05Z")
    assert operations.watched_since() == "2026-11-30T00:00:00Z"
    assert operations.ran()[Job.SWEEP].last_success == "2026-11-30T00:00:05Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"backup": 7, "watched_since": 7}',
        '{"backup": {"last_success": 7, "more": 1}}',
        "[" * 9999,
    ],
)
def test_a_damaged_record_costs_what_it_held(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    operations = Operations(tmp_path)
    assert operations.ran()[Job.BACKUP] == Ran()
    assert operations.watched_since() == ""
    operations.succeeded(Job.BACKUP, "2026-11-30T00:00:00Z")
    assert json.loads((tmp_path / FILE).read_text())["backup"]["last_success"] == "2026-11-30T00:00:00Z"
