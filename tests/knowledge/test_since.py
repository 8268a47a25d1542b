"""From when on: dates, times and durations as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from atocore.errors import AtocoreError
from atocore.knowledge.since import is_since, moment

NOW = "2026-11-29T12:00:00Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:30:00Z", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01T08:30:00+02:00", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        (" 36h ", datetime(2026, 11, 28, 0, 0, tzinfo=UTC)),
        ("7d", datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
        ("2 weeks", datetime(2026, 11, 15, 12, 0, tzinfo=UTC)),
        ("0s", datetime(2026, 11, 29, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_date_a_time_or_a_duration_ago(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "-3d", "2026-13-01", "10", "99999999999w", "3 apples"])
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(AtocoreError) as refusal:
        moment(text, NOW)
    assert refusal.value.code == "bad-value" and "36h" in refusal.value.hint


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-11-22T12:00:00Z", True),
        ("2026-11-22T11:59:59Z", False),
        ("2026-11-22T13:00:00+02:00", False),
        ("2026-11-22", True),
        ("2026-11-21", False),
        ("2026-11-23T01:00:00", True),
        ("", False),
        ("some day", False),
    ],
)
def test_a_record_is_since_a_moment_by_its_own_date(created: str, expected: bool) -> None:
    assert is_since(created, moment("7d", NOW)) is expected
