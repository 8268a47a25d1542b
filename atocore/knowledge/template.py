"""An empty record to be filled in with an editor: the keys of its type, each with what it is for."""

from __future__ import annotations

from atocore.knowledge.births import Birth
from atocore.records.edit_text import scalar
from atocore.records.header import Value
from atocore.records.kinds import ENTITY_MEANINGS, Kind
from atocore.records.relations import allowed_targets, held_by
from atocore.records.schema import BY_NAME, KEY_ORDER
from atocore.records.slots import SLOTS

_FEW_TARGETS = 6


def template(birth: Birth, record_id: str) -> str:
    """The text of a file for a record that is to be: what `birth` states is filled in, and of the keys that
    make the slot of its type each has a line. The file is a record as it is."""
    stated = {"id": record_id, "kind": str(birth.kind), "type": birth.type, "status": birth.status}
    filled = {**{name: text for name, text in stated.items() if text}, **birth.keys}
    asked = [name for name in _asked_for(birth) if name not in filled]
    lines = ["---"]
    for name in sorted({*filled, *asked}, key=_place):
        lines.append(_line(name, filled.get(name, ""), _told(birth, name)))
    if birth.kind in BY_NAME["relations"].kinds and "relations" not in filled:
        lines += ["relations:", *_relation_lines(birth)]
    return "\n".join([*lines, "---", birth.text or _body(birth), ""])


def _asked_for(birth: Birth) -> tuple[str, ...]:
    rule = SLOTS.get((birth.kind, birth.type))
    first = ("name",) if birth.kind is Kind.PROJECT else ("project",)
    return (*first, "title", *((*rule.keys, "value") if rule is not None and rule.keys else ()))


def _place(name: str) -> int:
    return KEY_ORDER.index(name) if name in KEY_ORDER else len(KEY_ORDER)


def _told(birth: Birth, name: str) -> str:
    """What a key that is empty is for."""
    rule = SLOTS.get((birth.kind, birth.type))
    key = BY_NAME[name]
    part = ", a part of the slot" if rule is not None and name in rule.keys and name != "project" else ""
    example = f", like {key.example}" if key.example else ""
    return f"{key.meaning}{part}{example}"


def _line(name: str, value: Value, told: str) -> str:
    if isinstance(value, str):
        return f"{name}: {scalar(value)}" if value else f"{name}:  # {told}"
    parts = value if isinstance(value, tuple) else ()
    return f"{name}: [{', '.join(scalar(part) for part in parts if isinstance(part, str))}]"


def _relation_lines(birth: Birth) -> list[str]:
    """What may be linked, as comments: a person takes the mark away from the lines that hold."""
    if birth.kind is not Kind.ENTITY:
        return ['  # - {type: evidenced_by, target: "[[title, alias or file]]"}']
    lines = []
    for name in held_by(birth.type):
        targets = allowed_targets(name, birth.type)
        told = ", ".join(targets) if len(targets) <= _FEW_TARGETS else "many: docs/entities.md"
        lines.append(f'  # - {{type: {name}, target: "[[title, alias or file]]"}}  # {told}')
    return lines


def _body(birth: Birth) -> str:
    meaning = ENTITY_MEANINGS.get(birth.type, "") if birth.kind is Kind.ENTITY else ""
    return f"One statement in a sentence or two{f' ({birth.type}: {meaning})' if meaning else ''}."
