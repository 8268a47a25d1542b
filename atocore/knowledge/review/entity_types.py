"""Which entity type a memory becomes: what the person names, else what the memory itself tells, else its
type's usual one. Each answer has its reason, since a person looks at it before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.records.kinds import ENTITY_TYPES, Kind
from atocore.records.record import Record
from atocore.records.schema import GRADUATION_TYPES
from atocore.records.slots import slot_of


@dataclass(frozen=True, slots=True)
class Fitting:
    """An entity type and why it fits. `question` is a decision's, where its words ask one; `sure` is false
    where nothing but the memory's type speaks for it."""

    type: str
    why: str
    question: str = ""
    sure: bool = True


def is_home(memory_type: str) -> bool:
    """Whether a fact stays in a memory of that type, unless a person names the entity type it goes to."""
    return memory_type not in GRADUATION_TYPES


def fitting_type(memory: Record, asked: str = "") -> Fitting:
    """The entity type that a memory becomes; `AtocoreError` bad-value where `asked` is none, or where its
    home is among the memories and none was asked for."""
    if asked:
        if asked not in ENTITY_TYPES:
            raise AtocoreError(
                "bad-value", f"{asked!r} is no entity type", f"one of: {', '.join(ENTITY_TYPES)}"
            )
        return Fitting(asked, "as asked")
    if is_home(memory.type):
        raise AtocoreError(
            "bad-value",
            f"{memory.id} is of type {memory.type}, which has its home among the memories",
            "leave it there; to graduate it all the same, name the entity's type: --to TYPE",
        )
    return _told_by(memory) or Fitting(
        GRADUATION_TYPES[memory.type], f"usual for type {memory.type}", sure=False
    )


def _told_by(memory: Record) -> Fitting | None:
    """The type that the memory's keys or words name, if they do."""
    if memory.question:
        return Fitting("decision", "it answers a question")
    claims = slot_of(memory) is not None
    heard = _heard(memory)
    # a decision's slot is its question: without one, the claim it has would not be compared any more
    if heard is not None and (heard.type != "decision" or heard.question or not claims):
        return heard
    return Fitting("parameter", "it gives a property a value") if claims else None


def _heard(memory: Record) -> Fitting | None:
    """The type that the rules of extraction hear in the memory's words, where they hear one alone. What they
    have heard before, they took for a memory."""
    if memory.provenance.rule:
        return None
    from atocore.knowledge.extraction.extract import extract  # costs more than all of the rest
    from atocore.knowledge.ingestion.voices import Voice

    found = extract(memory.body, voice=Voice.PERSON).proposals
    named = {(one.kind, one.type) for one in found}
    if len(named) != 1 or found[0].kind != Kind.ENTITY:
        return None
    one = found[0]
    article = "an" if one.type[0] in "aeiou" else "a"
    return Fitting(one.type, f"its words state {article} {one.type} ({one.rule})", one.question)
