"""Plain speech: what people say in passing becomes a proposal of the right type, and what they do not mean
becomes none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge.extraction.claims.reader import said_claim
from atocore.knowledge.extraction.extract import Proposal, extract
from atocore.knowledge.extraction.rules.text import sentences as rule_sentences
from atocore.knowledge.extraction.speech.sentences import folded, sentences_of
from atocore.knowledge.ingestion.opened import extracted
from atocore.knowledge.ingestion.voices import Voice
from atocore.records.codec import read

_UTTERANCES = [
    tuple(line.split("\t", 1))
    for line in Path(__file__).with_name("utterances.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("type_", "text"), _UTTERANCES)
def test_an_utterance_gives_its_type_or_nothing(type_: str, text: str) -> None:
    found = [p.type for p in extract(text.replace("\\n", "\n"), voice=Voice.PERSON).proposals]
    assert found == ([] if type_ == "-" else [type_])


def capture(prompt: str, response: str = "") -> str:
    answer = f"\n## Response\n\n{response}\n" if response else ""
    return (
        "---\nid: int-00000000000000a1\nkind: interaction\ntype: claude-code\ncreated: 2026-05-04T10:00:00Z\n"
        f"---\n## Prompt\n\n{prompt}\n{answer}"
    )


def found_in(prompt: str, response: str = "") -> list[Proposal]:
    record = read("captures/2026/05/04/a.md", capture(prompt, response).encode(), max_bytes=1 << 20).record
    assert record is not None
    return list(extracted(record, record.path).proposals)


def test_a_persons_words_are_found_with_their_evidence() -> None:
    (one,) = found_in("Thanks.\n\nWe decided to cast the housing. Now fix the drawing, please.")
    assert (one.kind, one.type, one.rule) == ("entity", "decision", "spoken-decision")
    assert one.statement == "We decided to cast the housing."
    assert one.headings == ("Prompt",)
    assert (one.first_line, one.last_line) == (5, 5)
    assert one.quote == "We decided to cast the housing."
    assert one.chunk
    assert one.explain[0].endswith("the rule's prior")


def test_two_sentences_of_one_line_may_speak_for_two_rules() -> None:
    found = found_in("I prefer oil over varnish. The gripper must not exceed 1.2 kg.")
    assert {p.type for p in found} == {"preference", "constraint"}


def test_of_an_assistants_words_only_what_was_agreed_counts_and_less() -> None:
    (said,) = found_in("ok", "We decided to cast the housing. I prefer casting. It must not exceed 4 kg.")
    (own,) = found_in("We decided to cast the housing.", "Fine.")
    assert said.type == "decision"
    assert said.confidence == pytest.approx(own.confidence - 0.2)
    assert "-0.20 an assistant said it" in said.explain


@pytest.mark.parametrize(
    "answer",
    [
        "I'll use a hash map instead of a list.",
        "I decided to rename the function.",
        "You should always run the tests.",
        "## Requirements\n\n- The valve shall close.\n",
        "## Decision\n\nWe will cast the housing.\n",
        "Remember that the cache must be cleared.",
        "Agreed: that is the better way.",
        "Let's go with the second one.",
    ],
)
def test_an_assistants_chatter_yields_nothing(answer: str) -> None:
    assert found_in("go on", answer) == []


def test_what_both_say_counts_as_the_persons() -> None:
    (one,) = found_in("We decided to cast the housing.", "We decided to cast the housing.")
    assert one.headings == ("Prompt",)


def test_a_fence_left_open_in_a_prompt_hides_no_response() -> None:
    (one,) = found_in("see\n\n```\nprint(1)", "We agreed to cast the housing.")
    assert one.headings == ("Response",)


def test_a_heading_that_a_person_typed_begins_no_response() -> None:
    found = found_in("We decided to cast the housing.\n\n ## Response\n\nWe decided to weld the frame.")
    assert [p.statement for p in found] == ["We decided to cast the housing."]


@pytest.mark.parametrize(
    "prompt",
    [
        "You are a carpenter. Our team owns the saw.",
        "Write a story where:\n\nWe decided to cast the housing.",
        "Here is the mail I got:\n\nWe decided to cast the housing.",
        "the log says:\n\nthe pump must not exceed 5 bar",
        "From: Ada\nTo: Bob\n\nWe decided to cast the housing.",
        "On Mon, 4 May 2026 Ada wrote:\n\nWe decided to cast the housing.",
        "User: we decided to cast the housing\nAssistant: good",
        "<notes>\nWe decided to cast the housing.\n</notes>",
        "<notes>\n\nWe decided to cast the housing.\n\n</notes>",
        "> We decided to cast the housing.",
        "    we decided to cast the housing",
        "```\nwe decided to cast the housing\n```",
        "ERROR 2026-05-04 the pump must not exceed 5 bar",
        "# Rules\n\nWe decided to cast the housing.",
        "Rules of the house\n\n## Style\n\nAlways oil the hinge.",
        "This file provides guidance to assistants.\n\nAlways oil the hinge.",
        "~~We decided to cast the housing.~~",
        "Base directory for this skill: here\n\nAlways oil the hinge.",
        "The address of the safe is [REDACTED:password] in room 4.",
        "Translate this: we decided to cast the housing",
        "Review this record:\n\n## Decision\n\nWe will cast the housing.\n",
    ],
)
def test_what_is_not_a_persons_own_word_yields_nothing(prompt: str) -> None:
    assert found_in(prompt) == []


def test_what_a_prompt_asks_for_under_a_heading_is_for_its_task() -> None:
    prompt = "Make me a page.\n\n## Requirements\n\n- The page must be blue.\n"
    assert found_in(prompt) == []
    (one,) = found_in("Notes of today.\n\n## Decision\n\nWe will cast the housing.\n")
    assert one.rule == "decision-heading"


def test_what_stands_after_a_tag_is_heard_again() -> None:
    (one,) = found_in("<notes>Always oil the hinge.\n\nOr so.</notes>\n\nWe decided to cast the housing.")
    assert one.type == "decision"


def test_why_a_turn_was_not_heard_is_told() -> None:
    skipped = extract(
        "You are a clerk.\n\n## Requirements\n\n- The valve shall close.\n", voice=Voice.PERSON
    ).skipped
    assert [s.reason for s in skipped] == ["a role to play"]


def test_a_statement_that_leans_is_given_with_what_it_leans_on() -> None:
    (one,) = found_in("The old seal leaks at 5 bar. We decided to replace it.")
    assert one.statement == "The old seal leaks at 5 bar. We decided to replace it."
    assert one.title == "We decided to replace it"


@pytest.mark.parametrize(
    "prompt",
    [
        "We decided to replace it.",
        "Should we keep the seal? We decided to replace it.",
        "Maybe the seal leaks at 5 bar. We decided to replace it.",
        "Hm. We decided to replace it.",
        "We decided to replace it. The old seal leaks at 5 bar.",
    ],
)
def test_a_statement_that_leans_on_nothing_is_left(prompt: str) -> None:
    assert found_in(prompt) == []


def test_a_list_that_was_agreed_on_gives_its_items() -> None:
    found = found_in(
        "We agreed on the following:\n\n- the mast is red\n- who paints it?\n- two bearings a shaft"
    )
    assert [(p.type, p.statement) for p in found] == [
        ("decision", "the mast is red"),
        ("decision", "two bearings a shaft"),
    ]


def test_a_decision_that_is_taken_back_yields_nothing() -> None:
    assert found_in("We decided to cast the housing. Scratch that, we weld it.") == []


MINUTES = """\
# Meeting of 4 May

