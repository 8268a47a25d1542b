"""Machines propose, people decide: what an assistant is refused, and what its commits do not decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import ASSISTANT, Desk, last, only
from helpers import whole

from atocore import open_vault
from atocore.app import Vault
from atocore.errors import AtocoreError
from atocore.knowledge.review.decisions import Decision
from atocore.records.lifecycle import PERSON_STEPS
from atocore.records.plan import Actor

MASS, GEM, FRAME = whole("mem-mass"), whole("mem-gem"), whole("ent-frame")
STEPS: dict[str, Callable[[Vault], object]] = {
    "promote": lambda v: v.promote(MASS),
    "demote": lambda v: v.demote(GEM),
    "confirm": lambda v: v.confirm(GEM),
    "reject": lambda v: v.reject(MASS, reason="no"),
    "reopen": lambda v: v.reopen(MASS),
    "supersede": lambda v: v.supersede(GEM, by=FRAME),
    "put-off": lambda v: v.put_off(MASS, until="2999-01-01"),
    "merge": lambda v: v.merge(MASS, GEM),
    "review": lambda v: v.decide_all([Decision("promote", MASS, "", "2026-11-29T10:00:00Z")]),
    "decide": lambda v: v.decide(Decision("reject", MASS, "", "2026-11-29T10:00:00Z", why="no")),
    "retire": lambda v: v.retire(GEM),
    "restore": lambda v: v.restore_record(GEM),
    "graduate": lambda v: v.graduate(GEM),
    "ungraduate": lambda v: v.ungraduate(GEM),
    "set": lambda v: v.state_set("scope", "phase", "design"),
    "unset": lambda v: v.state_unset("scope", "phase"),
    "add": lambda v: v.new("memory", "text", type="knowledge"),
    "adopt": lambda v: v.adopt("notes/visit.md", "memory", type="knowledge"),
    "edit": lambda v: v.edit(GEM, b"x"),
    "link": lambda v: v.link(GEM, "evidenced_by", FRAME),
    "undo": lambda v: v.undo("HEAD"),
    "migrate": lambda v: v.migrate(),
    "purge": lambda v: v.purge(paths=["memories/scope/gem.md"]),
    "resolve": lambda v: v.conflicts_resolve("con-x", winner=GEM),
    "dismiss": lambda v: v.conflicts_dismiss("con-x", reason="no"),
    "reopen a conflict": lambda v: v.conflicts_reopen("con-x"),
}


def test_every_step_of_a_person_is_tried() -> None:
    by_editor = {"archive", "unarchive"}
    assert set(STEPS) >= PERSON_STEPS - by_editor


@pytest.mark.parametrize("step", STEPS)
def test_a_persons_step_is_refused_to_a_machine(desk: Desk, step: str) -> None:
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        STEPS[step](desk.machine)
    assert caught.value.code == "machine-refused"
    assert "propose" in caught.value.hint
    assert desk.state() == before


def test_a_dry_run_is_refused_too(desk: Desk) -> None:
    with pytest.raises(AtocoreError) as caught:
        desk.machine.promote(MASS, dry_run=True)
    assert caught.value.code == "machine-refused"


def test_an_assistants_shell_is_a_machine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDECODE", "1")
    with open_vault(desk.folder) as vault:
        assert vault.status().actor == "machine"
        with pytest.raises(AtocoreError) as caught:
            vault.promote(MASS)
        assert caught.value.code == "machine-refused"
        made = vault.propose("The truss is carbon.", keys={"project": "scope"})
        assert only(made).status == "candidate"
    assert desk.git("log", "-1", "--format=%an").strip() == "atocore"
    assert last(desk).actor == "machine"


def test_the_settings_may_allow_a_step_by_name(desk: Desk) -> None:
    desk.commit("-- atocore.yaml --\nmachines:\n  allow: [confirm]\n")
    desk.machine.confirm(GEM)
    with pytest.raises(AtocoreError):
        desk.machine.retire(GEM)
    assert desk.codes() == []


def test_allowing_a_review_allows_none_of_its_decisions(desk: Desk) -> None:
    desk.commit("-- atocore.yaml --\nmachines:\n  allow: [review, put-off]\n")
    promote = Decision("promote", MASS, "", "2026-11-29T10:00:00Z")
    with pytest.raises(AtocoreError) as caught:
        desk.machine.decide_all([promote])
    assert caught.value.code == "machine-refused"
    later = Decision("put-off", MASS, "", "2026-11-29T10:00:00Z", until="2999-01-01")
    assert desk.machine.decide_all([later]).commit


def test_a_machine_may_propose_ingest_and_capture(desk: Desk, tmp_path: object) -> None:
    proposed = desk.machine.propose("The truss is carbon.", by="claude-code/2.1")
    assert only(proposed).provenance == {"by": "claude-code/2.1"}
    document = desk.folder.parent / "docs" / "adr.md"
    document.parent.mkdir()
    document.write_text("# Decision\n\nWe will use a Serrurier truss.\n")
    assert desk.machine.ingest(document, project="scope").commit
    assert desk.machine.capture("Remember the truss.").new
    assert desk.machine.extract() is not None
    assert desk.codes() == []


def test_a_proposal_that_exists_or_was_rejected_is_told_and_not_made(desk: Desk) -> None:
    made = only(desk.machine.propose("The truss is carbon.", keys={"project": "scope"}))
    again = desk.machine.propose("The  truss is CARBON.", keys={"project": "scope"})
    assert (again.commit, again.records) == (None, ())
    assert again.already
    assert (again.already.id, again.already.status) == (made.id, "candidate")
    desk.vault.reject(made.id, reason="it is steel")
    again = desk.machine.propose("The truss is carbon.", keys={"project": "scope"})
    assert again.already
    assert (again.already.status, again.already.why) == ("rejected", "it is steel")


# -- a commit made by hand that names an assistant ---------------------------------------------------------

WAYS = {
    "author": ("--author", ASSISTANT),
    "co-author": ("--trailer", f"Co-Authored-By: {ASSISTANT}"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("short", "before", "after"),
    [
        ("mem-mass", "candidate", "active"),
        ("mem-mass", "candidate", "rejected"),
        ("mem-gem", "active", "retired"),
    ],
)
def test_an_assistants_commit_decides_nothing(
    desk: Desk, way: str, short: str, before: str, after: str
) -> None:
    path = f"memories/scope/{short.removeprefix('mem-')}.md"
    desk.edit(path, f"status: {before}", f"status: {after}")
    desk.commit("", "decide", *WAYS[way])
    assert desk.status(short) == "candidate"
    assert desk.codes() == ["machine-step"]
    assert desk.in_context("primary mirror weighs Zerodur") == ([] if short == "mem-gem" else [GEM])
    assert whole(short) not in desk.found("primary mirror")
    assert last(desk).actor == "machine"
    assert desk.vault.status().records["memory/candidate"] == 1 + (short == "mem-gem")
    assert desk.stale() == []

    desk.vault.confirm(whole(short), reason="looked at")
    assert desk.status(short) == after
    assert desk.codes() == []
    assert desk.stale() == []


def test_an_assistants_step_stays_its_own_however_a_person_moves_and_merges_the_files(desk: Desk) -> None:
    desk.git("switch", "-q", "-c", "side")
    desk.edit("memories/scope/mass.md", "status: candidate", "status: active")
    desk.edit("memories/scope/gem.md", "status: active", "status: retired")
    desk.commit("", "decide", *WAYS["author"])
    desk.git("switch", "-q", "main")
    desk.commit("-- notes/n.md --\nA note.\n")
    desk.git("merge", "-q", "--no-ff", "--no-edit", "side")
    assert desk.statuses("mem-mass", "mem-gem") == ["candidate", "candidate"]
    desk.git("mv", "memories/scope", "memories/moved")
    desk.commit(message="Move both at once")
    assert desk.statuses("mem-mass", "mem-gem") == ["candidate", "candidate"]
    assert desk.codes() == ["machine-step", "machine-step"]
    assert desk.stale() == []


def test_who_is_a_machine_is_asked_again_when_the_settings_change(desk: Desk) -> None:
    desk.edit("memories/scope/mass.md", "status: candidate", "status: active")
    desk.commit("", "decide", *WAYS["author"])
    assert desk.status("mem-mass") == "candidate"
    desk.close()
    desk.put("atocore.yaml", "format: 1\nmachines: {authors: ['*nobody*']}\n")
    assert desk.status("mem-mass") == "active"
    assert desk.stale() == []
    desk.close()
    desk.git("checkout", "-q", "--", "atocore.yaml")
    assert desk.status("mem-mass") == "candidate"
    assert desk.stale() == []


def test_a_distrusted_promotion_may_be_promoted_or_rejected_instead(desk: Desk) -> None:
    for step, status in (("promote", "active"), ("reject", "rejected")):
        desk.edit("memories/scope/mass.md", "status: candidate", "status: active")
        desk.commit("", "decide", *WAYS["author"])
        getattr(desk.vault, step)(MASS, reason="mine to say")
        assert desk.status("mem-mass") == status
        assert desk.codes() == []
        desk.git("revert", "--no-edit", "HEAD~2..HEAD")
        assert desk.status("mem-mass") == "candidate"


def test_an_assistants_edit_of_the_words_is_told_until_a_person_looked(desk: Desk) -> None:
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Zerodur, a glass ceramic.")
    desk.commit("", "words", *WAYS["author"])
    assert desk.status("mem-gem") == "active"
    assert desk.codes() == ["machine-step"]
    desk.vault.confirm(GEM)
    assert desk.status("mem-gem") == "active"
    assert desk.codes() == []


def test_an_assistants_commit_of_state_counts_nowhere(desk: Desk) -> None:
    desk.commit(
        "-- state/scope/phase.md --\nid: sta-phase\nproject: scope\n"
        "attribute: phase\nvalue: design\n--\nDesign.\n",
        "state",
        *WAYS["co-author"],
    )
    assert desk.vault.state_list().records == ()
    assert desk.codes() == ["machine-step"]
    assert desk.in_context("phase design", "scope") == []
    desk.vault.confirm(whole("sta-phase"))
    assert [record.value for record in desk.vault.state_list().records] == ["design"]


def test_a_ruling_counts_only_while_its_step_leads_to_the_status(desk: Desk) -> None:
    desk.vault.promote(MASS)
    desk.edit("memories/scope/mass.md", "status: active", "status: retired")
    desk.commit("", "decide", *WAYS["author"])
    assert desk.status("mem-mass") == "candidate"
    assert desk.codes() == ["machine-step"]


def test_a_persons_revert_of_the_assistants_commit_settles_it(desk: Desk) -> None:
    desk.edit("memories/scope/gem.md", "status: active", "status: retired")
    desk.commit("", "decide", *WAYS["author"])
    desk.git("revert", "--no-edit", "HEAD")
    assert desk.status("mem-gem") == "active"
    assert desk.codes() == []
    assert desk.stale() == []


def test_a_conflict_resolved_by_an_assistants_commit_stays_open(desk: Desk) -> None:
    desk.commit(
        "-- memories/scope/rev.md --\nid: mem-rev\nproject: scope\nsubject: primary mirror\n"
        "attribute: glass\nvalue: ULE\n--\nIt is ULE.\n"
    )
    desk.vault.conflicts_sweep()
    (one,) = desk.vault.conflicts_list().conflicts
    desk.edit(one.path, "status: open\n", f"status: resolved\nwinner: {GEM}\n")
    desk.commit("", "decide", *WAYS["author"])
    assert [c.id for c in desk.vault.conflicts_list().conflicts] == [one.id]
    assert "machine-step" in desk.codes()
    desk.vault.confirm(FRAME)
    assert desk.status("mem-rev") == "active"
    assert desk.vault.show(GEM).disputed


def test_the_actor_is_not_a_key_of_the_record(desk: Desk) -> None:
    """A `ruling` that an assistant writes into the file itself is not a person's."""
    text = desk.text("memories/scope/mass.md").replace(
        "status: candidate",
        "status: active\nruling:\n  step: promote\n  by: A Reviewer <reviewer@example.org>",
    )
    (desk.folder / "memories/scope/mass.md").write_text(text)
    desk.commit("", "decide", *WAYS["author"])
    assert desk.codes() == ["machine-step"]


@pytest.mark.parametrize("how", ["copy", "rename"])
def test_a_likeness_of_a_persons_record_is_not_a_persons(desk: Desk, how: str) -> None:
    """Git takes a file that resembles another for its copy; its status is the assistant's all the same."""
    text = desk.text("memories/scope/gem.md").replace(GEM, whole("mem-new")).replace("Zerodur", "Borofloat")
    if how == "rename":
        desk.git("rm", "-q", "memories/scope/gem.md")
    desk.put("memories/scope/new.md", text)
    desk.commit("", "decide", *WAYS["author"])
    assert desk.status("mem-new") == "candidate"
    assert desk.codes("memories/scope/new.md") == ["machine-step"]
    assert desk.in_context("Borofloat") == []
    assert desk.stale() == []


def test_open_as_a_machine_whatever_the_shell(desk: Desk) -> None:
    with Vault.open(desk.folder, actor=Actor.MACHINE) as vault:
        assert vault.status().actor == "machine"
