"""Ids: what they look like, and that the same origin gives the same id."""

from __future__ import annotations

import pytest

from atocore.records.ids import ALPHABET, LENGTH, derived_id, encode, is_id, random_id


def test_a_random_id_holds_sixty_bits_of_the_given_entropy() -> None:
    assert random_id("mem", bytes(8)) == "mem-000000000000"
    assert random_id("mem", b"\xff" * 8) == "mem-zzzzzzzzzzzz"
    assert encode(b"\x00" * 7 + b"\x0f") == "0" * LENGTH, "the last four bits are not in the id"
    assert encode(b"\x00" * 7 + b"\x10") == "0" * (LENGTH - 1) + "1"


def test_a_derived_id_depends_on_every_part_and_on_nothing_else() -> None:
    assert derived_id("mem", "rule", "claim") == derived_id("mem", "rule", "claim")
    others = [("rule", "claims"), ("rul", "eclaim"), ("claim", "rule"), ("rule", "claim", "")]
    assert len({derived_id("mem", *parts) for parts in [("rule", "claim"), *others]}) == 5


def test_a_derived_id_is_pinned() -> None:
    """Another clone, another version: the same id, or every derived file would be made twice."""
    assert derived_id("con", "claim", "p04", "primary mirror", "mass") == "con-xqejcwehec1f"


@pytest.mark.parametrize("text", ["\udc80", "\ud800", "a\ud83d"])
def test_no_text_is_too_odd_to_derive_an_id_from(text: str) -> None:
    assert is_id(derived_id("mem", text), "mem")


@pytest.mark.parametrize(
    ("text", "prefix", "fine"),
    [
        ("mem-7k2m9qxw4d3f", "mem", True),
        ("mem-7k2m9qxw4d3f", "", True),
        ("mem-7k2m9qxw4d3f", "ent", False),
        ("mem-7k2m9qxw4d3f7k2m", "mem", True),
        ("mem-7k2m9qxw4d3", "mem", False),
        ("mem-" + "0" * 65, "mem", False),
        ("mem-7k2m9qxw4d3i", "mem", False),
        ("MEM-7K2M9QXW4D3F", "mem", False),
        ("mem-7k2m9qxw4d3f\n", "mem", False),
        ("mem_7k2m9qxw4d3f", "mem", False),
        ("", "", False),
    ],
)
def test_what_is_an_id(text: str, prefix: str, fine: bool) -> None:
    assert is_id(text, prefix) is fine


def test_the_alphabet_leaves_out_what_people_misread() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ilou") & set(ALPHABET)
