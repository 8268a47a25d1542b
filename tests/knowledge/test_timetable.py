"""When a cron expression fires: as cron has it, in a zone whose clock jumps, whatever is typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.knowledge.timetable import Timetable, read_timetable

BERLIN = ZoneInfo("Europe/Berlin")


def table(text: str, zone: str = "UTC") -> Timetable:
    found = read_timetable("schedule.backup", text, ZoneInfo(zone))
    assert found is not None
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "moment", "after", "until"),
    [
        ("15 3 * * *", "2026-11-30T03:14", "2026-11-30T03:15", "2026-11-29T03:15"),
        ("15 3 * * *", "2026-11-30T03:15", "2026-12-01T03:15", "2026-11-30T03:15"),
        ("15 3 * * *", "2026-11-30T03:15:30", "2026-12-01T03:15", "2026-11-30T03:15"),
        ("0 5 * * sun", "2026-11-30T00:00", "2026-12-06T05:00", "2026-11-29T05:00"),
        ("0 5 * * 0", "2026-11-30T00:00", "2026-12-06T05:00", "2026-11-29T05:00"),
        ("0 5 * * 7", "2026-11-30T00:00", "2026-12-06T05:00", "2026-11-29T05:00"),
        ("0 5 1 * mon", "2026-11-30T06:00", "2026-12-01T05:00", "2026-11-30T05:00"),
        ("*/20 * * * *", "2026-11-30T00:01", "2026-11-30T00:20", "2026-11-30T00:00"),
        ("@monthly", "2026-11-30T00:00", "2026-12-01T00:00", "2026-11-01T00:00"),
        ("0 0 29 2 *", "2026-11-30T00:00", "2028-02-29T00:00", "2024-02-29T00:00"),
        (" 15  3 * * MON-FRI ", "2026-11-28T12:00", "2026-11-30T03:15", "2026-11-27T03:15"),
    ],
)
def test_it_fires_as_cron_does(expression: str, moment: str, after: str, until: str) -> None:
    assert table(expression).after(at(moment)) == at(after)
    assert table(expression).until(at(moment)) == at(until)


def fires(expression: str, start: str, end: str) -> list[str]:
    found, moment = [], at(start)
    while (fire := table(expression, "Europe/Berlin").after(moment)) is not None and fire < at(end):
        found.append(fire.strftime("%d %H:%M"))
        moment = fire
    return found


def test_what_an_hour_that_is_left_out_would_hold_comes_right_after_it() -> None:
    """In Berlin, 2026-03-29 goes from 02:00 (01:00 UTC) to 03:00."""
    assert fires("30 2 * * *", "2026-03-28T00:00", "2026-03-30T12:00") == ["28 01:30", "29 01:00", "30 00:30"]
    assert fires("15,45 2 * * *", "2026-03-29T00:00", "2026-03-29T12:00") == ["29 01:00"]
    assert fires("*/30 * * * *", "2026-03-29T00:00", "2026-03-29T02:00") == [
        "29 00:30",
        "29 01:00",
        "29 01:30",
    ]


def test_what_an_hour_that_comes_twice_holds_comes_once() -> None:
    """In Berlin, 2026-10-25 goes from 03:00 (01:00 UTC) back to 02:00."""
    assert fires("30 2 * * *", "2026-10-24T00:00", "2026-10-26T12:00") == ["24 00:30", "25 00:30", "26 01:30"]
    assert fires("0 * * * *", "2026-10-24T23:30", "2026-10-25T03:00") == [
        "25 00:00",
        "25 01:00",
        "25 02:00",
    ]


@pytest.mark.parametrize("text", ["off", "OFF", "", "  "])
def test_off_is_no_timetable(text: str) -> None:
    assert read_timetable("schedule.drill", text, UTC) is None


@pytest.mark.parametrize(
    "text",
    ["daily", "61 * * * *", "* * * *", "* * * * * *", "0 0 31 2 *", "*/0 * * * *", "0 0 * * xyz", "@reboot"],
)
def test_what_is_no_expression_is_told_with_the_settings_name(text: str) -> None:
    with pytest.raises(AtocoreError) as refused:
        read_timetable("schedule.drill", text, UTC)
    assert refused.value.code == "bad-settings"
    assert "schedule.drill" in refused.value.message
    assert repr(text) in refused.value.message


FIELD = st.one_of(
    st.just("*"), st.text("0123456789*/-,L#W", max_size=6), st.sampled_from(["*/7", "1-5", "L"])
)


@given(st.one_of(st.text(max_size=20), st.lists(FIELD, min_size=4, max_size=6).map(" ".join)))
def test_any_text_is_a_timetable_or_refused(text: str) -> None:
    try:
        found = read_timetable("schedule.drill", text, UTC)
    except AtocoreError as error:
        assert error.code == "bad-settings"
    else:
        assert found is None or found.after(at("2026-11-30T00:00"))


@given(
    st.sampled_from(["15 3 * * *", "30 2 * * sun", "*/45 1-3 * * *", "0 0 1 * *", "5 * 25 10 *"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_no_fire_time_lies_between_the_last_one_and_the_next(expression: str, moment: datetime) -> None:
    found, now = table(expression, "Europe/Berlin"), moment.replace(tzinfo=UTC)
    after, until = found.after(now), found.until(now)
    assert after is not None
    assert until is not None
    assert until <= now < after
    assert found.after(until) == after
    assert found.until(after - timedelta(seconds=1)) == until
