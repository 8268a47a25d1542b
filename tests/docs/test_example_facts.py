"""What the example vault says of AtoCore is true of the code and the pages beside it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from atocore.config import DEFAULTS
from atocore.index import embedding_model, generations, vectors_held
from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

TOP = Path(__file__).resolve().parents[2]
UNITS = {"MiB": 1 << 20, "%": 0.01}
_PATH = re.compile(r"`((?:atocore|docs|hooks|tests|\.ci)/[\w./-]+)`")
_NUMBER = re.compile(r"(?P<number>[\d.]+)(?: (?P<unit>\D+))?")


def active(records: list[Record], type_: str) -> list[Record]:
    return [r for r in records if r.kind is Kind.ENTITY and r.type == type_ and r.status == "active"]


def number(record: Record) -> float:
    found = _NUMBER.fullmatch(record.value)
    assert found, f"{record.path}: {record.value!r} is no plain number"
    return float(found["number"]) * UNITS.get(found["unit"] or "", 1)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_parameters_that_name_a_setting_tell_its_default(records: list[Record]) -> None:
    told = {r.subject: number(r) for r in active(records, "parameter") if r.attribute == "default"}
    assert len(told) > 4
    assert told == {name: pytest.approx(DEFAULTS.number(name)) for name in told}


def test_other_limits_are_those_of_the_code(records: list[Record]) -> None:
    claims = [*active(records, "parameter"), *active(records, "assumption")]
    told = {(r.subject, r.attribute): r for r in claims}
    assert number(told["exact vector search", "vectors at most"]) == vectors_held.EXACT_UP_TO
    assert number(told["embedding model", "window"]) == embedding_model.WINDOW_TOKENS
    assert number(told["generation out of use", "time it stays"]) == generations._LINGERS_SECONDS


def test_materials_are_the_libraries_that_are_installed_with_it(records: list[Record]) -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {
        *project["dependencies"],
        *(one for some in project["optional-dependencies"].values() for one in some),
    }
    told = {r.value for r in active(records, "material")} - {"SQLite, from Python's standard library"}
    assert told <= needed


def test_what_a_record_names_in_the_checkout_is_there(records: list[Record]) -> None:
    named = [(r.path, name) for r in records if r.kind is Kind.ENTITY for name in _PATH.findall(r.body)]
    assert len(named) > 30
    assert [pair for pair in named if not (TOP / pair[1]).exists()] == []


def test_every_component_names_its_code(records: list[Record]) -> None:
    silent = [r.title for r in active(records, "component") if not _PATH.search(r.body)]
    assert silent == []


def test_every_citation_is_word_for_word(records: list[Record]) -> None:
    cited = [r for r in records if r.kind is Kind.ENTITY and r.provenance.path]
    assert len(cited) > 40
    wrong = []
    for record in cited:
        page = TOP / record.provenance.path
        text = page.read_text("utf-8") if page.exists() else ""
        headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        missing = set(filter(None, record.provenance.heading.split(" > "))) - set(headings)
        if not text or missing or flat(record.provenance.quote) not in flat(text):
            wrong.append((record.path, record.provenance.path, *missing))
    assert wrong == []


def test_its_sources_are_the_pages_as_they_stand(records: list[Record]) -> None:
    """After a page was changed: `atocore --vault vault ingest` it again, from the top of the checkout."""
    sources = [r for r in records if r.kind is Kind.SOURCE]
    assert sources
    for source in sources:
        keys = {item.key: item.value for item in source.header.items}
        page = (TOP / str(keys["origin"])).read_bytes()
        assert keys["sha256"] == hashlib.sha256(page).hexdigest(), source.path


def test_results_say_on_which_model_they_rest(records: list[Record]) -> None:
    for result in active(records, "result"):
        assert "analyzed_by" in {relation.type for relation in result.relations}, result.path
        assert result.value


def test_a_goal_that_was_missed_has_no_claim_that_it_is_met(
    snapshot: MemorySnapshot, records: list[Record]
) -> None:
    claimed = {
        relation.target
        for claim in active(records, "validation_claim")
        for relation in claim.relations
        if relation.type == "validates"
    }
    missed = [r for r in active(records, "result") if "Above its goal" in r.body]
    assert len(missed) >= 4
    goals = {r.subject: r for r in active(records, "requirement") if r.attribute.startswith("maximum")}
    for result in missed:
        assert number(result) > number(goals[result.subject]), result.path
        assert goals[result.subject].id not in claimed
