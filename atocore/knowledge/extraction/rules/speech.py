"""Rules for plain speech: what a sentence says by its own words, where no structure speaks for it.

They are the weakest, and stand last in the table. Those here name a type of the ontology;
`speech_memory` has those that give memories.
"""

from __future__ import annotations

from functools import partial

from atocore.knowledge.extraction.rules.rule import SPOKEN, Rule
from atocore.knowledge.extraction.speech.hear import spoken
from atocore.knowledge.ingestion.voices import Voice


def speech_rule(
    rule: str,
    looks_for: str,
    kind: str,
    type_: str,
    prior: float,
    examples: tuple[str, ...],
    counter_examples: tuple[str, ...],
) -> Rule:
    """Make a row; its examples are what a person says to an assistant."""
    find = partial(spoken, rule=rule)
    return Rule(
        rule,
        looks_for,
        kind,
        type_,
        prior,
        SPOKEN,
        find,
        examples,
        counter_examples,
        beside="speech",
        voice=Voice.PERSON,
    )


SPOKEN_ENTITIES: tuple[Rule, ...] = (
    speech_rule(
        "spoken-decision",
        "we decided, we agreed, let's go with, we'll use X, it was decided, agreed:, the board approved, X"
        " is out, from"
        " next sprint on",
        "entity",
        "decision",
        0.6,
        (
            "We decided to weld the frame.\n",
            "ok, let's go with sand casting for the housing\n",
            "We'll use epoxy instead of screws for the doors.\n",
            "agreed: the pump is painted after the pressure test\n",
            "After the pressure test, it was decided that the seal becomes thicker.\n",
            "We chose larch over spruce because it lasts longer outdoors.\n",
            "We won't support steam-driven pumps.\n",
            "The board turned down the second kiln.\n",
            "we'll stay with larch for the doors, order the planks\n",
            "No varnish, we use oil.\n",
        ),
        (
            "Did we decide to weld the frame?\n",
            "We haven't decided on the glue yet.\n",
            "If we decided to weld the frame, who would do it?\n",
            "We decided to discuss the paint next week.\n",
            "We decided to weld the frame, but then we went back to bolts.\n",
            "We decided to weld the frame. Scratch that.\n",
            "let's go with option 2\n",
            "> We decided to weld the frame.\n",
            'Ada said "we decided to weld the frame".\n',
            "Write a mail that says: we decided to weld the frame.\n",
            "let's use a shorter name for now\n",
        ),
    ),
    speech_rule(
        "spoken-requirement",
        "a requirement is that, the customer requires or wants, X must or has to do Y with a number, every"
        " X must",
        "entity",
        "requirement",
        0.55,
        (
            "One requirement is that the lid opens with one hand.\n",
            "The customer requires a second latch on every door.\n",
            "We require that every valve reports its position.\n",
            "Our main requirement for the gate is that a child cannot open it.\n",
            "It is required that the lamp burns through the night.\n",
            "The insurer wants a second latch on the cellar door.\n",
            "Every gate has to carry its number.\n",
            "The gate shall open with one hand\n",
        ),
        (
            "Is it a requirement that the lid opens with one hand?\n",
            "List the requirements of the lid.\n",
            "Maybe the customer requires a second latch.\n",
            "The requirement was dropped.\n",
            "Install the requirements first.\n",
            "the script needs to read the file and print the sum\n",
            "The button has to be blue\n",
        ),
    ),
    speech_rule(
        "spoken-constraint",
        "must not exceed, has to fit, is limited to, we cannot use, is not allowed, only has, at most,"
        " maximum X is",
        "entity",
        "constraint",
        0.55,
        (
            "The gripper must not exceed 1.2 kg.\n",
            "the cabinet has to fit through the cellar door\n",
            "The lamp is limited to 15 W.\n",
            "We cannot use lead paint in the nursery.\n",
            "There's a hard limit of 40 W on the lamp circuit.\n",
            "The roof must withstand a metre of snow.\n",
            "The hoist can lift 300 kg at most.\n",
            "Open fire is not allowed in the joinery.\n",
            "The attic has no running water, so no washing there.\n",
        ),
        (
            "it must not exceed 80 columns\n",
            "There is no file with that name.\n",
            "The output must not exceed 80 columns.\n",
            "Could the lamp exceed 15 W?\n",
            "The lamp cannot connect to the dimmer.\n",
            "Add a check that the load must not exceed 5 kg.\n",
            "We can't use the dimmer because it returns an error.\n",
            "If we used oak, the door would exceed 30 kg.\n",
        ),
    ),
    speech_rule(
        "spoken-assumption",
        "assume that, we are assuming, we take it that, the working assumption is, is assumed to be, we"
        " count on",
        "entity",
        "assumption",
        0.55,
        (
            "Assume that the crane is available all summer.\n",
            "We assume the mason delivers the slabs in May.\n",
            "I'm assuming the cellar stays dry in winter.\n",
            "We take it that the mortar has cured by then.\n",
            "Our working assumption is that two people carry the door.\n",
            "The soil is assumed to be dry sand.\n",
        ),
        (
            "assume you are a carpenter\n",
            "Assume nothing, read the plan first.\n",
            "Assume the input is sorted.\n",
            "I assume you mean the other door.\n",
            "Don't assume that the crane is available.\n",
            "Why do we assume that the cellar stays dry?\n",
            "You could assume that the cellar might be dry.\n",
        ),
    ),
)
