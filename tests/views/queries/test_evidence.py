"""evidence: from a fact back to what it was made from."""

from __future__ import annotations

from helpers import ruling
from queried import ask

from atocore.records.past import Event
from atocore.views.queries.asked import Asked
from atocore.views.queries.asking import QueryAnswer
from atocore.views.queries.evidence import evidence
from atocore.views.queries.past import Past
from atocore.views.queries.trail import trail_of

SOURCE = """\
-- sources/p/adr.md --
id: src-s
type: markdown
title: Mirror
--
# Mirror

## Requirements

- The mirror mass must not exceed 4.5 kg.
"""
MEMORY = """\
-- memories/p/m.md --
id: mem-m
status: graduated
graduated_to: ent-a
title: Mirror mass
provenance:
  source: src-s
  path: adr.md
  heading: Mirror > Requirements
  lines: "5-5"
  quote: "- The mirror mass must not exceed 4.5 kg."
  rule: requirement-heading
""" + ruling("graduate")
ENTITY = """\
-- entities/p/a.md --
id: ent-a
type: requirement
title: Mass limit
supersedes: [ent-b, ent-c]
provenance:
  record: mem-m
relations:
  - type: evidenced_by
    target: ent-r
""" + ruling("promote")
REPLACED = (
    "-- entities/p/b.md --\nid: ent-b\nstatus: superseded\nsuperseded_by: ent-a\ntitle: Old limit\n"
    + ruling("supersede")
    + "-- entities/p/c.md --\nid: ent-c\nstatus: rejected\nsuperseded_by: ent-a\ntitle: The same again\n"
    + ruling("merge")
)
RESULT = """\
-- entities/p/r.md --
id: ent-r
type: result
title: Weighed
provenance:
  interaction: int-g
  quote: it comes out at 4.2 kg
-- entities/p/k.md --
id: ent-k
type: validation_claim
title: Light enough
relations: [{type: validates, target: ent-a}]
-- entities/p/x.md --
id: ent-x
type: validation_claim
status: retired
title: Not any more
relations: [{type: validates, target: ent-a}]
"""
VAULT = SOURCE + MEMORY + ENTITY + REPLACED + RESULT


def links(answer: QueryAnswer) -> list[str]:
    """How each station is reached, and its title."""
    rows = [row for row in answer.rows or () if row["depth"] and not row["date"]]
    return [f"{row['how']}: {row['title'] or row['id']}" for row in rows]


def test_a_fact_leads_back_through_what_it_was_made_from_to_the_words() -> None:
    answer = ask(VAULT, "evidence", "Mass limit")
    assert links(answer) == [
        "› graduated from: Mirror mass",
        "› › passage: Mirror",
        "› supersedes: Old limit",
        "› merged in: The same again",
        "› evidence: Weighed",
        "› › prompt: int-g00000000000",
        "› validated by: Light enough",
    ]
    passage = next(row for row in answer.rows or () if row["how"] == "› › passage")
    assert passage["place"] == "adr.md:5-5 › Mirror > Requirements"
    assert passage["quote"] == "- The mirror mass must not exceed 4.5 kg."
    assert passage["rule"] == "requirement-heading"
    assert "⚠" not in str(passage["what"])


def test_the_persons_step_and_reason_stand_with_each_record() -> None:
    answer = ask(VAULT, "evidence", "Mass limit")
    told = [(row["how"], row["who"], row["what"]) for row in answer.rows or () if row["by"]]
    assert told[:2] == [
        ("promote", "A Reviewer", "weighed on the bench"),
        ("› graduate", "A Reviewer", "weighed on the bench"),
    ]


def test_a_capture_that_this_clone_lacks_is_not_here_and_one_that_it_has_is_told() -> None:
    answer = ask(VAULT, "evidence", "Weighed")
    prompt = next(row for row in answer.rows or () if row["how"] == "› prompt")
    assert (prompt["id"], prompt["kind"], prompt["path"]) == ("int-g00000000000", "interaction", "")
    assert "not here" in str(prompt["what"]) and "it comes out at 4.2 kg" in str(prompt["what"])
    here = "-- captures/a.md --\nid: int-g\ntitle: How heavy?\nclient: codex\ncreated: 2026-11-22\n"
    told = ask(VAULT, "evidence", "Weighed", local=here).rows or ()
    assert "not here" not in str([row["what"] for row in told])
    assert ("› captured", "codex") in [(row["how"], row["by"]) for row in told]


