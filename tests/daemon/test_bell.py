"""The bell: what was rung is taken once, and who waits hears when it is in step."""

from __future__ import annotations

import threading

from atocore.daemon.bell import MANY, Bell, Taken


def test_paths_gather_until_they_are_taken() -> None:
    bell = Bell()
    bell.ring(["a.md"])
    bell.ring(["b.md", "a.md"])
    assert bell.pending().paths == 2
    assert bell.take() == Taken(frozenset({"a.md", "b.md"}), 2)
    assert not bell.pending().is_any
    assert bell.take().paths == frozenset()


def test_everything_swallows_paths_and_so_do_many_paths() -> None:
    bell = Bell()
    bell.ring(["a.md"])
    bell.ring(everything=True)
    bell.ring(["b.md"])
    assert bell.take().paths is None
    bell.ring(f"{number}.md" for number in range(MANY))
    assert not bell.pending().everything
    bell.ring(["one-more.md"])
    assert bell.take().paths is None


def test_nothing_rung_is_no_ring() -> None:
    bell = Bell()
    bell.ring([])
    assert not bell.pending().is_any
    assert bell.in_step("text", 0)


def test_who_waits_hears_when_all_up_to_his_asking_is_in_step() -> None:
    bell = Bell()
    bell.ring(["a.md"])
    done: list[bool] = []
    waiting = threading.Thread(target=lambda: done.append(bell.in_step("text", 5.0)))
    waiting.start()
    while not bell.pending().hurried:
        bell.sleep(0.05)
    taken = bell.take()
    bell.ring(["b.md"])
    bell.answered(taken.ticket, "text")
    waiting.join(5.0)
    assert done == [True]
    assert not bell.in_step("vectors", 0.0)
    assert not bell.in_step("text", 0.0)


def test_a_failed_round_ends_the_waiting_and_leaves_all_to_be_done() -> None:
    bell = Bell()
    bell.ring(["a.md"])
    done: list[bool] = []
    waiting = threading.Thread(target=lambda: done.append(bell.in_step("text", 5.0)))
    waiting.start()
    while not bell.pending().hurried:
        bell.sleep(0.05)
    bell.failed(bell.take())
    waiting.join(5.0)
    assert done == [False]
    assert bell.take().paths == {"a.md"}


def test_a_wake_before_the_sleep_is_not_lost() -> None:
    bell = Bell()
    bell.wake()
    bell.sleep(60.0)
