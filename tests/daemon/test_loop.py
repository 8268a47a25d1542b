"""When the daemon does what, told second by second on a clock of the test's own."""

from __future__ import annotations

from atocore.daemon.bell import Pending
from atocore.daemon.loop import Do, Loop

NOTHING = Pending()


def rung(first: float, last: float | None = None, *, hurried: bool = False) -> Pending:
    return Pending(1, False, hurried, first, first if last is None else last)


def at_rest(now: float = 0.0, **more: float) -> Loop:
    """A loop that has done all there is to do at a start."""
    loop = Loop(now, compare_seconds=300, commit_seconds=5, **more)
    loop.compared(now, everything=True, changed=0)
    loop.committed()
    loop.swept()
    return loop


def test_a_start_compares_everything_then_commits_then_sweeps() -> None:
    loop = Loop(100.0, compare_seconds=300, commit_seconds=5)
    assert loop.next(100.0, NOTHING) is Do.COMPARE_ALL
    loop.compared(100.0, everything=True, changed=0)
    assert loop.next(100.0, NOTHING) is Do.COMMIT
    loop.committed()
    assert loop.next(100.0, NOTHING) is Do.SWEEP
    loop.swept()
    assert loop.next(100.0, NOTHING) == 300.0


def test_a_burst_settles_before_it_is_compared() -> None:
    loop = at_rest()
    assert 0 < loop.next(10.0, rung(10.0)) < 0.051
    assert loop.next(10.06, rung(10.0)) is Do.COMPARE
    assert 0 < loop.next(10.06, rung(10.0, 10.05)) < 0.051


def test_a_burst_without_end_is_compared_after_a_second() -> None:
    loop = at_rest()
    assert isinstance(loop.next(10.9, rung(10.0, 10.9)), float)
    assert loop.next(11.0, rung(10.0, 10.99)) is Do.COMPARE


def test_who_waits_for_an_answer_does_not_wait_for_the_burst_nor_for_git() -> None:
    assert at_rest().next(10.0, rung(10.0, hurried=True), git_is_busy=True) is Do.COMPARE


def test_git_under_way_is_let_finish_for_five_seconds() -> None:
    loop = at_rest()
    assert 0 < loop.next(14.9, rung(10.0), git_is_busy=True) < 0.051
    assert loop.next(14.9, rung(10.0)) is Do.COMPARE
    assert loop.next(15.0, rung(10.0), git_is_busy=True) is Do.COMPARE


def test_everything_is_compared_on_a_timer() -> None:
    loop = at_rest()
    assert loop.next(299.0, NOTHING) == 1.0
    assert loop.next(300.0, NOTHING) is Do.COMPARE_ALL
    loop.compared(301.0, everything=True, changed=0)
    assert loop.next(301.0, NOTHING) == 300.0


def test_a_round_of_everything_puts_the_timer_off_and_a_hinted_one_does_not() -> None:
    loop = at_rest()
    loop.compared(200.0, everything=False, changed=0)
    assert loop.next(200.0, NOTHING) == 100.0
    loop.compared(200.0, everything=True, changed=0)
    assert loop.next(200.0, NOTHING) == 300.0


def test_without_events_the_timer_runs_faster() -> None:
    loop = at_rest()
    loop.poll(1.0, True)
    assert loop.next(1.0, NOTHING) == 10.0
    loop.compared(11.0, everything=True, changed=0)
    assert loop.next(11.0, NOTHING) == 10.0
    loop.poll(12.0, False)
    loop.compared(21.0, everything=True, changed=0)
    assert loop.next(21.0, NOTHING) == 300.0


def test_machine_commits_come_after_quiet() -> None:
    loop = at_rest()
    loop.compared(10.0, everything=False, changed=1)
    assert loop.next(10.0, NOTHING) == 5.0
    loop.compared(14.0, everything=False, changed=1)
    assert loop.next(15.0, NOTHING) == 4.0
    assert loop.next(19.0, NOTHING) is Do.COMMIT
    loop.committed()
    assert loop.next(19.0, NOTHING) == 281.0


def test_machine_commits_come_after_a_minute_of_constant_activity() -> None:
    loop = at_rest()
    for second in range(10, 70):
        loop.compared(float(second), everything=False, changed=1)
        assert loop.next(float(second), NOTHING) == min(5.0, 70.0 - second)
    loop.compared(70.0, everything=False, changed=1)
    assert loop.next(70.0, NOTHING) is Do.COMMIT


def test_a_round_without_changes_commits_nothing() -> None:
    loop = at_rest()
    loop.compared(10.0, everything=True, changed=0)
    assert loop.next(100.0, NOTHING) == 210.0


def test_after_its_start_the_schedule_sweeps_and_not_the_loop() -> None:
    loop = Loop(0.0, compare_seconds=300, commit_seconds=5)
    loop.compared(0.0, everything=True, changed=0)
    loop.committed()
    assert loop.next(0.0, NOTHING) is Do.SWEEP
    loop.failed(Do.SWEEP, 0.0)
    assert loop.next(2.0, NOTHING) is Do.SWEEP
    loop.swept()
    loop.compared(86_400.0, everything=True, changed=0)
    assert loop.next(86_400.0, NOTHING) == 300.0


def test_what_fails_is_tried_again_after_growing_pauses() -> None:
    loop = at_rest()
    now, pauses = 1_000.0, []
    for _ in range(8):
        assert loop.next(now, NOTHING) is Do.COMPARE_ALL
        pauses.append(loop.failed(Do.COMPARE_ALL, now))
        assert loop.next(now, rung(now - 1, hurried=True)) == pauses[-1]
        now += pauses[-1]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    loop.compared(now, everything=True, changed=0)
    assert loop.failed(Do.COMPARE, now) == 1.0


def test_news_shortens_a_long_pause_and_never_ends_it() -> None:
    loop = at_rest()
    for _ in range(7):
        loop.failed(Do.COMPARE, 100.0)
    assert loop.next(101.0, rung(101.0)) == 4.0
    assert loop.next(105.0, rung(101.0)) is Do.COMPARE


def test_a_commit_that_fails_holds_no_comparison_up() -> None:
    loop = at_rest()
    loop.compared(10.0, everything=False, changed=1)
    assert loop.next(15.0, NOTHING) is Do.COMMIT
    assert loop.failed(Do.COMMIT, 15.0) == 1.0
    assert loop.next(15.5, rung(15.0)) is Do.COMPARE
    assert loop.next(16.0, NOTHING) is Do.COMMIT


def test_a_day_of_failures_is_few_attempts() -> None:
    loop, now, tries = Loop(0.0, compare_seconds=300, commit_seconds=5), 0.0, 0
    while now < 86_400.0:
        do = loop.next(now, rung(now))
        if isinstance(do, Do):
            loop.failed(do, now)
            tries += 1
        else:
            now += do
    assert tries < 86_400 / 4
