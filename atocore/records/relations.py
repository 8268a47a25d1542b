"""What the table of relations lets link to what, and what somebody may have meant who linked otherwise."""

from __future__ import annotations

from typing import NamedTuple

from atocore.records.kinds import ENTITY_TYPES, Kind
from atocore.records.relation_table import RELATIONS

_ALLOWED = {
    (name, holder, target)
    for name, rule in RELATIONS.items()
    for pairing in rule.pairings
    for holder in pairing.holders
    for target in pairing.targets
}


class End(NamedTuple):
    """One end of a relation: a record's kind and type."""

    kind: Kind
    type: str

    @property
    def called(self) -> str:
        """How people call it: `component`, or `preference memory`."""
        return self.type if self.kind is Kind.ENTITY else f"{self.type} {self.kind}".strip()


def fits(name: str, holder: End, target: End) -> bool:
    """Whether the table has this link. An unknown relation fits nowhere."""
    to = target.type if target.kind is Kind.ENTITY else f"kind:{target.kind}"
    if holder.kind is Kind.ENTITY:
        return (name, holder.type, to) in _ALLOWED
    return any((name, type_, to) in _ALLOWED for type_ in ENTITY_TYPES)


def meant(name: str, holder: End, target: End) -> tuple[tuple[str, bool], ...]:
    """What somebody may have meant by a link that does not fit: relation, and whether it goes the other way.
    The reverse comes first, then what is akin."""
    tried = [(name, True), *RELATIONS[name].kin]
    return tuple(
        (other, back)
        for other, back in tried
        if fits(other, *((target, holder) if back else (holder, target)))
        and not (back and target.kind is not Kind.ENTITY)
    )


def held_by(type_: str) -> tuple[str, ...]:
    """The relations that an entity of the type may hold, in the table's order."""
    return tuple(n for n, rule in RELATIONS.items() if any(type_ in p.holders for p in rule.pairings))


def allowed_targets(name: str, type_: str) -> tuple[str, ...]:
    """What an entity of the type may link to by the relation: entity types, then kinds."""
    found = {
        target
        for pairing in RELATIONS[name].pairings
        if type_ in pairing.holders
        for target in pairing.targets
    }
    kinds = (str(kind) for kind in Kind)
    return (
        *(entity for entity in ENTITY_TYPES if entity in found),
        *(kind for kind in kinds if f"kind:{kind}" in found),
    )


def following(query: str) -> tuple[str, ...]:
    """The relations that a named query follows."""
    return tuple(name for name, rule in RELATIONS.items() if query in rule.asked_by)
