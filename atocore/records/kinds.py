"""The kinds of record: one table of prefix, layer, folder, types and statuses. Everything else reads it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a file is. NOTE is any other Markdown of a person's: searchable, never a record."""

    INTERACTION = "interaction"
    SOURCE = "source"
    MEMORY = "memory"
    ENTITY = "entity"
    STATE = "state"
    CONFLICT = "conflict"
    PROJECT = "project"
    NOTE = "note"


class KindSpec(NamedTuple):
    """One kind. `layer` is its trust layer (None: no knowledge of its own); `types` empty: any text."""

    prefix: str
    layer: int | None
    folder: str
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    meaning: str


MEMORY_TYPES = ("identity", "preference", "project", "episodic", "knowledge", "adaptation")
ENTITY_MEANINGS: Mapping[str, str] = {
    "project": "the whole that is built, or a part of it with a life of its own",
    "subsystem": "a major part of the whole, with a task and an owner",
    "component": "a part that is designed, bought or made as one",
    "interface": "a boundary where two parts meet, and what is agreed there",
    "requirement": "what the whole or a part shall do or be",
    "constraint": "a limit on the solution that nobody here may change",
    "assumption": "what is taken for true until it is shown",
    "decision": "an answer to a question, with its reasons",
    "parameter": "a quantity that has a value: a mass, a length, a budget",
    "material": "what a component consists of",
    "process": "how something is made, joined, treated or tested",
    "vendor": "who supplies or makes something",
    "analysis_model": "a calculation or simulation that predicts",
    "result": "what a test, measurement or analysis gave",
    "validation_claim": "a statement that something holds, to be backed by results",
    "artifact": "a document, drawing, file or release",
}
"""Every entity type, and what an entity of that type is."""
ENTITY_TYPES = tuple(ENTITY_MEANINGS)
STATE_TYPES = ("status", "decision", "requirement", "contact", "milestone", "fact", "config")

KINDS: Mapping[Kind, KindSpec] = {
    Kind.INTERACTION: KindSpec("int", 0, "captures", (), (), "what was said: one turn with an assistant"),
    Kind.SOURCE: KindSpec("src", 0, "sources", (), (), "an ingested document"),
    Kind.MEMORY: KindSpec(
        "mem",
        1,
        "memories",
        MEMORY_TYPES,
        ("candidate", "active", "superseded", "retired", "rejected", "graduated"),
        "one remembered statement",
    ),
    Kind.ENTITY: KindSpec(
        "ent",
        2,
        "entities",
        ENTITY_TYPES,
        ("candidate", "active", "superseded", "retired", "rejected"),
        "a part of the engineering model: a requirement, a decision, a component, …",
    ),
    Kind.STATE: KindSpec(
        "sta", 3, "state", STATE_TYPES, ("active", "superseded", "retired"), "what a person declared trusted"
    ),
    Kind.CONFLICT: KindSpec(
        "con",
        None,
        "conflicts",
        ("value", "duplicate", "claimed"),
        ("open", "resolved", "dismissed"),
        "active records that cannot all be true",
    ),
    Kind.PROJECT: KindSpec(
        "prj", None, "projects", (), ("active", "archived"), "a project: name, aliases, members"
    ),
}

RECORD_FOLDERS: Mapping[str, Kind] = {spec.folder: kind for kind, spec in KINDS.items()}
DERIVED_FOLDERS = ("mirror", "reports")  # AtoCore's own pages: neither records nor notes
SHARED_PROJECT = "_shared"  # the folder of records that have no project
RESERVED_NAMES = frozenset({"index.md", "log.md"})  # the Open Knowledge Format's: never records


def layer_name(kind: Kind) -> str:
    """`L0` to `L3`; "" for what is no knowledge of its own."""
    layer = 0 if kind is Kind.NOTE else KINDS[kind].layer
    return "" if layer is None else f"L{layer}"
