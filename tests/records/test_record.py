"""The record: what it says of itself."""

from __future__ import annotations

import pytest
from helpers import record_of

from atocore.records.record import plain_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# The mirror\nis heavy\n", "The mirror"),
        ("\n\n---\n\nText\n", "Text"),
        ("- a point\n", "a point"),
        ("1. first\n", "first"),
        ("> quoted\n", "quoted"),
        ("**bold** and *slanted* and `code`\n", "bold and slanted and code"),
        ("The setting max_open is 200\n", "The setting max_open is 200"),
        ("2*3 is 6, and 2 * 3 too\n", "2*3 is 6, and 2 * 3 too"),
        ("__init__ of __a thing__\n", "init of a thing"),
        ("***\n===\n", ""),
        ("", ""),
    ],
)
def test_the_first_line_that_says_something_without_its_marks(text: str, line: str) -> None:
    assert plain_line(text) == line


@pytest.mark.parametrize(
    ("keys", "claim"),
    [
        ("subject: mirror\nattribute: mass\nvalue: 4 kg", "mirror mass is 4 kg"),
        ("attribute: mass\nvalue: 4 kg", "mass is 4 kg"),
        ("question: Which glass?\nvalue: Zerodur", "Which glass? is Zerodur"),
        ("component: mirror\nvalue: Zerodur", "mirror is Zerodur"),
        ("subject: mirror\nattribute: mass", "mirror mass"),
        ("value: 4 kg", "4 kg"),
        ("tags: [x]", ""),
    ],
)
def test_the_claim_in_one_line(keys: str, claim: str) -> None:
    assert record_of(f"id: mem-a\n{keys}").claim == claim


@pytest.mark.parametrize(
    ("path", "record_id", "layer"),
    [
        ("memories/a.md", "mem-a", "L1"),
        ("entities/a.md", "ent-a", "L2"),
        ("state/a.md", "sta-a", "L3"),
        ("sources/a.md", "src-a", "L0"),
        ("conflicts/a.md", "con-a", ""),
        ("projects/a.md", "prj-a", ""),
        ("notes/a.md", "x", "L0"),
    ],
)
def test_the_layer_of_each_kind(path: str, record_id: str, layer: str) -> None:
    assert record_of(f"id: {record_id}\n", path).layer == layer
