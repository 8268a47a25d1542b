"""Where a statement ends and a task for the assistant begins."""

from __future__ import annotations

import pytest

from atocore.knowledge.extraction.extract import extract
from atocore.knowledge.extraction.speech.cue import is_name
from atocore.knowledge.extraction.speech.tasks import before_task, is_order
from atocore.knowledge.ingestion.voices import Voice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The tank holds 300 litres, update the table", "The tank holds 300 litres"),
        ("The tank holds 300 litres, so please check the pump", "The tank holds 300 litres"),
        ("The tank holds 300 litres - can you redraw it?", "The tank holds 300 litres"),
        ("The tank holds 300 litres, how long does it last?", "The tank holds 300 litres"),
        ("The tank holds 300 litres and feeds two pumps.", ""),
        ("ok, update the table", ""),
        ("When the chiller trips, reset it.", ""),
    ],
)
def test_what_stands_before_a_task_is_given(text: str, said: str) -> None:
    assert before_task(text) == said


def test_a_statement_is_kept_without_its_task_and_quoted_with_it() -> None:
    (one,) = extract("The tank holds 300 litres, update the table", voice=Voice.PERSON).proposals
    assert one.statement == "The tank holds 300 litres"
    assert one.quote == "The tank holds 300 litres, update the table"


def test_an_order_is_told_from_a_thing_of_that_name() -> None:
    assert is_order("please check the tank")
    assert not is_order("test is over")


@pytest.mark.parametrize(
    ("who", "source", "named"),
    [
        ("ines", "Ines owns the kiln", True),
        ("skf", "the vendor is SKF", True),
        ("ines and tom", "Ines and Tom do the doors", True),
        ("dr. haas", "our contact is Dr. Haas", True),
        ("somebody", "somebody owns the kiln", False),
        ("ines tom", "Ines tom", False),
    ],
)
def test_a_name_is_written_with_a_capital(who: str, source: str, named: bool) -> None:
    assert is_name(who, source) is named
