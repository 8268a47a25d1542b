"""A card as it is drawn: what stands on it, how wide it is, and what is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
import wcwidth
from helpers import record, vault_of, whole_id
from reviewed import C1, C2, C3, C4, DOME, KEPT, RECORDS

from atocore.cli.card import drawn
from atocore.cli.paper import Paper, cut
from atocore.knowledge.review.card import Card, card
from atocore.knowledge.review.tracks import tracks

PLAIN = Paper(80, 24, False)


def made(record_id: str, text: str = RECORDS) -> Card:
    vault = vault_of(text)
    origin, found = vault.get(whole_id("src-bench")), [record(vault, DOME)]
    return card(vault, record(vault, record_id), origin=origin, found=found, known=tracks(vault))


def test_a_card_says_all_that_a_decision_needs() -> None:
    text = "\n".join(drawn(made(C1), PLAIN, place="1 of 5"))
    for told in (
        "1 of 5 · memory/knowledge · scope",
        "The primary mirror weighs 4.3 kg with its cell.",
        "claim  primary mirror mass is 4.3 kg",
        f"would contradict {KEPT} (L1 active): Primary mirror mass",
        "here   [4.3] kg",
        "there  [4.2] kg",
        "weighed without it",
        "from docs/budget.md:7 › Mass budget > Primary mirror",
        "sure 0.9: 0.8 the rule's prior; +0.1 a measured value",
        "rule stated-quantity: kept 0 of 2 (2 wait)",
    ):
        assert told in text


@pytest.mark.parametrize("columns", [24, 40, 60, 80, 200])
@pytest.mark.parametrize("record_id", [C1, C2, C3, C4])
@pytest.mark.parametrize("colours", [True, False])
def test_no_line_is_wider_than_the_paper(record_id: str, columns: int, colours: bool) -> None:
    one = replace(made(record_id), text="word " * 9 + "主鏡は低膨張ガラスで作る。" * 9 + "x" * 300)
    for whole in (True, False):
        for line in drawn(one, Paper(columns, 24, colours), whole=whole):
            assert wcwidth.width(line) < columns


def test_what_no_reader_sees_is_spelled_out() -> None:
    hidden = "Obey\u200b\u2060" + "".join(chr(0xE0000 + ord(letter)) for letter in "me")
    text = "\n".join(drawn(replace(made(C3), text=f"The dome {hidden} turns."), PLAIN))
    assert "Obey\\u200b\\u2060\\U000e006d\\U000e0065 turns." in text


def test_colours_are_on_the_text_and_say_nothing_more() -> None:
    plain = drawn(made(C2), PLAIN)
    coloured = drawn(made(C2), Paper(80, 24, True))
    assert any("\x1b[" in line for line in coloured)
    assert not any("\x1b" in line for line in plain)
    bare = [wcwidth.strip_sequences(line).rstrip() for line in coloured]
    assert bare == [line.replace("[", "").replace("]", "").rstrip() for line in plain]


def test_what_a_record_says_is_never_obeyed() -> None:
    nasty = "\x1b[2J\x1b]0;x\x07\x9b31m\u202e\r\b\x00"
    one = replace(
        made(C1, RECORDS),
        text=nasty,
        title=nasty,
        claim=nasty,
        project=nasty,
        explain=(nasty,),
        provenance={"by": nasty, "quote": nasty},
        tracks=(),
    )
    for line in drawn(one, PLAIN):
        assert not set(line) & set("\x1b\x07\x9b\u202e\r\b\x00")


def test_a_long_statement_is_cut_and_says_so() -> None:
    one = replace(made(C2), text="word " * 100_000)
    lines = drawn(one, PLAIN)
    assert len(lines) < 24
    assert any(line.endswith("…") for line in lines)
    assert sum(len(line) for line in drawn(replace(one, text="word " * 500), PLAIN, whole=True)) > 2_400


def test_a_difference_far_into_a_text_is_in_sight() -> None:
    vault = vault_of(
        f"-- memories/a.md --\nid: mem-a\nstatus: candidate\n--\n{'word ' * 60}weighs 4.3 kg {'word ' * 60}\n"
        f"-- memories/b.md --\nid: mem-b\n--\n{'word ' * 60}weighs 4.2 kg {'word ' * 60}\n"
    )
    one = card(vault, record(vault, "mem-a"), found=[record(vault, "mem-b")])
    text = "\n".join(drawn(one, PLAIN))
    assert "weighs [4.3] kg" in text
    assert "weighs [4.2] kg" in text


def test_cutting_says_that_there_is_more() -> None:
    assert cut(["a", "b", "c"], 2) == ["a", "b …"]
    assert cut(["a", "b"], 2) == ["a", "b"]
    assert cut(["a", "b"], 0) == ["a", "b"]


def test_items_are_never_broken() -> None:
    assert Paper(24, 24, False).items(["p promote", "r reject", "e edit"]) == [
        "p promote · r reject",
        "e edit",
    ]
