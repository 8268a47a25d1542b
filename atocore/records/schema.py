"""The record schema: one table of keys. Validation, `atocore schema` and the format page read it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from atocore.records.kinds import ENTITY_TYPES, KINDS, Kind
from atocore.records.relation_table import RELATION_TYPES, RELATIONS

_L, _C, _S = (Kind.INTERACTION, Kind.SOURCE), (Kind.CONFLICT,), (Kind.STATE,)
_CLAIMS = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
_ANY: tuple[Kind, ...] = tuple(KINDS)


RATIO = r"0|1|0?\.[0-9]+|1\.0+"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].*)?"


class Shape(Enum):
    """The form of a key's value. The text stays what was typed; the shape says how it is read."""

    TEXT = "text"
    TEXTS = "a list of texts, or one text"
    RATIO = "a number from 0 to 1"
    DATE = "a date (YYYY-MM-DD) or a time (RFC 3339)"
    ID = "a record's id"
    IDS = "a list of record ids, or one"
    MAP = "a mapping"
    MAPS = "a list of mappings"


class Key(NamedTuple):
    """One frontmatter key: which kinds use it, its shape, the keys of its mapping, and what it is for."""

    name: str
    shape: Shape
    kinds: tuple[Kind, ...]
    meaning: str
    example: str = ""
    parts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    closed: bool = False
    """Whether the mapping may hold nothing but `parts`, each one text."""


KEYS: tuple[Key, ...] = (
    Key("id", Shape.ID, _ANY, "the record's identity: never changes, whatever the path", "mem-7k2m9qxw4d3f"),
    Key("kind", Shape.TEXT, _ANY, "what the record is", "memory", choices=tuple(KINDS)),
    Key("type", Shape.TEXT, _ANY, "the kind's type", "knowledge"),
    Key("status", Shape.TEXT, _ANY, "where the record stands in its lifecycle", "active"),
    Key("project", Shape.TEXT, _ANY, "the project's name key, not a path", "p04-telescope"),
    Key("title", Shape.TEXT, _ANY, "a name for people; without one, the body's first line", "Mirror mass"),
    Key("description", Shape.TEXT, _ANY, "one sentence about the record"),
    Key("name", Shape.TEXT, (Kind.PROJECT,), "the project's name key", "p04-telescope"),
    Key("aliases", Shape.TEXTS, _ANY, "other names under which the record is found", "[M1]"),
    Key(
        "members",
        Shape.MAPS,
        (Kind.PROJECT, Kind.CONFLICT),
        "who belongs to it",
        parts=("id", "value", "layer", "said"),
    ),
    Key("tags", Shape.TEXTS, _ANY, "free labels", "[optics]"),
    Key("subject", Shape.TEXT, _CLAIMS, "what the claim is about", "primary mirror"),
    Key("attribute", Shape.TEXT, _CLAIMS, "which property of the subject", "mass"),
    Key("value", Shape.TEXT, _CLAIMS, "what is claimed, as typed, with its unit", "4.2 kg"),
    Key("question", Shape.TEXT, _CLAIMS, "a decision's question", "Which glass is the mirror made of?"),
    Key("component", Shape.TEXT, _CLAIMS, "a material's or vendor's component", "primary mirror"),
    Key("confidence", Shape.RATIO, _CLAIMS, "how sure the proposer was at birth", "0.8"),
    Key("valid_from", Shape.DATE, _CLAIMS, "the claim holds from then on", "2026-01-01"),
    Key("valid_until", Shape.DATE, _CLAIMS, "the claim holds until then", "2026-12-31"),
    Key("stale_after", Shape.DATE, _CLAIMS, "to be looked at again after that day", "2027-01-01"),
    Key("review_after", Shape.DATE, _ANY, "puts a candidate or a conflict off", "2027-01-01"),
    Key("supersedes", Shape.IDS, _CLAIMS, "the records that this one replaced", "mem-2h8d5k1n9q4r"),
    Key("superseded_by", Shape.ID, _CLAIMS, "the record that replaced this one", "mem-7k2m9qxw4d3f"),
    Key("graduated_to", Shape.ID, (Kind.MEMORY,), "the entity where the fact lives now", "ent-4t6w8y0a2c5e"),
    Key(
        "proposes",
        Shape.MAP,
        (Kind.MEMORY, Kind.ENTITY),
        "what promoting this candidate does to an existing record",
        "{supersede: mem-2h8d5k1n9q4r}",
        parts=("supersede", "retire", "correct"),
        closed=True,
    ),
    Key(
        "relations",
        Shape.MAPS,
        _CLAIMS,
        "typed links to entities",
        "[{type: satisfies, target: ent-4t6w8y0a2c5e}]",
        parts=("type", "target"),
        choices=RELATION_TYPES,
    ),
    Key(
        "provenance",
        Shape.MAP,
        _ANY,
        "where the record came from",
        parts=(
            "interaction",
            "source",
            "record",
            "chunk",
            "tool",
            "external_id",
            "file",
            "revision",
            "path",
            "heading",
            "lines",
            "converter",
            "quote",
            "rule",
            "extractor",
            "wave",
            "explain",
            "by",
        ),
    ),
    Key(
        "ruling",
        Shape.MAP,
        (Kind.MEMORY, Kind.ENTITY, Kind.STATE, Kind.CONFLICT),
        "the last step that a person took on the record",
        "{step: promote, by: A Reviewer <reviewer@example.org>, at: 2026-11-22T09:12:00Z}",
        parts=("step", "by", "at", "why", "covers"),
    ),
    Key(
        "created",
        Shape.DATE,
        _ANY,
        "when the record, or what it was derived from, was made",
        "2026-11-22T07:46:00Z",
    ),
    Key("slot", Shape.TEXTS, _C, "what the members disagree about"),
    Key("prevailing", Shape.ID, _C, "the member that counts meanwhile, by layer"),
    Key("winner", Shape.ID, _C, "the member that a person chose"),
    Key("how", Shape.TEXT, _C, "how a conflict ended without a person", "settled", choices=("settled",)),
    Key("client", Shape.TEXT, _L, "the assistant and its version", "claude-code/2.1"),
    Key("session", Shape.TEXT, _L, "the assistant's session"),
    Key("prompt_id", Shape.TEXT, _L, "the turn within the session"),
    Key("cwd", Shape.TEXT, _L, "the folder that the assistant ran in"),
    Key("branch", Shape.TEXT, _L, "the branch that the assistant worked on"),
    Key("cut", Shape.TEXTS, _L, "which parts were too long and are cut"),
    Key("origin", Shape.TEXT, _L, "the ingested document's path"),
    Key("place", Shape.TEXT, _L, "where the document lies: its repository or folder, and the path in that"),
    Key("sha256", Shape.TEXT, _L, "hash of the ingested document"),
    Key("converter", Shape.TEXT, _L, "what made this text of the document; lines count in the text"),
    Key("vanished", Shape.TEXT, _L, "the wave that did not find the document any more"),
    Key("wave", Shape.TEXT, _L, "the ingestion wave that brought the document in"),
)
BY_NAME = {key.name: key for key in KEYS}
KEY_ORDER = tuple(key.name for key in KEYS)