Present: Ada, Bob

## Housing

Ada reports that the mould is late. Should we weld? After a long talk we decided to cast the housing.
Bob: we agreed that the lid stays square.

I am the joiner. Always oil the hinge.

## Next steps

We decided to order the mould.
"""


def test_in_documents_decisions_count_and_orders_to_the_reader_do_not() -> None:
    found = extract(MINUTES).proposals
    assert [p.type for p in found] == ["decision", "decision"]
    assert (found[0].first_line, found[0].headings) == (7, ("Meeting of 4 May", "Housing"))


def test_a_document_states_a_fact_where_it_claims_something() -> None:
    text = (
        "# Pump\n\nIt is blue. The mass of the pump is 4.2 kg.\n\n<img src='p.jpg'> *Rotor - weight: 68 g*\n"
    )
    found = extract(text).proposals
    assert [(p.type, p.subject, p.attribute, p.value) for p in found] == [
        ("knowledge", "pump", "mass", "4.2 kg"),
        ("knowledge", "Rotor", "mass", "68 g"),
    ]
    assert found[1].statement == "*Rotor - weight: 68 g*"


@pytest.mark.parametrize(
    "text",
    [
        "The mass of the pump could be 4.2 kg.",
        "- [x] Verify pump mass < 4.2 kg",
        "The mass of the pump used to be 4.2 kg.",
        "The mass of the pump is 4.2 kg in the old drawing, which is wrong.",
        "Is the mass of the pump 4.2 kg?",
    ],
)
def test_a_document_that_claims_nothing_states_no_fact(text: str) -> None:
    assert extract(f"# Pump\n\n{text}\n").proposals == ()


def test_structure_goes_first() -> None:
    text = "# Housing\n\n## Context\n\nWe decided to cast it.\n\n## Decision\n\nWe will cast the housing.\n"
    (one,) = extract(text).proposals
    assert one.rule == "decision-heading"
    (one,) = extract("Decision: we decided to cast the housing.\n").proposals
    assert one.rule == "decision-label"


def test_a_dead_document_says_nothing() -> None:
    text = "# Housing\n\nStatus: superseded by number 9\n\nWe decided to cast the housing.\n"
    assert extract(text).proposals == ()


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Actually, the mirror cell weighs 4.2 kg.", ("mirror cell", "mass", "4.2 kg")),
        ("the staging DB runs on port 5433", ("staging DB", "port", "5433")),
        ("no, the mast is 11.5 m high, not 12", ("mast", "height", "11.5 m")),
        ("the port of the staging server is 8081", ("staging server", "port", "8081")),
        ("that's wrong: the build server address is 10.0.4.17", ("build server", "address", "10.0.4.17")),
        ("I prefer oil over varnish for doors", ("doors", "", "oil")),
        ("We decided that the arm length is 12 mm", ("arm", "length", "12 mm")),
        ("ok, the arm mass must not exceed 4.5 kg", ("arm", "maximum mass", "4.5 kg")),
        ("The deadline for the roof is 14 June.", ("roof", "deadline", "14 June")),
    ],
)
def test_a_claim_is_read_where_it_is_stated(text: str, claim: tuple[str, str, str]) -> None:
    found = said_claim(text)
    assert found is not None
    assert (found.subject, found.attribute, found.value) == claim


@pytest.mark.parametrize(
    "text", ["it weighs 4 kg", "the port is already in use", "I prefer oil", "its port is 8081"]
)
def test_no_claim_is_guessed(text: str) -> None:
    assert said_claim(text) is None


_FRAGMENTS = (
    *("we decided to ", "I prefer ", "always ", "must not exceed ", "no, ", "the pump ", "is 4.2 kg", "it "),
    *(
        ". ",
        "? ",
        ":\n\n- ",
        "\n",
        "\n\n",
        "`",
        '"',
        "> ",
        "<a>",
        "</a>",
        "when ",
        "on 12 May ",
        "~~",
        "## Prompt\n",
    ),
)


@given(st.lists(st.sampled_from(_FRAGMENTS), max_size=30), st.sampled_from(list(Voice)))
def test_any_babble_is_heard_alike_and_stays_in_its_lines(parts: list[str], voice: Voice) -> None:
    text = "".join(parts)
    found = extract(text, voice=voice)
    assert found == extract(text, voice=voice)
    lines = text.count("\n") + 1
    assert all(1 <= one.first_line <= one.last_line <= lines for one in found.proposals)


def test_sentences_know_their_lines() -> None:
    text = "One is here. Two\nis long and goes on over the end of a line till it is done. See e.g. three.\nok"
    found = [(s.text[:9], s.first, s.last) for s in sentences_of(text, 3, Voice.DOCUMENT)]
    assert found == [("One is he", 3, 3), ("Two is lo", 3, 4), ("See e.g. ", 4, 4), ("ok", 5, 5)]


def test_folding_hides_what_is_not_said() -> None:
    said = "I’m sure **we** `never` said “we decided” — [so](http://x.y) don't ~~go~~!"
    assert folded(said) == "i am sure we ~code~ said ~quote~ — so do not!"


@pytest.mark.parametrize(
    "text",
    [
        "we decided to use the red pump for it " * 25_000,
        "We decided to use the red pump. " * 30_000,
        "on the 3 may the pump " * 45_000,
        ("we must not the our when if the a b c " * 12 + ". ") * 2_000,
        "- we always use it and never that, when the build fails, we decided\n" * 14_000,
        '"we ' * 250_000,
        "[we](" * 200_000,
        "yesterday the " * 70_000,
    ],
)
def test_a_megabyte_of_cues_is_heard_in_linear_time(text: str) -> None:
    assert len(extract(text, voice=Voice.PERSON).proposals) <= 2  # a pattern that blows up never gets here


def test_a_unit_behind_a_number_ends_a_sentence_and_an_initial_does_not() -> None:
    said = "The supply voltage of the pump is 24 V. please update the page. J. Doe owns it since 4 jan. 2027."
    texts = [one.text for one in sentences_of(said, 1, Voice.PERSON)]
    assert texts == [
        "The supply voltage of the pump is 24 V.",
        "please update the page.",
        "J. Doe owns it since 4 jan. 2027.",
    ]
    assert rule_sentences("The bus has 5 A. It is fused. See J. Doe.") == [
        "The bus has 5 A.",
        "It is fused.",
        "See J. Doe.",
    ]
