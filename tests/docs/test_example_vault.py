"""The project's own vault, which is also the example, is sound and true about the code."""

from __future__ import annotations

import tomllib
from pathlib import Path

from atocore.app.founding import founding_files
from atocore.config import DEFAULTS, FORMAT, read_settings
from atocore.knowledge.check import name_problems, reference_problems, supersession_problems
from atocore.knowledge.conflicts.clash import sweep
from atocore.knowledge.halfsteps import half_step_problems
from atocore.knowledge.relation_problems import circle_problems, relation_problems
from atocore.records.kinds import KINDS, Kind
from atocore.records.lifecycle import explained
from atocore.records.linking import links_over
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

TOP = Path(__file__).resolve().parents[2]
VAULT = TOP / "vault"


def test_every_record_is_understood_and_every_id_is_unique(snapshot: MemorySnapshot) -> None:
    assert snapshot.problems() == ()


def test_every_record_lies_in_its_kinds_folder_and_no_file_is_lost(
    snapshot: MemorySnapshot, records: list[Record]
) -> None:
    folders = {spec.folder for spec in KINDS.values()}
    assert {r.path for r in records} == {path for path in snapshot.files if path.split("/")[0] in folders}


def test_references_resolve_and_nothing_else_is_wrong(
    snapshot: MemorySnapshot, records: list[Record]
) -> None:
    assert list(reference_problems(snapshot, records)) == []
    assert list(supersession_problems(records)) == []
    links = links_over(snapshot.select())
    assert [*relation_problems(links, records), *circle_problems(links, records)] == []
    assert list(half_step_problems(snapshot, records)) == []
    assert list(name_problems(snapshot.files)) == []


def test_the_one_open_contradiction_has_its_file(snapshot: MemorySnapshot, records: list[Record]) -> None:
    (clash,) = sweep(snapshot)
    (told,) = (record for record in records if record.kind is Kind.CONFLICT)
    assert (told.id, told.status, told.members) == (clash.id, "open", clash.members)
    assert {member.value for member in clash.members} == {"11 ms", "19 ms"}


def test_every_accepted_record_says_who_accepted_it(records: list[Record]) -> None:
    accepted = [r for r in records if r.status == "active" and r.kind is not Kind.PROJECT]
    assert [record.path for record in accepted if not (explained(record) and record.ruling.by)] == []


def test_something_waits_for_review(records: list[Record]) -> None:
    assert any(record.status == "candidate" for record in records)


def test_its_settings_and_its_guide_are_those_of_a_new_vault() -> None:
    assert {name: (VAULT / name).read_bytes() for name in founding_files()} == founding_files()
    assert read_settings((VAULT / "atocore.yaml").read_text("utf-8")) == DEFAULTS


def test_what_it_says_of_the_code_is_true(records: list[Record]) -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    said = {(r.subject, r.attribute): r.value for r in records if r.status == "active"}
    assert said["Python", "version"].replace(" ", "") == project["requires-python"]
    assert said["vault format", "version"] == str(FORMAT)
    assert said["extraction pass", "candidates at most"] == str(DEFAULTS.whole("extraction.max_per_pass"))


def test_every_ring_of_the_code_is_a_subsystem(records: list[Record]) -> None:
    rings = {path.name for path in (TOP / "atocore").iterdir() if (path / "__init__.py").exists()}
    named = {r.title.removesuffix(" ring") for r in records if r.type == "subsystem"}
    assert named == rings - {"cli"} | {"command line"}


def test_every_decision_names_a_page_that_is_there(records: list[Record]) -> None:
    pages = {f"docs/decisions/{page.name}" for page in (TOP / "docs" / "decisions").glob("*.md")}
    decided = [r for r in records if r.type == "decision" and r.status == "active"]
    named = {word for record in decided for word in record.body.split() if word.startswith("docs/decisions/")}
    assert named == pages