GRADUATION_TYPES = {"project": "component", "knowledge": "parameter", "adaptation": "process"}
"""Which entity type a memory becomes when it graduates and the person names none."""
assert set(GRADUATION_TYPES.values()) <= set(ENTITY_TYPES)


def required(kind: Kind) -> tuple[str, ...]:
    """The keys that a record of the kind must have."""
    spec = KINDS[kind]
    return ("id", "kind", *(["type"] if spec.types else []), *(["status"] if spec.statuses else []))


def json_schema() -> dict[str, object]:
    """The frontmatter's JSON Schema (draft 2020-12), one branch a kind; unknown keys are allowed."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AtoCore record",
        "description": "The YAML frontmatter of a record, every scalar as the text that was typed.",
        "oneOf": [_kind_schema(kind) for kind in KINDS],
    }


def _kind_schema(kind: Kind) -> dict[str, object]:
    spec = KINDS[kind]
    properties = {key.name: _or_empty(_key_schema(key)) for key in KEYS if kind in key.kinds}
    properties["kind"] = {"const": str(kind)}
    properties["id"] = {"type": "string", "pattern": f"^{spec.prefix}-[0-9a-hjkmnp-tv-z]{{12,64}}$"}
    if spec.types:
        properties["type"] = {"enum": list(spec.types)}
    if spec.statuses:
        properties["status"] = {"enum": list(spec.statuses)}
    return {
        "title": str(kind),
        "description": spec.meaning,
        "type": "object",
        "required": list(required(kind)),
        "properties": properties,
        "additionalProperties": True,
    }


def _key_schema(key: Key) -> dict[str, object]:
    text: dict[str, object] = {"enum": list(key.choices)} if key.choices else {"type": "string"}
    # a list in a list is how YAML reads an unquoted [[link]]
    texts = _one_or_many({"type": "string"}, {"type": "array"})
    shapes: dict[Shape, dict[str, object]] = {
        Shape.TEXT: text,
        Shape.TEXTS: texts,
        Shape.RATIO: {"type": "string", "pattern": f"^(?:{RATIO})$"},
        Shape.DATE: {"type": "string", "pattern": f"^(?:{DATE})$"},
        Shape.ID: {"type": "string"},
        Shape.IDS: texts,
        Shape.MAP: _map_schema(key),
        Shape.MAPS: _maps_schema(key),
    }
    return {"description": key.meaning, **shapes[key.shape]}


def _map_schema(key: Key) -> dict[str, object]:
    part: dict[str, object] = {"type": "string"} if key.closed else {}
    return {
        "type": "object",
        "properties": dict.fromkeys(key.parts, part),
        "additionalProperties": not key.closed,
    }


def _maps_schema(key: Key) -> dict[str, object]:
    entry: dict[str, object] = _map_schema(key)
    if key.choices:
        told = "; ".join(f"{rule.name}: {rule.meaning}" for rule in RELATIONS.values())
        # a list in a list is how YAML reads an unquoted [[link]]
        link = {"type": "array", "items": {"type": "array", "minItems": 1}, "minItems": 1, "maxItems": 1}
        target = {
            "description": "an id, or a [[link]]",
            "anyOf": [{"type": "string", "pattern": r"\S"}, link],
        }
        entry["properties"] = {"type": {"description": told, "enum": list(key.choices)}, "target": target}
        entry["required"] = list(key.parts)
        return _one_or_many(entry)
    return _one_or_many({"type": "string"}, entry)


def _one_or_many(*forms: dict[str, object]) -> dict[str, object]:
    return {"anyOf": [*forms, {"type": "array", "items": {"anyOf": list(forms)}}]}


def _or_empty(schema: dict[str, object]) -> dict[str, object]:
    """A key that stands there without a value says nothing, and is no mistake."""
    if schema.get("type") == "string" and "pattern" not in schema:
        return schema
    return {"description": schema.pop("description"), "anyOf": [{"const": ""}, schema]}
