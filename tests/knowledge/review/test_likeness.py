"""What resembles what, and where two texts differ."""

from __future__ import annotations

import pytest
from helpers import record, short_id, vault_of

from atocore.knowledge.review.likeness import MOST, difference, resembling

VAULT = """
-- memories/p/new.md --
id: mem-new
status: candidate
project: p
subject: mirror
attribute: mass
value: 4.2 kg
--
The primary mirror weighs 4.2 kg with its cell.
-- memories/p/same.md --
id: mem-same
status: rejected
--
The primary mirror weighs **4.2 kg** with its cell!
-- memories/p/claim.md --
id: mem-cm
project: p
subject: The Mirror
attribute: mass
value: 4.2  KG
--
It was weighed.
-- memories/p/near.md --
id: mem-near
--
The primary mirror weighs 4.3 kg with its cell.
-- memories/p/far.md --
id: mem-far
--
The dome turns in two minutes.
"""


def found(*searched: str) -> list[tuple[str, str, float]]:
    vault = vault_of(VAULT)
    alike = resembling(vault, record(vault, "mem-new"), [record(vault, one) for one in searched])
    return [(short_id(one.record.id), one.why, round(one.share, 2)) for one in alike]


def test_the_same_words_and_the_same_claim_are_found_without_a_search() -> None:
    assert found() == [("mem-cm", "claim", 1.0), ("mem-same", "statement", 1.0)]


def test_a_search_adds_what_says_it_in_nearly_the_same_words_and_nothing_else() -> None:
    assert found("mem-near", "mem-far", "mem-new", "mem-same")[2:] == [("mem-near", "words", 0.89)]


def test_a_handful_is_enough() -> None:
    text = "".join(f"-- memories/{n}.md --\nid: mem-a{n}\n--\nThe same words.\n" for n in range(MOST + 3))
    vault = vault_of(text)
    assert len(resembling(vault, record(vault, "mem-a0"))) == MOST


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("4.3 kg", "4.2 kg", ("", "4.3", "4.2", " kg")),
        ("<= 4.5 kg", "4.5 kg", ("", "<= ", "", "4.5 kg")),
        ("made of Zerodur", "made of ULE", ("made of ", "Zerodur", "ULE", "")),
        ("a b c", "a b c", ("a b c", "", "", "")),
        ("", "x", ("", "", "x", "")),
        ("1000", "100", ("", "1000", "100", "")),
        ("主鏡は重い", "主鏡は軽い", ("", "主鏡は重い", "主鏡は軽い", "")),
    ],
)
def test_the_smallest_difference_is_in_whole_words(
    here: str, there: str, expected: tuple[str, str, str, str]
) -> None:
    told = difference(here, there)
    assert (told.before, told.here, told.there, told.after) == expected
    assert told.before + told.here + told.after == here
    assert told.before + told.there + told.after == there
