"""Templates: files that are records as they stand, with a line for each key that makes their slot."""

from __future__ import annotations

import pytest

from atocore.knowledge.births import Birth, checked
from atocore.knowledge.template import template
from atocore.records.codec import read
from atocore.records.ids import derived_id
from atocore.records.kinds import ENTITY_TYPES, KINDS, MEMORY_TYPES, STATE_TYPES, Kind
from atocore.records.record import Record
from atocore.records.slots import SLOTS, slot_of

EVERY = [
    *(("entity", type_) for type_ in ENTITY_TYPES),
    *(("memory", type_) for type_ in MEMORY_TYPES),
    *(("state", type_) for type_ in STATE_TYPES),
    ("project", ""),
]


def made(kind: str, type_: str, text: str = "", **keys: str) -> str:
    birth = checked(kind, type_, "", "-", keys)
    return template(
        Birth(birth.kind, birth.type, birth.status, text, keys), derived_id(KINDS[birth.kind].prefix, "x")
    )


def understood(text: str, kind: str) -> Record:
    reading = read(f"{KINDS[Kind(kind)].folder}/a.md", text.encode(), max_bytes=10_000)
    assert reading.record is not None and not reading.problems, reading.problems
    return reading.record


@pytest.mark.parametrize("kind, type_", EVERY)
def test_a_template_is_a_record_as_it_stands(kind: str, type_: str) -> None:
    record = understood(made(kind, type_), kind)
    assert (record.kind, record.type, record.status, record.relations) == (kind, type_, "active", ())
    assert slot_of(record) is None


@pytest.mark.parametrize("kind, type_", EVERY[:-1])
def test_filling_in_its_lines_gives_it_its_slot(kind: str, type_: str) -> None:
    lines = made(kind, type_).splitlines()
    filled = "\n".join(line.replace(":  #", ": 4 kg #") if ":  # " in line else line for line in lines)
    record = understood(filled, kind)
    assert (slot_of(record) is not None) is bool(SLOTS[record.kind, type_].keys)


@pytest.mark.parametrize("type_", ENTITY_TYPES)
def test_each_relation_that_it_offers_can_be_taken_up(type_: str) -> None:
    text = made("entity", type_).replace("  # - {", "  - {")
    assert len(understood(text, "entity").relations) > 5


def test_what_is_stated_is_filled_in() -> None:
    record = understood(made("entity", "material", title="Mirror: glass", component="mirror"), "entity")
    assert (record.title, record.component) == ("Mirror: glass", "mirror")
    assert understood(made("memory", "knowledge", "It is 4 kg."), "memory").body == "It is 4 kg.\n"