def test_a_passage_that_reads_otherwise_now_is_told_with_its_present_words() -> None:
    changed = SOURCE.replace("exceed 4.5 kg", "exceed 4.4 kg")
    answer = ask(changed + MEMORY + ENTITY + REPLACED + RESULT, "evidence", "Mass limit")
    passage = next(row for row in answer.rows or () if row["how"] == "› › passage")
    assert "⚠ now: “- The mirror mass must not exceed 4.4 kg.”" in str(passage["what"])


def test_a_tool_a_page_and_a_proposer_are_told_in_words() -> None:
    vault = """
-- entities/t.md --
id: ent-t
title: T
provenance: {tool: nastran, external_id: S-1, file: run.json, revision: B}
-- entities/u.md --
id: ent-w
title: U
provenance: {path: docs/a.md, heading: A, quote: so it is}
-- entities/v.md --
id: ent-v
title: V
provenance: {by: codex/1}
"""
    for name, how, what in (
        ("ent-t00000000000", "› tool", "nastran S-1 run.json revision B"),
        ("ent-w00000000000", "› page", "docs/a.md › A “so it is”"),
        ("ent-v00000000000", "› proposed by", "codex/1"),
    ):
        assert [(row["how"], row["what"]) for row in ask(vault, "evidence", name).rows or ()] == [(how, what)]


def test_a_candidate_and_a_rejected_record_have_evidence_too() -> None:
    for status in ("candidate", "rejected", "superseded"):
        vault = f"-- entities/a.md --\nid: ent-a\nstatus: {status}\ntitle: A\nprovenance: {{by: codex/1}}\n"
        assert links(ask(vault, "evidence", "ent-a00000000000")) == ["› proposed by: A"]


def test_relations_by_name_are_followed_in_both_directions() -> None:
    vault = """
-- entities/a.md --
id: ent-a
type: requirement
title: Mass limit
relations: [{type: evidenced_by, target: "[[Weighed]]"}]
-- entities/r.md --
id: ent-r
type: result
title: Weighed
-- entities/k.md --
id: ent-k
type: validation_claim
title: Light enough
relations: [{type: validates, target: "[[mass limit]]"}]
"""
    assert links(ask(vault, "evidence", "Mass limit")) == [
        "› evidence: Weighed",
        "› validated by: Light enough",
    ]


def test_circles_end_and_long_trails_are_cut() -> None:
    circle = """
-- entities/a.md --
id: ent-a
title: A
relations: [{type: evidenced_by, target: ent-b}]
-- entities/b.md --
id: ent-b
title: B
relations: [{type: evidenced_by, target: ent-a}]
"""
    assert links(ask(circle, "evidence", "A")) == ["› evidence: B"]
    many = "-- entities/a.md --\nid: ent-a\ntitle: A\nsupersedes:\n" + "".join(
        f"  - ent-{number:0>12}\n" for number in range(99)
    )
    answer = ask(many, "evidence", "A")
    assert len(links(answer)) == 59
    assert "only 60 stations are told" in answer.notes


def test_the_ruling_tells_the_reason_and_what_a_squash_took_from_git() -> None:
    from helpers import vault_of
    from queried import graph_of

    snapshot = vault_of("-- entities/a.md --\nid: ent-a\ntitle: A\n" + ruling("promote"))
    graph, record = graph_of(snapshot), snapshot.get("ent-a00000000000")
    assert record is not None
    trail = trail_of(snapshot, record, lambda _id: None)

    def told(*events: Event) -> list[tuple[object, object, object]]:
        past = Past(trail=trail, events={record.id: events})
        found = evidence(Asked(graph, past=past, about=graph.records[record.id]))
        return [(row["how"], row["commit"], row["what"]) for row in found.rows]

    promoted = Event("promote", "2026-11-22T09:13:00+00:00", "A <a@b.c>", "c0ffee", "a squash of all")
    added = promoted._replace(step="add")
    assert told(promoted) == [("promote", "c0ffee", "weighed on the bench")]
    assert told(added) == [("promote", "", "weighed on the bench"), ("add", "c0ffee", "a squash of all")]
