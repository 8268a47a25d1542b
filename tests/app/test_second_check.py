"""Before a person's step is committed, its text is looked at again: git never forgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk, only, refusal

from atocore.errors import AtocoreError
from atocore.knowledge.leaks import fingerprint

KEY = "AKIA" + "Q3EGR7X2M5N8P4T6"
OTHER = "ghp_" + "a1B2c3D4e5F6" * 3


def candidate(desk: Desk, body: str) -> str:
    desk.commit(f"-- memories/p/a.md --\nid: mem-a\nstatus: candidate\n--\n{body}\n")
    return "mem-a00000000000"


def allow(desk: Desk, secret: str) -> None:
    desk.put("atocore.yaml", f"secrets:\n  false_alarms: [{fingerprint(secret)}]\n")
    desk.commit()
    desk.close()


def test_a_candidate_with_a_secret_is_not_promoted(desk: Desk) -> None:
    name, before = candidate(desk, f"one\nThe key is {KEY}."), desk.head()
    with pytest.raises(AtocoreError) as caught:
        desk.vault.promote(name)
    code, told = refusal(caught.value)
    assert code == "secret"
    assert "memories/p/a.md:8: aws-access-key (AKIA… 20 characters)" in told
    assert KEY not in told
    assert (desk.head(), desk.status("mem-a")) == (before, "candidate")


def test_the_ways_out_of_it(desk: Desk) -> None:
    name = candidate(desk, f"The key is {KEY}.")
    desk.vault.edit(name, desk.vault.raw(name).replace(KEY.encode(), b"in the safe"))
    desk.vault.promote(name)
    assert desk.status("mem-a") == "active"


def test_a_false_alarm_is_allowed_by_its_fingerprint(desk: Desk) -> None:
    name = candidate(desk, f"The key is {KEY}.")
    allow(desk, KEY)
    desk.vault.promote(name)
    assert desk.status("mem-a") == "active"
    assert only(desk.vault.propose(f"Another line on {KEY}")).title.endswith(KEY)


def test_what_a_machine_did_before_may_be_rejected_and_retired(desk: Desk) -> None:
    desk.vault.reject(candidate(desk, f"The key is {KEY}."), reason="holds a key")
    assert desk.status("mem-a") == "rejected"


STEPS: dict[str, Any] = {
    "new": lambda vault: vault.new("memory", f"key {KEY}", type="knowledge"),
    "new with a reason": lambda vault: vault.new("memory", "fine", type="knowledge", reason=f"see {KEY}"),
    "new with a title": lambda vault: vault.new("memory", "x", type="knowledge", keys={"title": KEY}),
    "state": lambda vault: vault.state_set("p", "deploy key", KEY),
    "state by its name": lambda vault: vault.state_set("p", "db password", "hunter2xyz"),
    "edit": lambda vault: vault.edit("mem-fne", vault.raw("mem-fne") + f"\n{KEY}\n".encode()),
    "adopt": lambda vault: vault.adopt("notes/old.md", "memory", type="knowledge"),
    "retire": lambda vault: vault.retire("mem-fne", reason=f"the password is {KEY}"),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_a_persons_is_looked_at(desk: Desk, step: str) -> None:
    desk.commit(f"-- memories/fine.md --\nid: mem-fne\n-- notes/old.md --\nThe key is {KEY}.\n")
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        STEPS[step](desk.vault)
    code, told = refusal(caught.value)
    assert code == "secret"
    assert KEY not in told
    assert "hunter2" not in told
    assert desk.state() == before


@pytest.mark.parametrize("actor", ["person", "machine"])
def test_a_proposal_loses_its_secrets_and_says_so(desk: Desk, actor: str) -> None:
    vault = desk.vault if actor == "person" else desk.machine
    keys = {"attribute": "db password", "value": "hunter2xyz", "provenance": {"quote": f"use {KEY}"}}
    written = vault.propose(f"The key is {KEY}.", keys=keys)
    assert written.redacted == 3
    text = desk.text(only(written).path)
    assert KEY not in text
    assert "hunter2" not in text
    assert desk.vault.propose(f"The key is {KEY}.", keys=keys).already is not None


def test_a_step_may_be_undone_although_it_brings_a_secret_back(desk: Desk) -> None:
    name = candidate(desk, f"The key is {KEY}.")
    commit = desk.vault.edit(name, desk.vault.raw(name).replace(KEY.encode(), b"gone")).commit
    assert desk.vault.undo(commit or "").commit


def test_a_false_alarm_is_ingested_as_it_is(desk: Desk, tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(f"# A\n\nDecision: the part is called {KEY}, not {OTHER}.\n")
    allow(desk, KEY)
    desk.vault.ingest(document, project="p")
    (source,) = (desk.folder / "sources").rglob("*.md")
    assert KEY in source.read_text()
    assert OTHER not in source.read_text()
