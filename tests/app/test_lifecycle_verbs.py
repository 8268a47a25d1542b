"""Each verb of the lifecycle and its reverse, on disk: one commit with subject, reason and trailers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk, last, only, refusal
from helpers import whole

from atocore.app.answers import Written
from atocore.errors import AtocoreError

Verb = Callable[[Desk], Written]
MASS, GEM, FRAME = whole("mem-mass"), whole("mem-gem"), whole("ent-frame")

OTHER = """
-- memories/scope/other.md --
id: mem-2nd
project: scope
subject: primary mirror
attribute: coating
value: silver
--
The primary mirror is coated with silver.
"""


def _rejected(desk: Desk) -> None:
    desk.vault.reject(MASS, reason="a quotation")


def _retired(desk: Desk) -> None:
    desk.vault.retire(GEM)


def _graduating(desk: Desk) -> None:
    desk.vault.graduate(GEM, type="material")


CASES: list[tuple[str, str, Callable[[Desk], None] | None, Verb, str, str]] = [
    ("promote", "mem-mass", None, lambda d: d.vault.promote(MASS, reason="so it is"), "candidate", "active"),
    ("demote", "mem-gem", None, lambda d: d.vault.demote(GEM, reason="so it is"), "active", "candidate"),
    ("confirm", "mem-gem", None, lambda d: d.vault.confirm(GEM, reason="so it is"), "active", "active"),
    ("reject", "mem-mass", None, lambda d: d.vault.reject(MASS, reason="so it is"), "candidate", "rejected"),
    (
        "reopen",
        "mem-mass",
        _rejected,
        lambda d: d.vault.reopen(MASS, reason="so it is"),
        "rejected",
        "candidate",
    ),
    ("retire", "mem-gem", None, lambda d: d.vault.retire(GEM, reason="so it is"), "active", "retired"),
    (
        "restore",
        "mem-gem",
        _retired,
        lambda d: d.vault.restore_record(GEM, reason="so it is"),
        "retired",
        "active",
    ),
    (
        "supersede",
        "mem-gem",
        None,
        lambda d: d.vault.supersede(GEM, by="mem-2nd000000000", reason="so it is"),
        "active",
        "superseded",
    ),
]


@pytest.mark.parametrize(
    ("action", "short", "prepare", "verb", "before", "after"), CASES, ids=[case[0] for case in CASES]
)
def test_a_verb_is_one_commit_and_undo_takes_it_back(
    desk: Desk,
    action: str,
    short: str,
    prepare: Callable[[Desk], None] | None,
    verb: Verb,
    before: str,
    after: str,
) -> None:
    desk.commit(OTHER)
    if prepare:
        prepare(desk)
    start, files = desk.head(), desk.state()[2]
    assert desk.status(short) == before

    written = verb(desk)

    assert desk.commits_since(start) == [written.commit]
    assert desk.status(short) == after
    subject, body, trailers = desk.message().split("\n\n")
    assert subject.startswith(f"{action} ")
    assert body == "so it is"
    lines = trailers.splitlines()
    assert lines[0] == f"Atocore-Action: {action}"
    assert f"Atocore-Record: {whole(short)}" in lines
    assert lines[-1] == "Atocore-Actor: person"
    assert desk.touched() == {record.path for record in written.records}
    assert desk.git("log", "-1", "--format=%an <%ae>").strip() == "A Reviewer <reviewer@example.org>"
    assert (last(desk).action, last(desk).actor, last(desk).reason) == (action, "person", "so it is")
    ruling = desk.vault.show(whole(short)).ruling
    assert ruling is not None
    assert (ruling["step"], ruling["why"]) == (action, "so it is")
    assert desk.codes() == []

    undone = desk.vault.undo("HEAD")
    assert desk.status(short) == before
    assert desk.state()[2] == files
    assert len(desk.commits_since(start)) == 2
    assert last(desk).action == "undo"
    assert undone.commit == desk.head()

    desk.vault.undo("HEAD")
    assert desk.status(short) == after


REVERSES: list[tuple[str, Callable[[Desk], None] | None, Verb, Verb]] = [
    ("promote", None, lambda d: d.vault.promote(MASS), lambda d: d.vault.demote(MASS)),
    ("reject", None, lambda d: d.vault.reject(MASS, reason="no"), lambda d: d.vault.reopen(MASS)),
    ("retire", None, lambda d: d.vault.retire(GEM), lambda d: d.vault.restore_record(GEM)),
    (
        "supersede",
        None,
        lambda d: d.vault.supersede(GEM, by="mem-2nd000000000"),
        lambda d: d.vault.restore_record(GEM),
    ),
    ("graduate", None, lambda d: d.vault.graduate(GEM), lambda d: d.vault.ungraduate(GEM)),
    (
        "graduate and promote",
        _graduating,
        lambda d: d.vault.promote(graduate_of(d)),
        lambda d: d.vault.ungraduate(GEM),
    ),
    (
        "set",
        None,
        lambda d: d.vault.state_set("scope", "phase", "design"),
        lambda d: d.vault.state_unset("scope", "phase"),
    ),
]


def graduate_of(desk: Desk) -> str:
    record = desk.vault.catch_up().get(GEM)
    assert record is not None
    return record.graduated_to


@pytest.mark.parametrize(("name", "prepare", "step", "reverse"), REVERSES, ids=[case[0] for case in REVERSES])
def test_a_step_and_its_reverse_leave_the_statuses_as_they_were(
    desk: Desk, name: str, prepare: Callable[[Desk], None] | None, step: Verb, reverse: Verb
) -> None:
    desk.commit(OTHER)
    if prepare:
        prepare(desk)
    shorts = ("mem-mass", "mem-gem", "mem-2nd", "ent-frame")
    before, start = desk.statuses(*shorts), desk.head()
    step(desk)
    assert (desk.statuses(*shorts) != before) == (name not in ("graduate", "set"))
    reverse(desk)
    assert desk.statuses(*shorts) == before
    assert len(desk.commits_since(start)) == 2
    assert desk.codes() == []
    gem = desk.vault.catch_up().get(GEM)
    assert gem is not None
    assert (gem.superseded_by, gem.graduated_to) == ("", "")


def test_promote_supersedes_in_the_same_commit(desk: Desk) -> None:
    start = desk.head()
    written = desk.vault.promote(MASS, supersede=[GEM], reason="better glass")
    assert desk.commits_since(start) == [written.commit]
    assert desk.statuses("mem-mass", "mem-gem") == ["active", "superseded"]
    old = desk.vault.show(GEM)
    assert old.keys["superseded_by"] == MASS
    desk.vault.undo("HEAD")
    assert desk.statuses("mem-mass", "mem-gem") == ["candidate", "active"]


def test_a_bulk_verb_is_all_or_nothing(desk: Desk) -> None:
    start = desk.head()
    with pytest.raises(AtocoreError) as caught:
        desk.vault.retire(GEM, MASS)
    assert caught.value.code == "impossible-step"
    assert desk.head() == start
    assert desk.status("mem-gem") == "active"
    desk.vault.retire(GEM, FRAME)
    assert len(desk.commits_since(start)) == 1
    assert desk.statuses("mem-gem", "ent-frame") == ["retired", "retired"]


def test_graduation_keeps_the_memory_until_the_entity_is_promoted(desk: Desk) -> None:
    desk.vault.graduate(GEM, type="material")
    entity = graduate_of(desk)
    assert desk.statuses("mem-gem") == ["active"]
    assert desk.vault.show(entity).status == "candidate"
    start = desk.head()
    desk.vault.promote(entity)
    assert len(desk.commits_since(start)) == 1
    assert desk.statuses("mem-gem") == ["graduated"]
    assert desk.vault.show(GEM).keys["graduated_to"] == entity
    assert GEM in desk.vault.show(entity).linked_from


def test_rejecting_the_entity_gives_the_memory_back(desk: Desk) -> None:
    desk.vault.graduate(GEM)
    entity = graduate_of(desk)
    desk.vault.reject(entity, reason="no parameter")
    gem = desk.vault.catch_up().get(GEM)
    assert gem is not None
    assert (gem.status, gem.graduated_to) == ("active", "")


def test_promoting_a_proposal_carries_it_out(desk: Desk) -> None:
    made = desk.machine.propose(
        "The mirror blank is ULE.", keys={"project": "scope", "proposes": {"retire": GEM}}
    )
    start = desk.head()
    desk.vault.promote(only(made).id)
    assert len(desk.commits_since(start)) == 1
    assert desk.status("mem-gem") == "retired"


def test_state_is_set_and_set_again(desk: Desk) -> None:
    first = only(desk.vault.state_set("scope", "primary mirror.polish", "rough", category="status"))
    assert (first.kind, first.type, first.status, first.layer) == ("state", "status", "active", "L3")
    start = desk.head()
    second = desk.vault.state_set("scope", "Primary  Mirror.polish", "fine", source=GEM, reason="measured")
    assert len(desk.commits_since(start)) == 1
    assert desk.vault.show(first.id).status == "superseded"
    got = desk.vault.state_get("scope", "primary mirror.polish")
    assert (got.value, got.type) == ("fine", "status")
    assert got.provenance == {"record": GEM}
    assert got.id in {record.id for record in second.records}
    assert [record.value for record in desk.vault.state_list("scope").records] == ["fine"]
    desk.vault.undo("HEAD")
    assert desk.vault.state_get("scope", "primary mirror.polish").value == "rough"
    desk.vault.state_unset("scope", "primary mirror.polish")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.state_get("scope", "primary mirror.polish")
    assert caught.value.code == "not-found"


def test_new_makes_a_record_at_any_status(desk: Desk) -> None:
    start = desk.head()
    made = only(desk.vault.new("memory", "Old lore.", type="knowledge", status="retired", reason="history"))
    assert (made.status, last(desk).action, last(desk).reason) == ("retired", "add", "history")
    assert len(desk.commits_since(start)) == 1
    assert desk.codes() == []
    desk.vault.undo("HEAD")
    assert not (desk.folder / made.path).exists()


def test_adopt_gives_a_note_its_id_and_nothing_else(desk: Desk) -> None:
    before = desk.text("notes/visit.md")
    made = only(desk.vault.adopt("notes/visit.md", "memory", type="episodic", status="candidate"))
    assert made.path == "notes/visit.md"
    assert desk.text("notes/visit.md").endswith(before)
    assert desk.vault.show(made.id).type == "episodic"
    assert last(desk).action == "add"


def test_edit_commits_the_text_as_it_was_written(desk: Desk) -> None:
    text = desk.text("memories/scope/gem.md").replace("\nvalue:", "\n# checked twice\nvalue:")
    desk.vault.edit(GEM, text.encode(), reason="a remark")
    assert desk.text("memories/scope/gem.md") == text
    assert (last(desk).action, last(desk).reason) == ("edit", "a remark")


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (lambda v: v.promote(GEM), "impossible-step"),
        (lambda v: v.promote("mem-nowhere00000"), "not-found"),
        (lambda v: v.promote(), "usage"),
        (lambda v: v.reject(MASS), "usage"),
        (lambda v: v.demote(MASS), "impossible-step"),
        (lambda v: v.confirm(MASS), "impossible-step"),
        (lambda v: v.reopen(MASS), "impossible-step"),
        (lambda v: v.restore_record(GEM), "impossible-step"),
        (lambda v: v.supersede(GEM, by=GEM), "impossible-step"),
        (lambda v: v.supersede(GEM, by=MASS), "impossible-step"),
        (lambda v: v.ungraduate(GEM), "impossible-step"),
        (lambda v: v.graduate(FRAME), "impossible-step"),
        (lambda v: v.graduate(GEM, type="nonsense"), "bad-value"),
        (lambda v: v.state_set("scope", "phase", " "), "bad-value"),
        (lambda v: v.state_set("scope", "", "x"), "usage"),
        (lambda v: v.state_set("scope", "phase", "x", category="nonsense"), "bad-value"),
        (lambda v: v.state_unset("scope", "phase"), "not-found"),
        (lambda v: v.new("memory", "x", type="nonsense"), "bad-value"),
        (lambda v: v.new("memory", "x"), "bad-value"),
        (lambda v: v.new("conflict", "x"), "bad-value"),
        (lambda v: v.new("memory", " ", type="knowledge"), "bad-value"),
        (lambda v: v.new("memory", "x" * 9_000_000, type="knowledge"), "bad-value"),
        (lambda v: v.propose("x" * 9_000_000), "bad-value"),
        (lambda v: v.new("project", "Again.", keys={"name": "scope"}), "exists"),
        (lambda v: v.adopt("memories/scope/gem.md", "memory", type="knowledge"), "exists"),
        (lambda v: v.adopt("notes/none.md", "memory", type="knowledge"), "not-found"),
        (lambda v: v.edit(GEM, b"not a record"), "has-problems"),
        (lambda v: v.undo("no-such-commit"), "not-found"),
        (lambda v: v.conflicts_resolve("con-none", winner=GEM), "not-found"),
        (lambda v: v.show("mem"), "not-found"),
        (lambda v: v.show("mem-"), "ambiguous"),
    ],
)
def test_a_refusal_has_its_code_and_changes_nothing(
    desk: Desk, verb: Callable[[object], object], code: str
) -> None:
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        verb(desk.vault)
    assert caught.value.code == code
    assert caught.value.message
    assert desk.state() == before


def test_a_hash_binds_a_step_to_what_was_seen(desk: Desk) -> None:
    seen = desk.vault.show(MASS).hash
    desk.commit("""
