"""Linking and unlinking: a person says how two records are related, or takes that back. One record is edited.

What nobody sensible would link is refused, with what does fit: to write it all the same there is an editor.
What may be a mistake in the vault around it (a circle, a target that is gone) is told, and stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from atocore.errors import AtocoreError
from atocore.knowledge.relation_problems import IN_FORCE, end_of, may_hold, misfit, said_instead
from atocore.knowledge.review.deed import Deed, Edits
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.linking import Links, link_keys, link_reference, name_keys
from atocore.records.plan import Plan
from atocore.records.record import Record, Relation
from atocore.records.relation_table import RELATION_TYPES, RELATIONS
from atocore.records.relation_values import entries_of, relation_of
from atocore.records.relations import End, fits, meant
from atocore.records.schema import BY_NAME
from atocore.records.snapshot import Snapshot

NOTHING = Plan((), None)
_BY_HAND = "`atocore edit` writes what you are sure of"


class Incoming(NamedTuple):
    """A relation as its target sees it."""

    holder: Record
    type: str


def relation_named(text: str) -> str:
    """The relation that a person names, with `-` or a blank for `_`; `AtocoreError` bad-value for none."""
    name = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if name in RELATIONS:
        return name
    reverse = next((rule for rule in RELATIONS.values() if rule.reverse.replace(" ", "_") == name), None)
    if reverse is not None:
        hint = f"say it from the other side: atocore link TARGET {reverse.name} SOURCE"
        raise AtocoreError("bad-value", f"{text!r} is how `{reverse.name}` reads from its target", hint)
    from difflib import get_close_matches

    near = get_close_matches(name, RELATION_TYPES, n=3)
    hint = f"did you mean: {', '.join(near)}" if near else f"one of: {', '.join(RELATION_TYPES)}"
    raise AtocoreError("bad-value", f"{text!r} is no relation", hint)


def link(snapshot: Snapshot, source: Record, name: str, target: Record, deed: Deed) -> Plan:
    """The record `source` is related to `target`; an empty plan where it is already."""
    check_link(source, name, target)
    if source.status not in IN_FORCE:
        by = source.superseded_by or source.graduated_to
        raise AtocoreError(
            "impossible-step",
            f"{source.id} is {source.status}{f' by {by}' if by else ''}: what it says is history",
            f"link {by or 'another record'} instead",
        )
    if stating(snapshot, source, name, target) is not None:
        return NOTHING
    edits = Edits(snapshot, deed)
    entry: Value = {"type": name, "target": target.id}
    edits.change(source, {"relations": (*entries_of(source.header.get("relations")), entry)})
    return edits.plan("link", f"link {_short(source)} {name} {_short(target)}", (source.id, target.id))


def unlink(snapshot: Snapshot, source: Record, name: str, target: Record | str, deed: Deed) -> Plan:
    """Take a relation of `source` away, in every entry that says it (for one that holds both ways, also from
    its other side). A target that is no record is named as it is written."""
    edits = Edits(snapshot, deed)
    sides = [(source, target)]
    if RELATIONS[name].symmetric and isinstance(target, Record):
        sides.append((target, source))
    for holder, other in sides:
        entries = entries_of(holder.header.get("relations"))
        kept = tuple(entry for entry in entries if not _says(snapshot, holder, entry, name, other))
        if len(kept) < len(entries):
            edits.change(holder, {"relations": kept or None})
    if not edits.touched:
        raise _not_linked(source, name, target)
    to = target if isinstance(target, str) else _short(target)
    ids = (source.id,) if isinstance(target, str) else (source.id, target.id)
    return edits.plan("unlink", f"unlink {_short(source)} {name} {to}", ids)


def check_link(source: Record, name: str, target: Record) -> None:
    """Refuse a link that has no sense, with one that has."""
    if source.kind not in BY_NAME["relations"].kinds:
        raise AtocoreError(
            "bad-value", f"a {source.kind} holds no relations", "a memory, entity or state does"
        )
    if source.id == target.id:
        raise AtocoreError("bad-value", f"{source.id} cannot be related to itself", "name another record")
    if not fits(name, end_of(source), end_of(target)):
        other = said_instead(name, source, target)
        way = f"did you mean: atocore link {' '.join(other)}" if other else may_hold(name, source.type)
        raise AtocoreError("bad-value", misfit(name, end_of(source), target), f"{way}; {_BY_HAND}")


def born_related(kind: str, type_: str, related: Iterable[tuple[str, Record]]) -> tuple[Value, ...]:
    """The entries of `relations` with which a record of a kind and type is born; `AtocoreError` bad-value for
    one that has no sense."""
    if kind not in BY_NAME["relations"].kinds:
        raise AtocoreError("bad-value", f"a {kind} holds no relations", "a memory, entity or state does")
    holder = End(Kind(kind), type_)
    entries: dict[tuple[str, str], Value] = {}
    for name, target in related:
        if not fits(name, holder, end_of(target)):
            turned = [one for one, back in meant(name, holder, end_of(target)) if back]
            way = (
                f"then link it from the other side: atocore link {target.id} {turned[0]} ID" if turned else ""
            )
            raise AtocoreError("bad-value", misfit(name, holder, target), way or may_hold(name, type_))
        entries[name, target.id] = {"type": name, "target": target.id}
    return tuple(entries.values())


def stating(snapshot: Snapshot, source: Record, name: str, target: Record) -> Record | None:
    """The record that says already that the two are so related: the source, or for a relation that holds both
    ways also the target."""
    sides = [(source, target)]
    if RELATIONS[name].symmetric:
        sides.append((target, source))
    links: Links[Record] = Links(snapshot.get, snapshot.named)
    for holder, other in sides:
        for relation in holder.relations:
            reached = links.target(holder, relation) if relation.type == name else None
            if reached is not None and reached.id == other.id:
                return holder
    return None


def incoming(snapshot: Snapshot, record: Record) -> tuple[Incoming, ...]:
    """The relations that lead to a record, by id or by name; by the holder's id."""
    links: Links[Record] = Links(snapshot.get, snapshot.named)
    asked = (record.id, *map(link_reference, sorted(name_keys(record))))
    holders = {holder.id: holder for one in asked for holder in snapshot.referring(one)}
    return tuple(_leading(links, [holders[one] for one in sorted(holders)], record))


