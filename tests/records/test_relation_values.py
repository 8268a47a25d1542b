"""The key `relations`: what each entry says, where it stands, and what is wrong with it."""

from __future__ import annotations

import pytest
from helpers import whole

from atocore.records.codec import read
from atocore.records.record import Record, Relation

HEAD = "---\nid: ent-a\nkind: entity\ntype: component\nstatus: active\n"


def reading(lines: str, newline: str = "\n") -> tuple[Record, list[tuple[int, str]]]:
    text = whole(f"{HEAD}{lines}---\nIt is so.\n").replace("\n", newline)
    found = read("entities/a.md", text.encode(), max_bytes=10_000)
    assert found.record is not None
    assert {problem.code for problem in found.problems} <= {"bad-value"}
    return found.record, [(problem.line, problem.message) for problem in found.problems]


@pytest.mark.parametrize(
    "typed, target",
    [
        ("ent-b00000000000", "ent-b00000000000"),
        ('" ent-b00000000000 "', "ent-b00000000000"),
        ("[[Primary mirror]]", "[[Primary mirror]]"),
        ('"[[Primary mirror]]"', "[[Primary mirror]]"),
        ("[[Primary mirror|the mirror]]", "[[Primary mirror|the mirror]]"),
        ("[[Mirror, primary]]", "[[Mirror, primary]]"),
        ("[[Mass: total]]", "[[Mass: total]]"),
        ("[[Use C#]]", "[[Use C#]]"),
        ("Primary mirror", "Primary mirror"),
    ],
)
def test_a_target_is_what_was_typed(typed: str, target: str) -> None:
    for lines in (
        f"relations:\n  - type: part_of\n    target: {typed}\n",
        f"relations: [{{type: part_of, target: {typed}}}]\n",
        f"relations:\n  type: part_of\n  target: {typed}\n",
    ):
        record, wrong = reading(lines)
        assert (record.relations, wrong) == ((Relation("part_of", target),), [])


@pytest.mark.parametrize(
    "entry, told",
    [
        ("{type: likes, target: ent-b}", "unknown type 'likes'; one of: part_of, "),
        ("{target: ent-b}", "unknown type None"),
        ("{type: part_of}", "a part_of without one `target:`"),
        ("{type: part_of, target: }", "a part_of without one `target:`"),
        ("{type: part_of, target: [ent-b, ent-c]}", "a part_of without one `target:`"),
        ("{type: part_of, target: [[]]}", "a part_of without one `target:`"),
        ("part_of: [[Telescope]]", "write `type: part_of`, and `target:` below it"),
        ("ent-b", "is to be a list of `type:` and `target:` pairs"),
        ("[ent-b]", "is to be a list of `type:` and `target:` pairs"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_entry_that_says_nothing_is_told_at_its_line_and_the_others_count(
    entry: str, told: str, newline: str
) -> None:
    before = "relations:\n  # first\n  - type: part_of\n    target: ent-b\n"
    record, wrong = reading(f"{before}  - {entry}\n  - {{type: part_of, target: ent-c}}\n", newline)
    assert len(record.relations) == 2
    assert [line for line, _ in wrong] == [10]
    assert told in wrong[0][1]
