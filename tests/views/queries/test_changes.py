"""changed-since: what became of knowledge between two states of a vault."""

from __future__ import annotations

from helpers import ruling
from queried import ask

BEFORE = """\
-- memories/p/a.md --
id: mem-a
status: candidate
title: A
project: p
value: 4.2 kg
-- memories/p/b.md --
id: mem-b
title: B
project: p
value: 5 V
-- memories/p/c.md --
id: mem-c
title: C
project: p
-- memories/p/d.md --
id: mem-d
title: D
project: p
-- memories/p/e.md --
id: mem-e
status: candidate
title: E
"""
BORN = "-- memories/q/h.md --\nid: mem-h\nproject: q\ntitle: H\n"
REJECTED = ruling("reject").rstrip()


def changed(after: str, before: str = BEFORE, **options: object) -> list[tuple[object, ...]]:
    rows = ask(after, "changed-since", "then", before=before, **options).rows or ()
    return sorted((row["title"], row["step"], row["change"]) for row in rows)


def test_what_was_promoted_edited_retired_and_deleted_is_told_with_both_sides() -> None:
    after = BEFORE.replace("status: candidate\ntitle: A", "title: A\n" + ruling("promote").rstrip())
    after = after.replace("value: 5 V", "value: 6 V").replace("title: C", "status: retired\ntitle: C")
    after = after.replace("-- memories/p/d.md --\nid: mem-d\ntitle: D\nproject: p\n", "")
    assert changed(after) == [
        ("A", "promote", "candidate → active: weighed on the bench"),
        ("B", "edit", "5 V → 6 V"),
        ("C", "retire", "active → retired"),
        ("D", "delete", "D (its file is gone)"),
    ]


def test_the_same_vault_has_no_changes_and_says_so() -> None:
    answer = ask(BEFORE, "changed-since", "then", before=BEFORE)
    assert (answer.rows, answer.notes) == ((), ("no knowledge changed since then",))


def test_a_file_that_only_moved_is_no_change() -> None:
    assert changed(BEFORE.replace("memories/p/b.md", "memories/p/other.md")) == []


def test_candidates_are_counted_and_no_knowledge() -> None:
    after = BEFORE + "-- memories/p/f.md --\nid: mem-f\nstatus: candidate\n"
    after = after.replace(
        "status: candidate\ntitle: E", "status: rejected\ntitle: E\n" + ruling("reject").rstrip()
    )
    answer = ask(after, "changed-since", "then", before=BEFORE)
    assert answer.rows == ()
    assert "of what is no knowledge, 1 wait for review and 1 were rejected" in answer.notes


def test_steps_that_no_table_has_are_changes_all_the_same() -> None:
    """Promoted and retired between the two: neither step alone."""
    after = BEFORE.replace(
        "status: candidate\ntitle: A", "status: retired\ntitle: A\n" + ruling("retire").rstrip()
    )
    assert changed(after.replace("title: D", "title: D\nvalue: new")) == [("D", "edit", "D → new")]
    born = "-- memories/p/g.md --\nid: mem-g\nstatus: graduated\ngraduated_to: ent-a\n" + ruling("graduate")
    assert changed(BEFORE + born) == []


def test_an_edit_that_leaves_the_claim_names_the_keys() -> None:
    after = BEFORE.replace("title: B", "title: B\ntags: [x]\nstale_after: 2027-01-01")
    assert changed(after) == [("B", "edit", "tags, stale_after changed")]


def test_conflicts_that_open_and_close_are_told() -> None:
    opened = "-- conflicts/con-a.md --\nid: con-a\ntitle: p / mirror / mass\nmembers: []\n"
    assert changed(BEFORE + opened) == [("p / mirror / mass", "flag", "now open")]
    closed = opened.replace("title", "status: dismissed\ntitle") + ruling("dismiss")
    assert changed(BEFORE + closed, BEFORE + opened) == [
        ("p / mirror / mass", "dismiss", "open → dismissed: weighed on the bench")
    ]


def test_a_project_is_asked_alone() -> None:
    after = BEFORE.replace("value: 5 V", "value: 6 V") + BORN
    assert [title for title, *_ in changed(after, project="p")] == ["B"]
    assert [title for title, *_ in changed(after, project="q")] == ["H"]
