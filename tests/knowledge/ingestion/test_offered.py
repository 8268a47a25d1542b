"""What other extractors offer: which of their answers become proposals, and what is told of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from helpers import record_of

from atocore.extractors import Passage
from atocore.knowledge.extraction.extract import Proposal
from atocore.knowledge.ingestion.offered import HIGHEST, MAX_PROPOSALS, Asked, judged, passages

LLM = Asked("llm", "1.2")
PASSAGE = Passage(
    "We talked.\nThe mirror weighs\n4.2 kg with its cell.\nFine.",
    headings=("Visit",),
    source="src-a",
    chunk="chk-a",
    first_line=10,
    last_line=13,
)
GOOD: dict[str, Any] = {
    "type": "knowledge",
    "statement": "The mirror weighs 4.2 kg.",
    "quote": "The mirror weighs 4.2 kg",
    "subject": "mirror",
    "attribute": "mass",
    "value": "4.2 kg",
    "confidence": 0.6,
    "rule": "mass",
}


def judge(*offers: object) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    return judged(LLM, PASSAGE, list(offers), lambda text: text.replace("hunter2", "[REDACTED: password]"))


def test_a_good_proposal_has_its_place_and_says_who_made_it() -> None:
    (one,), refused = judge(GOOD)
    assert refused == ()
    assert (one.rule, one.extractor, one.kind, one.type) == ("llm:mass", "llm/1.2", "memory", "knowledge")
    assert (one.first_line, one.last_line, one.chunk, one.headings) == (11, 12, "chk-a", ("Visit",))
    assert one.quote == "The mirror weighs\n4.2 kg"
    assert one.explain == ("0.60 as llm has it, 0.7 at most",)


@pytest.mark.parametrize(("given", "bounded"), [(1, HIGHEST), (0, 0.05), (0.5, 0.5)])
def test_its_confidence_is_bounded(given: float, bounded: float) -> None:
    assert judge({**GOOD, "confidence": given})[0][0].confidence == bounded


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"type": "gossip"}, "a `type` that is none of"),
        ({"type": None}, "a `type` that is no text"),
        ({"kind": "state"}, "neither memory nor entity"),
        ({"kind": "entity"}, "a `type` that is none of: project"),
        ({"statement": " \x00 "}, "no `statement`"),
        (
            {"statement": "<<<<<<< a\nx\n=======\ny\n>>>>>>> b"},
            "cannot be kept: the record cannot be written",
        ),
        ({"statement": "x" * 2001}, "2,001 characters"),
        ({"statement": 7}, "no text"),
        ({"quote": ""}, "no `quote`"),
        ({"quote": "The mirror weighs 5 kg"}, "does not stand in the passage"),
        ({"quote": "x" * 1001}, "1,001 characters"),
        ({"subject": "a\nb"}, "more than one line"),
        ({"value": "9" * 301}, "301 characters"),
        ({"title": "\ud800"}, "no valid text"),
        ({"confidence": 2}, "not from 0 to 1"),
        ({"confidence": "high"}, "not from 0 to 1"),
        ({"confidence": True}, "not from 0 to 1"),
        ({"confidence": float("nan")}, "not from 0 to 1"),
        ({"rule": "Bad Rule"}, "a `rule` that"),
        ({"status": "active"}, "unknown key 'status'"),
        ({"id": "mem-000000000001"}, "unknown key 'id'"),
    ],
)
def test_a_bad_proposal_is_told_and_the_others_count(change: dict[str, Any], told: str) -> None:
    kept, refused = judge({**GOOD, **change}, GOOD)
    assert len(kept) == 1
    assert len(refused) == 1 and refused[0].startswith("proposal 1 ") and told in refused[0]


def test_what_is_no_proposal_at_all_is_told() -> None:
    assert judge("text", None)[1] == ("proposal 1 is no object", "proposal 2 is no object")
    assert judged(LLM, PASSAGE, {"a": 1}, str)[1] == ("gave no list of proposals",)
    kept, refused = judge(*[GOOD] * (MAX_PROPOSALS + 3))
    assert len(kept) == MAX_PROPOSALS and refused == ("3 more than 20 proposals of one passage",)


def test_secrets_and_control_characters_do_not_get_in() -> None:
    (one,), _ = judge(
        {**GOOD, "statement": "It is hunter2\x1b[31m.", "title": "hunter2", "explain": "hunter2"}
    )
    assert "hunter2" not in f"{one.statement}{one.title}{one.explain}" and "\x1b" not in one.statement


def test_the_passages_of_a_capture_know_who_speaks() -> None:
    capture = record_of(
        "---\nid: int-000000000000\nkind: interaction\ntype: codex\ncreated: 2026-11-22T07:46:00Z\n---\n"
        "## Prompt\n\nWhat now?\n\n## Response\n\nUse Zerodur.\n",
        "captures/2026/11/22/int-000000000000.md",
    )
    found = list(passages(capture, capture.path, "p", "english"))
    assert [(one.speaker, one.kind, one.project, one.language) for one in found] == [
        ("person", "interaction", "p", "english"),
        ("assistant", "interaction", "p", "english"),
    ]


def test_instructions_and_memories_of_assistants_are_not_asked_about() -> None:
    source = record_of(
        "---\nid: src-000000000000\nkind: source\ntype: markdown\n---\nUse tabs.\n", "sources/a.md"
    )
    assert list(passages(source, "AGENTS.md", "p", "")) == []
    assert len(list(passages(source, "notes.md", "p", ""))) == 1


def test_a_secret_that_only_the_claim_shows_is_taken_out() -> None:
    def redact(text: str) -> str:
        return text.replace("password: Xy9", "password: [REDACTED: password]")

    offer = {**GOOD, "attribute": "password", "value": "Xy9", "statement": "It is kept elsewhere."}
    ((one,), _) = judged(LLM, PASSAGE, [offer], redact)
    assert one.value == "[REDACTED: password]"
