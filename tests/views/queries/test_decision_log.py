"""decision-log: decisions in the order in which they were made."""

from __future__ import annotations

from queried import ask

VAULT = """\
-- entities/p/b.md --
id: ent-b
type: decision
title: Use Zerodur
question: Which glass?
value: Zerodur
created: 2026-02-01
project: p
ruling: {step: promote, by: A <a@b.c>, at: 2026-03-01T00:00:00Z, why: it is stable}
-- entities/p/a.md --
id: ent-a
type: decision
status: superseded
superseded_by: ent-b
title: Use BK7
question: Which glass?
created: 2026-01-01
project: p
ruling: {step: supersede, by: A <a@b.c>, at: 2026-03-01T00:00:00Z, why: it is stable}
-- state/q/s.md --
id: sta-s
type: decision
title: Go
question: Do we build it?
value: yes
created: 2026-02-15
project: q
ruling: {step: confirm, by: B <b@b.c>, at: 2026-09-01T00:00:00Z}
-- entities/p/c.md --
id: ent-c
type: decision
status: candidate
title: Use nothing
-- memories/m.md --
id: mem-m
type: knowledge
title: No decision
"""


def test_decisions_stand_in_order_with_what_they_replaced_and_why() -> None:
    rows = ask(VAULT, "decision-log").rows or ()
    assert [(row["day"], row["question"], row["chosen"], row["why"], row["who"]) for row in rows] == [
        ("2026-01-01", "Which glass?", "Use BK7 (superseded by ent-b00000000000)", "it is stable", "A"),
        ("2026-02-15", "Do we build it?", "yes", "", "B"),
        (
            "2026-03-01",
            "Which glass?",
            "Zerodur; instead of Use BK7 (ent-a00000000000)",
            "it is stable",
            "A",
        ),
    ]


def test_a_project_has_its_own_log() -> None:
    assert [row["title"] for row in ask(VAULT, "decision-log", project="q").rows or ()] == ["Go"]


def test_without_decisions_it_says_how_to_write_one() -> None:
    assert "new entity --type decision" in ask("-- memories/a.md --\nid: mem-a\n", "decision-log").notes[0]
