"""Uses: what shows that an answer rests on a memory, and what does not."""

from __future__ import annotations

import pytest
from helpers import record_of

from atocore.knowledge.reinforcement import Use, strongest
from atocore.knowledge.uses import Answer, answer_of, could_use, said_before, wording
from atocore.records.record import Record

ENOUGH = 0.7


def memory(text: str = "The primary mirror weighs 4.2 kg with its cell.", **keys: str) -> Record:
    head = "".join(f"{key}: {value}\n" for key, value in {"id": "mem-a", **keys}.items())
    return record_of(f"{head.rstrip()}\n--\n{text}\n", "memories/a.md")


def capture(prompt: str, response: str, **keys: str) -> Record:
    head = {"id": "int-a", "type": "codex", "created": "2026-11-22T07:46:00Z", **keys}
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return record_of(
        f"{lines.rstrip()}\n--\n## Prompt\n\n{prompt}\n\n## Response\n\n{response}\n", "captures/a.md"
    )


def share(response: str, of: Record | None = None, prompt: str = "What should the mount carry?") -> float:
    answer = answer_of(capture(prompt, response))
    one = of or memory()
    return 0.0 if said_before(answer, one, ENOUGH) else wording(answer, one)[0]


# -- uses


@pytest.mark.parametrize(
    "response",
    [
        "Since the primary mirror weighs 4.2 kg with its cell, the mount must carry 6 kg.",
        "Plan for more. The mirror and its cell: 4.2 kg. The primary weighs that, and the rest is yours.",
        "Use a stiffer fork.\n\nThe primary mirrors weigh 4.2 kg with the cell.",
    ],
)
def test_an_answer_that_says_what_the_memory_says_uses_it(response: str) -> None:
    assert share(response) >= ENOUGH


def test_the_words_that_tell_are_the_memorys_own() -> None:
    answer = answer_of(
        capture("What now?", "Our secret plan: the primary mirror weighs 4.2 kg with its cell.")
    )
    part, words = wording(answer, memory())
    assert part == 1.0 and words == ("primary", "mirror", "weighs", "4.2", "kg", "cell")


# -- no uses


@pytest.mark.parametrize(
    "response",
    [
        "I do not know.",
        "The primary mirror cell weighs nothing for 4.2 days.",  # another unit
        "The primary mirror weighs 4.3 kg with its cell.",  # another number
        "The primary mirror does not weigh 4.2 kg with its cell.",  # denied
        "Does the primary mirror weigh 4.2 kg with its cell?",  # asked
        "> The primary mirror weighs 4.2 kg with its cell.",  # quoted
        "```\nThe primary mirror weighs 4.2 kg with its cell.\n```",  # code
        "The mirror is heavy. " + "Other words follow here. " * 5 + "It costs 4.2 kg of gold for the cell.",
    ],
)
def test_an_answer_that_says_something_else_does_not(response: str) -> None:
    assert share(response) < ENOUGH


def test_another_subject_in_the_same_words_is_no_use() -> None:
    one = memory("The azimuth bearing carries 40 kg at most.", subject="azimuth bearing")
    assert share("The azimuth bearings carry 40kg.", one) >= ENOUGH
    assert share("The elevation bearing carries 40 kg at most.", one) == 0.0


def test_what_the_prompt_said_itself_is_no_use() -> None:
    for prompt in (
        "The primary mirror weighs 4.2 kg with its cell. What should the mount carry?",
        "Is it true that the primary mirror weighs 4.2 kg with its cell?",
    ):
        assert share("Yes, the primary mirror weighs 4.2 kg with its cell.", prompt=prompt) == 0.0


def test_a_short_memory_proves_nothing() -> None:
    assert share("Use Zerodur here.", memory("Use Zerodur.")) == 0.0


def test_a_capture_without_an_answer_uses_nothing() -> None:
    one = record_of(
        "id: int-a\ntype: codex\n--\n## Prompt\n\nThe primary mirror weighs 4.2 kg.\n", "captures/a.md"
    )
    assert answer_of(one).sentences == ()


# -- what could be used at all


@pytest.mark.parametrize(
    ("keys", "project", "expected"),
    [
        ({}, "", True),
        ({"created": "2026-11-01"}, "", True),
        ({"created": "2026-11-23"}, "", False),
        (
            {"created": "2026-11-01", "ruling": "{step: promote, by: A, at: '2026-11-22T08:00:00Z'}"},
            "",
            False,
        ),
        ({"created": "2026-11-01", "ruling": "{step: confirm, by: A, at: '2026-11-28T08:00:00Z'}"}, "", True),
        ({"project": "p"}, "p", True),
        ({"project": "q"}, "p", False),
        ({"project": "q"}, "", True),
        ({"provenance": "{interaction: int-a00000000000}"}, "", False),
    ],
)
def test_a_memory_must_have_been_known_then_and_belong_there(
    keys: dict[str, str], project: str, expected: bool
) -> None:
    assert could_use(capture("a", "b"), memory(**keys), project) is expected


def test_a_capture_without_a_date_uses_nothing() -> None:
    assert not could_use(capture("a", "b", created=""), memory(), "")


def test_a_pair_counts_once_by_its_strongest_use() -> None:
    weak, strong = (
        Use("int-a", "mem-a", "2026-11-22", 0.6, ("a",)),
        Use("int-a", "mem-a", "2026-11-22", 0.9, ("b",)),
    )
    assert strongest([weak, strong, weak]) == [strong]


def test_an_answer_has_one_or_two_sentences_at_a_time() -> None:
    assert list(Answer(("A.", "B.", "C."), ()).spans) == ["A.", "B.", "C.", "A. B.", "B. C."]