def _leading(links: Links[Record], holders: list[Record], record: Record) -> Iterator[Incoming]:
    for holder in holders:
        for type_ in dict.fromkeys(one.type for one in holder.relations):
            reached = (links.target(holder, one) for one in holder.relations if one.type == type_)
            if any(found is not None and found.id == record.id for found in reached):
                yield Incoming(holder, type_)


def _says(snapshot: Snapshot, holder: Record, entry: Value, name: str, target: Record | str) -> bool:
    relation = relation_of(entry)
    if relation is None or relation.type != name:
        return False
    if isinstance(target, str):
        return _same_name(relation, target)
    reached = Links(snapshot.get, snapshot.named).targets(holder, relation)
    return target.id in {one.id for one in reached}


def _same_name(relation: Relation, target: str) -> bool:
    return relation.target == target or bool(
        link_keys(target) and link_keys(target) == link_keys(relation.target)
    )


def _not_linked(source: Record, name: str, target: Record | str) -> AtocoreError:
    to = target if isinstance(target, str) else target.id
    held = "; ".join(f"{one.type} {one.target}" for one in source.relations) or "none"
    return AtocoreError("not-found", f"{source.id} holds no {name} to {to}", f"it holds: {held}")


def _short(record: Record) -> str:
    """A record in a commit's subject: its title."""
    told = record.title or record.id
    return told if len(told) <= 30 else f"{told[:29].rstrip()}…"
