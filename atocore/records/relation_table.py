"""Relations: what may be linked to what, and how each link reads. One table; everything else reads it.

A record holds a relation, an entity is its target: `component satisfies requirement`. The table lets through
what engineers write in more than one way, and names as ill-typed only what is plainly the wrong way round or
has no sense. Memories and states may hold any relation: a memory can become an entity of any type, and a
state may speak of any.

The senses are those of SysML where it has them: `satisfies` is satisfy, `validates` verify and validate,
`based_on` derive, refine and trace, `part_of` is composition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from atocore.records.kinds import ENTITY_TYPES


class Pairing(NamedTuple):
    """Entities of these types may hold the relation to targets of those. A target is an entity's type, or a
    kind with its prefix (`kind:source`)."""

    holders: tuple[str, ...]
    targets: tuple[str, ...]


class RelationRule(NamedTuple):
    """One row: what the relation means, how it reads from the target, and which pairings it has.

    `symmetric`: it holds both ways, whichever side states it. `acyclic`: no record may come back to itself.
    `dependent`: the side that is to be looked at again when the other one changes, and with it what depends
    on that: `holder`, `target`, `both` or "" for neither. `at_stake`: the side that is to be looked at and
    passes nothing on, such as a requirement whose satisfaction must be shown anew. `asked_by`: the named
    queries that follow it. `kin`: what people may have meant instead, and
    whether the other way round.
    """

    name: str
    meaning: str
    reverse: str
    pairings: tuple[Pairing, ...]
    dependent: str
    asked_by: tuple[str, ...]
    symmetric: bool = False
    acyclic: bool = False
    at_stake: str = ""
    kin: tuple[tuple[str, bool], ...] = ()


_ALL = ENTITY_TYPES
_BUILT = ("project", "subsystem", "component", "interface")
_MADE = (*_BUILT, "material", "process", "artifact")
_SHOWN = ("result", "analysis_model", "artifact")
"""What is measured, computed or written down: what other things rest on as evidence."""
_BELIEVED = ("requirement", "constraint", "assumption", "decision", "parameter")
_SAID = ("kind:source", "kind:interaction", "kind:note", "kind:memory", "kind:state")
"""Evidence that is no entity: a document, what was said, a note, a remembered or trusted statement."""


def _but(*types: str) -> tuple[str, ...]:
    return tuple(type_ for type_ in _ALL if type_ not in types)


RELATIONS: Mapping[str, RelationRule] = {
    rule.name: rule
    for rule in (
        RelationRule(
            "part_of",
            "is a part of the whole, or belongs to it",
            "contains",
            (
                Pairing(("project",), ("project",)),
                Pairing(("subsystem",), ("project", "subsystem")),
                Pairing(("component",), ("project", "subsystem", "component")),
                Pairing(("interface", "process"), (*_BUILT, "process")),
                Pairing(("material",), ("material",)),
                Pairing(("vendor",), ("vendor",)),
                Pairing(
                    (*_BELIEVED, *_SHOWN, "validation_claim"),
                    (*_BUILT, "process", *_BELIEVED, *_SHOWN, "validation_claim"),
                ),
            ),
            "target",
            (
                "system-map",
                "bill-of-materials",
                "interfaces-of",
                "constraints-on",
                "decisions-on",
                "parameters",
                "trace",
                "orphan-requirements",
                "unverified-requirements",
                "impact",
            ),
            acyclic=True,
            kin=(("satisfies", False), ("made_of", True), ("supplied_by", True), ("made_by", True)),
        ),
        RelationRule(
            "interfaces_with",
            "meets the other at a boundary: mechanical, electrical, thermal, data",
            "interfaces with",
            (Pairing((*_MADE, "analysis_model", "vendor"), (*_MADE, "analysis_model", "vendor")),),
            "both",
            ("system-map", "interfaces-of", "impact"),
            symmetric=True,
        ),
        RelationRule(
            "satisfies",
            "fulfils a requirement, keeps to a constraint, or implements an interface",
            "is satisfied by",
            (
                Pairing(_but("assumption", "requirement"), ("requirement", "constraint")),
                Pairing(("requirement",), ("requirement",)),
                Pairing((*_MADE, "decision"), ("interface",)),
            ),
            "holder",
            ("trace", "orphan-requirements", "unverified-requirements", "impact"),
            at_stake="target",
            kin=(("validates", False),),
        ),
        RelationRule(
            "constrains",
            "limits what the other may be",
            "is constrained by",
            (
                Pairing(
                    (*_BELIEVED, "interface", "artifact"),
                    (*_MADE, "vendor", "requirement", "decision", "parameter", "analysis_model"),
                ),
                Pairing(("requirement", "constraint", "decision", "assumption", "artifact"), ("constraint",)),
                Pairing(
                    ("project", "subsystem", "component", "material", "process", "vendor"),
                    (*_BUILT, "material", "process", "decision", "parameter"),
                ),
            ),
            "target",
            ("constraints-on", "decisions-on", "impact"),
            kin=(("satisfies", False),),
        ),
        RelationRule(
            "depends_on",
            "needs the other in order to work, to hold or to be made",
            "is needed by",
            (Pairing(_ALL, _ALL),),
            "holder",
            ("system-map", "shaky-decisions", "impact"),
        ),
        RelationRule(
            "based_on",
            "was concluded or derived from the other, and falls with it",
            "is the basis of",
            (
                Pairing(_but("result"), (*_ALL, *_SAID)),
                Pairing(("result",), (*_but("decision", "requirement"), *_SAID)),
            ),
            "holder",
            ("shaky-decisions", "decisions-on", "impact"),
            acyclic=True,
            kin=(("validates", False),),
        ),
        RelationRule(
            "analyzed_by",
            "is computed or simulated by an analysis model, or studied by an analysis",
            "analyzes",
            (
                Pairing(_but("analysis_model"), ("analysis_model", "result", "process", "artifact")),
                Pairing(("analysis_model",), ("analysis_model", "result")),
            ),
            "holder",
            ("trace", "unverified-requirements", "unsupported-claims", "impact"),
            at_stake="target",
        ),
        RelationRule(
            "validates",
            "shows that the other holds: by test, inspection, demonstration or analysis",
            "is validated by",
            (
                Pairing((*_SHOWN, "process"), _but("vendor")),
                Pairing(("validation_claim",), (*_MADE, *_BELIEVED, "analysis_model")),
            ),
            "holder",
            ("trace", "unverified-requirements", "unsupported-claims", "impact"),
            at_stake="target",
            kin=(("satisfies", False),),
        ),
        RelationRule(
            "evidenced_by",
            "rests on the other as its evidence: a result, a document, what was said",
            "is evidence for",
            (
                Pairing(_but(*_SHOWN), (*_SHOWN, "validation_claim", *_SAID)),
                Pairing(_SHOWN, (*_SHOWN, *_SAID)),
            ),
            "holder",
            ("trace", "unverified-requirements", "unsupported-claims", "evidence", "impact"),
            kin=(("based_on", False),),
        ),
        RelationRule(
            "made_of",
            "consists of a material",
            "is the material of",
            (
                Pairing(("project", "subsystem", "component", "interface", "artifact"), ("material",)),
                Pairing(("material",), ("material",)),
            ),
            "holder",
            ("bill-of-materials", "impact"),
            acyclic=True,
            kin=(("part_of", True), ("made_by", False), ("supplied_by", False)),
        ),
        RelationRule(
            "supplied_by",
            "is bought or received from a vendor",
            "supplies",
            (Pairing(_ALL, ("vendor",)),),
            "holder",
            ("bill-of-materials", "impact"),
            kin=(("made_by", False), ("made_of", False)),
        ),
        RelationRule(
            "made_by",
            "is made, joined, treated or produced by a process, or by a vendor",
            "makes",
            (Pairing(_but("vendor", "decision", "assumption"), ("process", "vendor")),),
            "holder",
            ("bill-of-materials", "impact"),
            kin=(("made_of", False), ("decided_by", False)),
        ),
        RelationRule(
            "described_by",
            "is described, specified or drawn in the other",
            "describes",
            (
                Pairing(
                    _ALL,
                    (*_SHOWN, "interface", "process", "requirement", "constraint", "parameter", *_SAID),
                ),
                Pairing(("parameter", "material"), ("component", "subsystem")),
            ),
            "holder",
            ("parameters", "evidence", "impact"),
            at_stake="target",
        ),
        RelationRule(
            "decided_by",
            "is as it is because of a decision",
            "decides",
            (Pairing(_ALL, ("decision", "kind:state")),),
            "holder",
            ("decisions-on", "impact"),
            kin=(("based_on", False),),
        ),
    )
}
"""Every relation by name, in the order in which they are told."""
RELATION_TYPES = tuple(RELATIONS)
