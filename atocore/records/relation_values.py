"""What the key `relations` says: its entries as relations, where each stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from atocore.records.header import frame
from atocore.records.header_text import Value, line_of
from atocore.records.record import Relation
from atocore.records.relation_table import RELATION_TYPES


def relations_of(value: Value | None) -> tuple[Relation, ...]:
    """The relations that the key states; entries that state none are passed over."""
    return tuple(relation for relation in map(relation_of, entries_of(value)) if relation is not None)


def entries_of(value: Value | None) -> tuple[Value, ...]:
    """The key's entries as they are written: those of a list, or the one that stands there alone."""
    return value if isinstance(value, tuple) else (value,) if value else ()


def relation_of(entry: Value) -> Relation | None:
    """The relation that one entry states, None where it states none."""
    if not isinstance(entry, Mapping) or wrong_entry(entry):
        return None
    return Relation(str(entry["type"]), target_text(entry["target"]))


def wrong_entry(entry: Value) -> str:
    """What is wrong with one entry, "" where nothing is."""
    if not isinstance(entry, Mapping) or not {"type", "target"} & entry.keys():
        short = next((key for key in RELATION_TYPES if isinstance(entry, Mapping) and key in entry), None)
        if short is None:
            return "is to be a list of `type:` and `target:` pairs"
        return f"has `{short}:` as a key: write `type: {short}`, and `target:` below it"
    type_ = entry.get("type")
    if type_ not in RELATION_TYPES:
        return f"has the unknown type {type_!r}; one of: {', '.join(RELATION_TYPES)}"
    if not target_text(entry.get("target")):
        return f"has a {type_} without one `target:`, an id or a [[link]]"
    return ""


def target_text(value: Value | None) -> str:
    """A target as typed, "" where it is none. YAML reads an unquoted `[[link]]` as a list in a list."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], tuple):
        inner = ", ".join(map(_typed, value[0]))
        return f"[[{inner}]]" if inner else ""
    return ""


def _typed(part: Value) -> str:
    """A piece of an unquoted link as it was typed: `a: b` is read as a mapping."""
    if isinstance(part, Mapping):
        return ", ".join(f"{key}: {_typed(value)}" for key, value in part.items())
    return part.strip() if isinstance(part, str) else ", ".join(map(_typed, part))


def entry_lines(raw: bytes) -> tuple[int, ...]:
    """The line in the file of each entry of `relations`, in order; () where the file cannot tell."""
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    parts = frame(text)
    if parts is None:
        return ()
    first = line_of(text, parts.opened) + 1
    return tuple(first + line for line in _entry_lines(text[parts.opened : parts.closed]))


def _entry_lines(head: str) -> Iterator[int]:
    """The 0-based lines in a header that was read without an error: it is no deeper than the parser bears."""
    import yaml

    try:
        root = yaml.compose(head, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "relations":
            items = value.value if isinstance(value, yaml.SequenceNode) else [value]
            yield from (item.start_mark.line for item in items)
