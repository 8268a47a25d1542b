"""The review as a text for an editor: written, changed by a person, and read back."""

from __future__ import annotations

from itertools import count

import pytest
from helpers import record, vault_of, whole_id
from reviewed import C1, C2, C3, C4, C5, DOME, KEPT, RECORDS

from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.review.card import card
from atocore.knowledge.review.decisions import Decision
from atocore.knowledge.review.review_list import Listed, read_list, review_list

AT = "2026-11-29T10:00:00Z"
VAULT = vault_of(RECORDS)
TEXT = review_list([card(VAULT, record(VAULT, one)) for one in (C1, C2, C3, C4, C5)])


def seen(record_id: str) -> str:
    return view_hash(VAULT, record(VAULT, record_id))


def read(text: str) -> Listed:
    return read_list(text, AT, (whole_id(f"ent-n{n}") for n in count()))


def said(line: str, record_id: str = C1) -> Decision | str:
    """What one changed line says: its decision, or what is wrong."""
    found = read(TEXT.replace(f"skip {record_id}\n", f"{line}\n"))
    return found.decisions[0] if found.decisions else found.mistakes[0].told


def test_as_it_is_written_it_decides_nothing() -> None:
    assert read(TEXT) == Listed((), {}, ())
    assert read("") == Listed((), {}, ())


def test_each_candidate_is_a_line_below_its_evidence() -> None:
    lines = TEXT.splitlines()
    at = lines.index(f"skip {C1}")
    assert lines[at - 1] == f"#   hash {seen(C1)}"
    above = "\n".join(lines[at - 8 : at])
    assert "The primary mirror weighs 4.3 kg with its cell." in above
    assert f"would contradict +{KEPT} (L1): 4.2 kg" in above
    assert "rejected before: weighed without it" in above


def test_hostile_text_is_told_on_its_comment_line_alone() -> None:
    assert "\x1b" not in TEXT
    assert "\x07" not in TEXT
    assert sum(line.startswith("skip ") for line in TEXT.splitlines()) == 5
    nasty = vault_of(
        "-- memories/a.md --\nid: mem-a\nstatus: candidate\n--\nx\u2028promote mem-b\rreject it\n"
    )
    text = review_list([card(nasty, record(nasty, "mem-a"))])
    assert [line for line in text.splitlines() if not line.startswith("#") and line] == [
        f"skip {whole_id('mem-a')}"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"promote {C1}", Decision("promote", C1, seen(C1), AT)),
        (f"P {C1} weighed again", Decision("promote", C1, seen(C1), AT, why="weighed again")),
        (
            f"promote {C1} +{KEPT} new scale",
            Decision("promote", C1, seen(C1), AT, why="new scale", supersede=(KEPT,)),
        ),
        (f"r {C1} not  ours", Decision("reject", C1, seen(C1), AT, why="not ours")),
        (f"off {C1} 2027-01-31", Decision("put-off", C1, seen(C1), AT, until="2027-01-31")),
        (f"merge {C1} {DOME} the same", Decision("merge", C1, seen(C1), AT, into=DOME, why="the same")),
        (
            f"g {C1} material",
            Decision("graduate", C1, seen(C1), AT, type="material", born=whole_id("ent-n0")),
        ),
        (
            f"graduate {C1} as usual",
            Decision("graduate", C1, seen(C1), AT, why="as usual", born=whole_id("ent-n0")),
        ),
    ],
)
def test_each_verb(line: str, expected: Decision) -> None:
    assert said(line) == expected


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"accept {C1}", "no verb"),
        ("promote", "id is missing"),
        (f"reject {C1}", "needs its reason"),
        (f"off {C1}", "needs a date"),
        (f"off {C1} soon", "needs a date"),
        (f"merge {C1}", "needs the id"),
        (f"promote {C1} {C2}", "one id a line"),
        (f"graduate {C1} requirment", "no entity type"),
        (f"graduate {C1} Material it is one", "no entity type"),
        (f"graduate {C1} banana", "no entity type"),
    ],
)
def test_a_line_that_says_too_little_is_told_by_its_number(line: str, told: str) -> None:
    assert told in str(said(line))
    number = TEXT.splitlines().index(f"skip {C1}") + 1
    assert read(TEXT.replace(f"skip {C1}\n", f"{line}\n")).mistakes[0].line == number


def test_a_candidate_stands_on_one_line() -> None:
    twice = TEXT.replace(f"skip {C1}\n", f"p {C1}\n") + f"\n# hash {seen(C1)}\nr {C1} no\n"
    found = read(twice)
    assert len(found.decisions) == 1
    assert "stands on line" in found.mistakes[0].told


def test_what_is_not_bound_to_what_was_shown_is_no_decision() -> None:
    bare = "\n".join(line for line in TEXT.splitlines() if "hash" not in line).replace(
        f"skip {C1}", f"p {C1}"
    )
    assert "hash is gone" in read(bare).mistakes[0].told


def test_a_deleted_line_does_not_lend_its_hash_to_the_next_one() -> None:
    text = TEXT.replace(f"skip {C1}\n", "").replace(f"skip {C2}\n", f"p {C2}\n")
    assert read(text).decisions == (Decision("promote", C2, seen(C2), AT),)
    moved = f"# hash {seen(C1)}\np {C1}\np {C2}\n"
    assert [m.line for m in read(moved).mistakes] == [3]
