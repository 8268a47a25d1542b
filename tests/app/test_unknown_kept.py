"""What a newer AtoCore, or a team, added to files: every verb keeps it byte for byte, and it is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk
from helpers import whole

from atocore.app import Vault
from atocore.errors import AtocoreError

FIRST = "hazard_class: {level: 'B',  seen: [1.10, no]}   # theirs\n"
SECOND = """\
cssclasses:
  - wide

  # a remark
  - "tall"
note_to_self: |
  two
    lines: of it
empty_one:
"""


def block(path: str, known: str, body: str) -> str:
    """A record with unknown keys before its own keys and behind them."""
    return f"-- {path} --\n{FIRST}{known}{SECOND}--\n{body}\n"


RECORDS = (
    block("memories/s/cand.md", "id: mem-cand\nstatus: candidate\nproject: s\nsubject: tube\n", "Long tube.")
    + block(
        "memories/s/act.md", "id: mem-act\nproject: s\nsubject: mast\nattribute: mass\nvalue: 2 kg\n", "M."
    )
    + block(
        "memories/s/oth.md", "id: mem-th\nproject: s\nsubject: mast\nattribute: mass\nvalue: 3 kg\n", "O."
    )
    + block("memories/s/gone.md", "id: mem-gne\nstatus: rejected\nproject: s\n", "Cheese.")
    + block("memories/s/dup.md", "id: mem-dp\nstatus: candidate\nproject: s\ntags: [a]\n", "Long tubes.")
    + block("entities/s/frame.md", "id: ent-fr\ntype: component\nproject: s\ntitle: Frame\n", "It carries.")
    + block("entities/s/cell.md", "id: ent-ce\ntype: component\nproject: s\ntitle: Cell\n", "It holds.")
    + block("state/s/phase.md", "id: sta-phase\nproject: s\nattribute: phase\nvalue: design\n", "Design.")
    + f"-- notes/visit.md --\n---\n{FIRST}{SECOND}---\nThey pour on Mondays.\n"
)
STRANGE = """
-- memories/s/kind.md --
---
id: haz-0000000000001
kind: hazard
status: open
subject: mast
attribute: mass
value: 9 kg
---
The mast may fall: unheardof.
-- hazards/s/kind.md --
---
id: haz-0000000000002
kind: hazard
---
Lightning strikes: unheardof.
-- memories/s/type.md --
id: mem-type
type: omen
subject: mast
attribute: mass
value: 8 kg
--
A raven sat on the mast: unheardof.
-- memories/s/status.md --
id: mem-stats
status: dormant
subject: mast
attribute: mass
value: 7 kg
--
The mast sleeps: unheardof.
-- memories/s/points.md --
id: mem-pnts
status: superseded
superseded_by: haz-0000000000001
relations:
  - {type: haunts, target: ent-fr, since: 1.10}
  - type: part_of
    target: haz-0000000000002
provenance: {oracle: delphi, quote: "so it is"}
--
It points at what nobody knows.
"""

CAND, ACT, OTHER, GONE, DUP = (whole(f"mem-{n}") for n in ("cand", "act", "th", "gne", "dp"))
FRAME, CELL = whole("ent-fr"), whole("ent-ce")
VERBS: dict[str, Callable[[Vault], object]] = {
    "promote": lambda v: v.promote(CAND, reason="seen"),
    "demote": lambda v: v.demote(CAND),
    "put-off": lambda v: v.put_off(CAND, until="2999-01-31"),
    "merge": lambda v: v.merge(DUP, into=ACT),
    "reopen": lambda v: v.reopen(GONE),
    "reject": lambda v: v.reject(GONE, reason="no"),
    "link": lambda v: v.link(CELL, "part_of", FRAME),
    "unlink": lambda v: v.unlink(CELL, "part_of", FRAME),
    "confirm": lambda v: v.confirm(FRAME),
    "retire": lambda v: v.retire(CELL),
    "restore": lambda v: v.restore_record(CELL),
    "resolve": lambda v: v.conflicts_resolve(v.conflicts_list().conflicts[0].id, winner=ACT),
    "graduate": lambda v: v.graduate(ACT, to="parameter"),
    "ungraduate": lambda v: v.ungraduate(ACT),
    "supersede": lambda v: v.supersede(CELL, FRAME),
    "state set": lambda v: v.state_set("s", "phase", "build"),
    "state unset": lambda v: v.state_unset("s", "phase"),
    "adopt": lambda v: v.adopt("notes/visit.md", "memory", type="episodic"),
    "undo": lambda v: v.undo("HEAD"),
    "mirror build": lambda v: v.mirror_build(),
}


@pytest.fixture(scope="module")
def strange(template_vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One vault for all of this page: the verbs leave what is unknown as it is, and that is the test."""
    folder = tmp_path_factory.mktemp("strange") / "vault"
    desk = Desk(shutil.copytree(template_vault, folder, symlinks=True))
    desk.edit("atocore.yaml", "format: 1\n", "format: 1\nshelving: {nightly: 3}\n")
    desk.commit(RECORDS + STRANGE, "Start")
    yield desk
    desk.close()


def test_every_verb_keeps_unknown_keys_byte_for_byte(strange: Desk) -> None:
    written: set[str] = set()
    for name, verb in VERBS.items():
        before = strange.head()
        verb(strange.vault)
        assert strange.head() != before, name
        touched = {*strange.git("diff", "--name-only", before, "HEAD").split("\n")}
        written |= touched
        for path in touched & {*PATHS}:
            text = strange.text(path)
            assert text.count(FIRST) == 1, (name, path, text)
            assert text.count(SECOND) == 1, (name, path, text)
    assert {*PATHS} <= written
    assert not written & {*STRANGE_PATHS}
    assert "shelving: {nightly: 3}\n" in strange.text("atocore.yaml")


PATHS = [line[3:-3] for line in RECORDS.splitlines() if line.startswith("-- ")]
STRANGE_PATHS = [line[3:-3] for line in STRANGE.splitlines() if line.startswith("-- ")]


def test_what_is_unknown_is_told_and_found_as_a_note(strange: Desk) -> None:
    codes = {(p.path, p.code) for p in strange.vault.check().problems}
    assert {
        ("memories/s/kind.md", "unknown-kind"),
        ("hazards/s/kind.md", "unknown-kind"),
        ("memories/s/type.md", "unknown-type"),
        ("memories/s/status.md", "unknown-status"),
        ("atocore.yaml", "unknown-setting"),
    } <= codes
    hits = {hit.path: hit.kind for hit in strange.vault.search("unheardof", words=True).hits}
    assert hits == dict.fromkeys(STRANGE_PATHS[:4], "note")
    assert not {*strange.in_context("what is the mast's mass?")} & {whole("mem-type"), whole("mem-stats")}


def test_nothing_trips_over_what_is_unknown(strange: Desk) -> None:
    vault = strange.vault
    assert vault.status().covered.of
    assert vault.log().entries
    assert vault.mirror_check()
    assert vault.show(whole("mem-pnts")).id
    assert vault.audit()
    assert vault.diff("HEAD~1...HEAD")
    for verb in (lambda: vault.promote("haz-0000000000001"), lambda: vault.edit(whole("mem-type"), b"x")):
        with pytest.raises(AtocoreError):
            verb()
    assert strange.stale() == []
