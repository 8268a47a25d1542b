"""Which backups stay: rules, their reasons, and what no policy may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge.retention import SAFETY_LAST, Candidate, Policy, verdicts


def nightly(nights: int, until: str = "2026-11-30") -> list[Candidate]:
    """One backup a night, the last one of the day given, the oldest first."""
    last = datetime.fromisoformat(f"{until}T03:15").replace(tzinfo=UTC)
    return [made(number + 1, last - timedelta(days=nights - 1 - number)) for number in range(nights)]


def made(sequence: int, created: datetime, **given: bool) -> Candidate:
    return Candidate(f"{created:%Y%m%dT%H%M%SZ}-{sequence}", sequence, created, **given)


def kept(backups: list[Candidate], policy: Policy) -> dict[str, list[str]]:
    """The days of what stays, and why."""
    return {
        f"{one.stamp[4:6]}-{one.stamp[6:8]}": list(one.reasons)
        for one in verdicts(backups, policy)
        if one.keep
    }


def test_the_newest_of_each_period_stays_and_says_why() -> None:
    assert kept(nightly(400), Policy(last=2, daily=3, weekly=2, monthly=3, yearly=9)) == {
        "11-30": ["last 2", "daily 2026-11-30", "weekly 2026-W49", "monthly 2026-11", "yearly 2026"],
        "11-29": ["last 2", "daily 2026-11-29", "weekly 2026-W48"],
        "11-28": ["daily 2026-11-28"],
        "10-31": ["monthly 2026-10"],
        "09-30": ["monthly 2026-09"],
        "12-31": ["yearly 2025"],
    }


def test_only_periods_that_have_one_count() -> None:
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 5, 11)]
    backups = [made(number, day) for number, day in enumerate(days)]
    assert list(kept(backups, Policy(daily=2))) == ["11-01", "05-01"]


def test_weeks_are_iso_weeks() -> None:
    backups = nightly(4, until="2027-01-04")  # a Monday; Friday to Sunday before it are of 2026-W53
    assert [why for (why,) in kept(backups, Policy(weekly=2)).values()] == [
        "weekly 2027-W01",
        "weekly 2026-W53",
    ]


def test_a_clock_that_was_wrong_does_not_make_a_backup_new() -> None:
    """Made in the middle, stamped years ahead: no newer for that, and no older one is taken for it."""
    first, middle, last = nightly(3)
    wrong = made(middle.sequence, middle.created + timedelta(days=3650))
    assert [one.keep for one in verdicts([first, wrong, last], Policy(last=1))] == [True, False, False]
    assert verdicts([first, wrong, last], Policy(last=1))[0].stamp == last.stamp
    found = verdicts([first, wrong, last], Policy(yearly=2))
    assert [one.reasons for one in found] == [("yearly 2026",), ("yearly 2036",), ("no rule keeps it",)]


def test_what_was_made_before_a_restore_has_its_own_rule() -> None:
    plain, *safe = nightly(SAFETY_LAST + 3)
    backups = [plain, *(replace(one, is_safety=True) for one in safe)]
    found = verdicts(backups, Policy(last=1))
    assert [one.keep for one in found] == [True] * SAFETY_LAST + [False] * 2 + [True]
    assert found[-1].reasons == ("last 1", "the only valid one")


def test_a_damaged_one_is_counted_for_none_and_goes_when_a_newer_one_is_valid() -> None:
    backups = [replace(one, is_valid=number != 1) for number, one in enumerate(nightly(3))]
    found = verdicts(backups, Policy(last=2))
    assert [(one.keep, one.reasons) for one in found] == [
        (True, ("last 2",)),
        (False, ("damaged, and a newer one is valid",)),
        (True, ("last 2",)),
    ]
    newest_broken = [*backups[:2], replace(backups[2], is_valid=False)]
    assert [one.keep for one in verdicts(newest_broken, Policy(last=2))] == [True, True, True]
    assert [
        one.keep for one in verdicts([replace(one, is_valid=False) for one in backups], Policy(last=1))
    ] == [True] * 3


def test_one_whose_number_cannot_be_read_goes_by_its_stamp() -> None:
    first, second, third = nightly(3)
    lost = replace(second, sequence=-1, is_valid=False)
    assert [one.stamp for one in verdicts([first, lost, third], Policy(last=9)) if not one.keep] == [
        lost.stamp
    ]
    assert all(one.keep for one in verdicts([first, lost], Policy(last=9)))


@pytest.mark.parametrize("numbers", [{}, {"last": 0}, {"last": -1, "daily": 3}])
def test_a_policy_that_keeps_nothing_is_none(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"below 0|all numbers are 0"):
        Policy(**numbers)


POLICIES = st.tuples(*[st.integers(0, 4)] * 5).filter(any).map(lambda numbers: Policy(*numbers))
MOMENTS = st.datetimes(datetime(2025, 10, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=UTC))


@st.composite
def places(draw: st.DrawFn) -> list[Candidate]:
    """Backups in any order of time, as a clock that jumps makes them; some damaged, some before a restore."""
    found = []
    for number, created in enumerate(draw(st.lists(MOMENTS, max_size=14))):
        one = made(
            number + 1, created, is_safety=draw(st.integers(0, 4)) == 0, is_valid=draw(st.integers(0, 4)) > 0
        )
        unread = not one.is_valid and draw(st.booleans())
        found.append(replace(one, sequence=-1) if unread else one)
    return found


def stay(backups: list[Candidate], policy: Policy) -> set[str]:
    return {one.stamp for one in verdicts(backups, policy) if one.keep}


@given(places(), POLICIES)
def test_each_has_reasons_and_the_newest_valid_one_stays(backups: list[Candidate], policy: Policy) -> None:
    found = verdicts(backups, policy)
    assert sorted(one.stamp for one in found) == sorted(one.stamp for one in backups)
    assert all(one.reasons for one in found)
    sound = [one for one in backups if one.is_valid and not one.is_safety]
    assert {one.stamp for one in sound[-1:]} <= stay(backups, policy)
    damaged = [one for one in backups if not one.is_valid]
    assert stay(backups, policy) >= {one.stamp for one in damaged if not sound}
    kept_sound = stay(backups, policy) & {one.stamp for one in sound}
    assert len(kept_sound) <= sum((policy.last, policy.daily, policy.weekly, policy.monthly, policy.yearly))


@given(places(), POLICIES)
def test_pruning_twice_is_pruning_once(backups: list[Candidate], policy: Policy) -> None:
    first = stay(backups, policy)
    assert stay([one for one in backups if one.stamp in first], policy) == first


@given(places(), POLICIES, st.sampled_from(["last", "daily", "weekly", "monthly", "yearly"]))
def test_a_policy_that_keeps_more_removes_no_more(
    backups: list[Candidate], policy: Policy, rule: str
) -> None:
    wider = replace(policy, **{rule: getattr(policy, rule) + 1})
    assert stay(backups, policy) <= stay(backups, wider)


@given(places(), POLICIES, MOMENTS)
def test_one_more_backup_brings_none_back_and_drops_few(
    backups: list[Candidate], policy: Policy, created: datetime
) -> None:
    """What stays after a newer one came stayed before; beside damaged ones it drops one a rule at most."""
    newer = made(len(backups) + 1, created)
    before, after = stay(backups, policy), stay([*backups, newer], policy)
    assert newer.stamp in after
    assert after - {newer.stamp} <= before
    dropped = {one.stamp for one in backups if one.is_valid} & (before - after)
    assert len(dropped) <= 5


@given(places(), POLICIES, st.randoms())
def test_the_order_in_which_they_are_listed_is_nothing(
    backups: list[Candidate], policy: Policy, random
) -> None:
    shuffled = list(backups)
    random.shuffle(shuffled)
    assert verdicts(shuffled, policy) == verdicts(backups, policy)