-- memories/scope/rival.md --
id: mem-rev
project: scope
subject: primary mirror
attribute: mass
value: 5 kg
--
It weighs 5 kg.
""")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.promote(MASS, if_hash=seen)
    code, told = refusal(caught.value)
    assert code == "changed-meanwhile"
    now = desk.vault.show(MASS).hash
    assert now in told
    assert now != seen
    desk.vault.promote(MASS, if_hash=now)
    assert desk.status("mem-mass") == "active"


def test_a_hash_holds_while_nothing_of_its_slot_changes(desk: Desk) -> None:
    seen = desk.vault.show(MASS).hash
    desk.commit(OTHER)
    desk.vault.promote(MASS, if_hash=seen)
    assert desk.status("mem-mass") == "active"


def test_undo_tells_why_it_no_longer_applies(desk: Desk) -> None:
    first = desk.vault.retire(GEM).commit
    later = desk.vault.restore_record(GEM).commit
    assert first
    assert later
    with pytest.raises(AtocoreError) as caught:
        desk.vault.undo(first)
    code, told = refusal(caught.value)
    assert code == "cannot-undo"
    assert "memories/scope/gem.md" in told
    assert later[:10] in told


def test_undo_of_a_commit_that_also_changed_other_files(desk: Desk) -> None:
    desk.edit("notes/visit.md", "Mondays", "Tuesdays")
    commit = desk.commit("-- memories/scope/extra.md --\nid: mem-ext\n--\nExtra.\n", "mixed")
    desk.vault.undo(commit)
    assert "Mondays" in desk.text("notes/visit.md")
    assert not (desk.folder / "memories/scope/extra.md").exists()


def test_undo_of_a_commit_outside_the_vault_or_of_a_merge_is_refused(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    desk.commit("-- notes/side.md --\nside\n", "side")
    desk.git("switch", "-q", "main")
    desk.commit("-- notes/main.md --\nmain\n", "main")
    desk.git("merge", "-q", "--no-edit", "side")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.undo("HEAD")
    assert refusal(caught.value) == (
        "cannot-undo",
        f"HEAD is a merge -> git revert -m 1 {desk.head()[:10]}",
    )
    desk.git("commit", "-q", "--allow-empty", "-m", "nothing")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.undo("HEAD")
    assert caught.value.code == "cannot-undo"


def test_git_revert_restores_the_former_state_and_a_revert_of_it_the_later_one(desk: Desk) -> None:
    desk.vault.promote(MASS, supersede=[GEM])
    desk.git("revert", "--no-edit", "HEAD")
    assert desk.statuses("mem-mass", "mem-gem") == ["candidate", "active"]
    assert desk.found("weighs") == []
    assert desk.codes() == []
    desk.git("revert", "--no-edit", "HEAD")
    assert desk.statuses("mem-mass", "mem-gem") == ["active", "superseded"]
    assert desk.found("weighs") == [MASS]
    assert desk.codes() == []
    assert desk.stale() == []


@pytest.mark.parametrize("situation", ["unstaged", "staged", "deleted"])
def test_a_dirty_target_is_refused_by_name_and_nothing_changes(desk: Desk, situation: str) -> None:
    path = "memories/scope/gem.md"
    if situation == "deleted":
        (desk.folder / path).unlink()
    else:
        desk.edit(path, "made of Zerodur", "made of Zerodur glass")
    if situation == "staged":
        desk.git("add", path)
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        desk.vault.promote(MASS, supersede=[GEM])
    code, told = refusal(caught.value)
    assert code == "dirty-file"
    assert path in told
    assert desk.state() == before


def test_other_peoples_staged_and_unstaged_work_stays_as_it_is(desk: Desk) -> None:
    desk.save("-- notes/staged.md --\nstaged\n")
    desk.git("add", "notes/staged.md")
    desk.edit("notes/visit.md", "Mondays", "Fridays")
    desk.save("-- notes/untracked.md --\nuntracked\n")
    before = desk.git("status", "--porcelain", "-uall")
    desk.vault.promote(MASS)
    assert desk.touched() == {"memories/scope/mass.md"}
    assert desk.git("status", "--porcelain", "-uall") == before
    desk.vault.undo("HEAD")
    assert desk.git("status", "--porcelain", "-uall") == before


def test_a_record_is_named_by_the_end_of_its_id_or_its_path(desk: Desk) -> None:
    desk.vault.promote("memories/scope/mass.md")
    assert desk.status("mem-mass") == "active"
    made = only(desk.vault.new("memory", "Found by its end.", type="knowledge"))
    assert desk.vault.show(made.id[-6:]).id == made.id


def test_a_step_of_another_kind_of_record_says_whose_step_it_is(desk: Desk) -> None:
    with pytest.raises(AtocoreError) as caught:
        desk.vault.graduate(FRAME)
    assert (
        caught.value.message == f"cannot graduate {FRAME}: it is of kind entity, and graduate is for memory"
    )
