"""The handoff format as one table of its keys; schema, checks and docs are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from atocore.records.kinds import ENTITY_TYPES, MEMORY_TYPES
from atocore.records.relation_table import RELATION_TYPES

FORMAT = "atocore-handoff"
VERSION = 1
MAX_LINE = 300
MAX_TEXT = 2_000
MAX_ENTRIES = 50
HIGHEST, USUAL = 0.95, 0.9
"""A tool's confidence is no higher than this, and this where it names none."""

TYPES = {"memory": MEMORY_TYPES, "entity": ENTITY_TYPES}


class Field(NamedTuple):
    """One key of the format: its form (`line`, `text`, `value`, `lines`, `ratio`, `date`, `relations` or a
    choice), what it is for, and whether it must be there."""

    name: str
    form: str
    meaning: str
    needed: bool = False
    choices: tuple[str, ...] = ()


HEAD: tuple[Field, ...] = (
    Field("format", "line", "names the format", True, (FORMAT,)),
    Field("version", "whole", "the format's version", True),
    Field("tool_version", "line", "the version of the tool that wrote the file"),
    Field("project", "line", "the project of all facts; `--project` overrides it"),
    Field("created", "date", "when the tool wrote what it hands over"),
    Field("file", "line", "the tool's own file that the facts are about, where a fact names none"),
    Field("revision", "line", "that file's revision, where a fact names none"),
    Field("facts", "facts", "the facts", True),
)
FACT: tuple[Field, ...] = (
    Field("id", "line", "the fact's id in the tool: stays the same from one handoff to the next", True),
    Field("kind", "line", "the record it becomes; `entity` where absent", choices=("entity", "memory")),
    Field("type", "line", "the kind's type, like `component` or `parameter`", True),
    Field("title", "line", "a name for people"),
    Field("subject", "line", "what the fact is about"),
    Field("attribute", "line", "which property of it"),
    Field("value", "value", "what is so: a number, a text, or true or false; a number stays as it is typed"),
    Field("unit", "line", "the unit of a number"),
    Field("question", "line", "a decision's question"),
    Field("component", "line", "a material's or vendor's component"),
    Field("text", "text", "the fact as a sentence; without it, one is made of the claim"),
    Field("aliases", "lines", "other names, like a part number"),
    Field("tags", "lines", "free labels"),
    Field("confidence", "ratio", f"how sure the tool is, from 0 to 1; {USUAL} where absent"),
    Field("valid_from", "date", "the fact holds from then on"),
    Field("valid_until", "date", "the fact holds until then"),
    Field("file", "line", "the tool's file that shows it"),
    Field("revision", "line", "that file's revision"),
    Field(
        "relations", "relations", "typed links to other facts: `{type, target}`, the target an external id"
    ),
)


def handoff_schema() -> dict[str, object]:
    """The format's JSON Schema (draft 2020-12)."""
    fact = _object(FACT)
    fact["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"] if kind == "memory" else []},
            "then": {"properties": {"type": {"enum": list(types)}}},
        }
        for kind, types in sorted(TYPES.items())
    ]
    head = _object(HEAD)
    properties = head["properties"]
    assert isinstance(properties, dict)
    properties["facts"] = {"description": "the facts", "type": "array", "items": fact}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AtoCore handoff",
        "description": "Typed facts that an engineering tool hands over to `atocore import --from-tool`.",
        **head,
    }


def _object(table: Sequence[Field]) -> dict[str, object]:
    return {
        "type": "object",
        "required": [field.name for field in table if field.needed],
        "properties": {field.name: {"description": field.meaning, **_form(field)} for field in table},
    }


def _form(field: Field) -> dict[str, object]:
    line: dict[str, object] = {"type": ["string", "number"], "maxLength": MAX_LINE, "pattern": "^[^\\r\\n]*$"}
    if field.choices:
        return {"enum": list(field.choices)}
    forms: dict[str, dict[str, object]] = {
        "line": line,
        "text": {"type": "string", "maxLength": MAX_TEXT},
        "value": {"anyOf": [line, {"type": "boolean"}]},
        "lines": {"type": "array", "maxItems": MAX_ENTRIES, "items": line},
        "ratio": {"type": "number", "minimum": 0, "maximum": 1},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
        "whole": {"const": VERSION},
        "relations": {
            "type": "array",
            "maxItems": MAX_ENTRIES,
            "items": {
                "type": "object",
                "required": ["type", "target"],
                "properties": {"type": {"enum": list(RELATION_TYPES)}, "target": line},
            },
        },
    }
    return forms.get(field.form, {})
