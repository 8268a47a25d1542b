"""Statements: what counts as said before, and what does not."""

from __future__ import annotations

import re

import pytest
from helpers import record_of
from hypothesis import example, given
from hypothesis import strategies as st

from atocore.records.statement import normal_statement, statement_key, text_key
from atocore.records.values.text import folded_text


@pytest.mark.parametrize(
    "same",
    [
        ("The mirror weighs 4.2 kg.", "the  MIRROR weighs 4.2\nkg", "The **mirror** weighs `4.2 kg`!"),
        ("See [the drawing](a.pdf).", "See [[the drawing]].", "See the drawing", "See ![the drawing](b.png)"),
        ("See [[drw-1|the drawing]]", "See the drawing"),
        ("ｍass", "mass"),
        ("the max_open setting", "the max open setting"),
        ("It is −5 °C", "it is -5 °C."),
        ("10⁶ cycles", "10^6 cycles"),
    ],
)
def test_the_same_words_are_the_same_statement(same: tuple[str, ...]) -> None:
    assert len({text_key(text) for text in same}) == 1, [normal_statement(text) for text in same]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It weighs 4.2 kg", "It weighs 4.3 kg"),
        ("It is 5 °C", "It is -5 °C"),
        ("It is 5", "It is .5"),
        ("It must be <= 5 kg", "It must be >= 5 kg"),
        ("It costs $5", "It costs €5"),
        ("x ≠ 5", "x 5"),
        ("It was tested for 10⁶ cycles", "It was tested for 106 cycles"),
        ("It is written in C", "It is written in C#"),
        ("It is written in C", "It is written in C++"),
        ("It is safe", "It is not safe"),
        ("see REQ-1.2", "see REQ-12"),
        ("5 %", "5"),
        ("±5", "5"),
    ],
)
def test_a_number_a_sign_or_a_negation_makes_another_statement(one: str, other: str) -> None:
    assert text_key(one) != text_key(other), normal_statement(one)


def test_a_text_with_a_lone_surrogate_has_a_key_too() -> None:
    assert len(text_key("\ud800")) == 24


@pytest.mark.parametrize(
    ("path", "record_id", "states"),
    [
        ("memories/a.md", "mem-a", True),
        ("entities/a.md", "ent-a", True),
        ("state/a.md", "sta-a", True),
        ("sources/a.md", "src-a", False),
        ("conflicts/a.md", "con-a", False),
        ("notes/a.md", "x", False),
    ],
)
def test_only_knowledge_states_something(path: str, record_id: str, states: bool) -> None:
    assert bool(statement_key(record_of(f"id: {record_id}\n", path))) is states


def test_an_empty_body_states_nothing() -> None:
    assert statement_key(record_of("id: mem-a\n--\n***\n")) == ""


def plainly(text: str) -> str:
    """What `normal_statement` is to give, said in three patterns and no thought of time."""
    linked = re.sub(
        r"!?\[\[?([^\]|]*)(?:\|([^\]]*))?\]?\](?:\([^)]*\))?", lambda m: f" {m[2] or m[1]} ", text
    )
    noise = r"[^\w%°±≤≥≠<>=+^$€£¥#./-]+|(?<!\w)[./#-]+(?!\.?\d)|[./-]+(?!\w)(?!\.\d)"
    return " ".join(re.sub(noise, " ", folded_text(linked).replace("_", " ")).split())


@given(st.text() | st.text("ab1é ./#-,_[]|()!", max_size=40))
@example("[[a|b](c) [d]](e)")
@example("a.#.b #-.5 c#. [](")
def test_every_text_is_normalised_as_the_plain_patterns_say(text: str) -> None:
    assert normal_statement(text) == plainly(text)


@pytest.mark.parametrize("text", ["[", "[](", "[[", "a|[", "](", "- ", "./#-"])
def test_a_hostile_body_is_normalised_in_linear_time(text: str) -> None:
    normal_statement(text * 200_000)
