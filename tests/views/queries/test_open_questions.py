"""open-questions: what nobody has settled yet."""

from __future__ import annotations

import pytest
from queried import ask

ASKED = """\
-- entities/p/a.md --
id: ent-a
type: decision
status: {status}
title: Zerodur it is
question: Which glass?
project: p
"""
ANSWER = """\
-- entities/p/b.md --
id: ent-b
type: decision
title: BK7
question: WHICH glass?
project: {project}
"""


def questions(vault: str, **options: object) -> list[tuple[object, object, object]]:
    return [(r["open"], r["question"], r["why"]) for r in ask(vault, "open-questions", **options).rows or ()]


def test_a_question_that_only_candidates_answer_is_open() -> None:
    asked = ASKED.format(status="candidate")
    assert questions(asked) == [("question", "Which glass?", "proposed: Zerodur it is (ent-a00000000000)")]
    assert questions(asked + ANSWER.format(project="p")) == []
    assert len(questions(asked + ANSWER.format(project="q"))) == 1, "projects do not answer each other"
    assert questions(ASKED.format(status="rejected")) == []


def test_a_question_whose_answer_is_out_of_force_is_open_again() -> None:
    retired = ASKED.format(status="retired")
    assert questions(retired)[0][2] == "its answer was retired: Zerodur it is (ent-a00000000000)"
    superseded = ASKED.format(status="superseded").replace("title:", "superseded_by: ent-c\ntitle:")
    other = ANSWER.format(project="p").replace("ent-b", "ent-c").replace("glass?", "glass for M1?")
    assert questions(superseded + other) == [], "its successor asks in other words"


def test_trusted_state_answers_a_question() -> None:
    state = "-- state/p/s.md --\nid: sta-s\ntype: decision\nquestion: Which glass?\nvalue: BK7\nproject: p\n"
    assert questions(ASKED.format(status="candidate") + state) == []


def test_an_open_conflict_is_one_question_whatever_its_members() -> None:
    vault = "".join(
        f"-- {folder}/p/{name}.md --\nid: {name}\nproject: p\n"
        f"subject: mirror\nattribute: mass\nvalue: {value} kg\n"
        for folder, name, value in (
            ("memories", "mem-a", 4),
            ("memories", "mem-b", 5),
            ("entities", "ent-c", 6),
        )
    )
    (found,) = ask(vault, "open-questions").rows or ()
    assert (found["id"], found["question"]) == ("ent-c00000000000", "mirror mass: 6 kg or 4 kg or 5 kg?")
    assert "is open: atocore conflicts show con-" in str(found["why"])


REQUIRED = """\
-- entities/r.md --
id: ent-r
type: requirement
title: {title}
attribute: {attribute}
value: {value}
"""


@pytest.mark.parametrize(
    ("title", "attribute", "value"),
    [
        ("Mass", "mass", ""),
        ("Mass", "mass", "TBD"),
        ("Mass", "", "to be defined"),
        ("Mass TBC", "", ""),
        ("M", "m", "???"),
    ],
)
def test_a_requirement_that_says_not_yet_how_much_is_open(title: str, attribute: str, value: str) -> None:
    vault = REQUIRED.format(title=title, attribute=attribute, value=value)
    assert [kind for kind, *_ in questions(vault)] == ["value"]


@pytest.mark.parametrize(
    ("title", "attribute", "value"),
    [
        ("Secrets are taken out", "", ""),
        ("Mass", "mass", "4 kg"),
        ("The list to be reviewed", "entries", "50"),
        ("Data are to be kept", "", ""),
        ("TBDX", "mass", "4"),
        ("Is it so?", "answer", "yes"),
    ],
)
def test_a_requirement_that_says_all_it_has_to_say_is_not(title: str, attribute: str, value: str) -> None:
    assert questions(REQUIRED.format(title=title, attribute=attribute, value=value)) == []


ASSUMED = "-- entities/h.md --\nid: ent-h\ntype: assumption\ntitle: It holds\n"


def test_an_assumption_is_open_until_something_bears_it_out() -> None:
    assert questions(ASSUMED) == [("assumption", "It holds", "nothing validates it, and nobody confirmed it")]
    assert questions(ASSUMED + "ruling: {step: confirm, by: A <a@b.c>, at: 2026-01-01}\n") == []
    shown = "-- entities/k.md --\nid: ent-k\ntype: result\nrelations: [{type: validates, target: ent-h}]\n"
    assert questions(ASSUMED + shown) == []
    cited = ASSUMED + "relations: [{type: evidenced_by, target: ent-r}]\n"
    result = "-- entities/r.md --\nid: ent-r\ntype: result\nstatus: {}\n"
    assert questions(cited + result.format("active")) == []
    assert len(questions(cited + result.format("retired"))) == 1, "evidence that counts no more"
    for target, kinds in (("int-x", []), ("src-x", ["assumption"]), ("[[Nobody]]", ["assumption"])):
        vault = cited.replace("target: ent-r", f'target: "{target}"')
        assert [kind for kind, *_ in questions(vault)] == kinds, target
    assert questions(cited.replace("ent-r", "src-s") + "-- sources/s.md --\nid: src-s\ntype: md\n") == []


def test_a_project_has_its_own_questions_and_none_is_an_answer() -> None:
    vault = ASKED.format(status="candidate") + ASSUMED + "-- memories/q.md --\nid: mem-q\nproject: q\n"
    assert [kind for kind, *_ in questions(vault, project="p")] == ["question"]
    assert "every question has an answer" in ask(vault, "open-questions", project="q").notes[0]
