"""The list of what was purged: read whatever a merge made of it, and only ever grown."""

from __future__ import annotations

from atocore.knowledge.purged import HEAD, Purged, entries_of, parse, with_entries, wrong_lines

A, B, C = "a" * 40, "b" * 40, "c" * 64
DAY = "2026-11-30"


def test_what_is_written_is_read_again() -> None:
    entries = (Purged(A, B, DAY), Purged(B, None, DAY), Purged(C, None, DAY))
    raw = with_entries(None, entries)
    assert raw.startswith(HEAD.encode())
    assert parse(raw) == entries
    assert list(wrong_lines(raw)) == []


def test_an_object_keeps_its_first_line_and_every_byte_before_it_stays() -> None:
    before = f"# mine\r\n{A} - {DAY}".encode()
    raw = with_entries(before, [Purged(A, B, "2027-01-01"), Purged(B, None, DAY)])
    assert raw == before + f"\n{B} - {DAY}\n".encode()
    assert with_entries(raw, parse(raw)) == raw


def test_what_a_merge_left_guards_as_far_as_it_can_be_read() -> None:
    lines = [
        "<<<<<<< ours",
        f"{A} - {DAY}",
        "=======",
        f" {B} {A} {DAY} \r",
        ">>>>>>> theirs",
        f"{A[:39]} - {DAY}",
    ]
    raw = "\n".join([*lines, "\xff", ""]).encode("latin-1")
    assert [entry.old for entry in parse(raw)] == [A, B]
    assert [number for number, _ in wrong_lines(raw)] == [1, 3, 5, 6, 7]


def test_what_stands_for_itself_was_not_purged() -> None:
    assert entries_of({A: A, B: None}, DAY) == (Purged(B, None, DAY),)
