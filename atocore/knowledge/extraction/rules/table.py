"""The table of extraction rules: what each looks for, what it yields, how much it is trusted, and examples.

A new rule is one row in the module of its family, and a finder only where it reads documents in a new way.
The examples and counter-examples of a row are its tests and its documentation. Families, and the rows in
each, stand in order of strength: where two rules read one passage, the first has it.
"""

from __future__ import annotations

from collections.abc import Mapping

from atocore.knowledge.extraction.rules.headed import HEADED
from atocore.knowledge.extraction.rules.headings import Sign
from atocore.knowledge.extraction.rules.marked import MARKED
from atocore.knowledge.extraction.rules.named import NAMED
from atocore.knowledge.extraction.rules.patterns import LABELS
from atocore.knowledge.extraction.rules.rule import Rule
from atocore.knowledge.extraction.rules.sectioned import SECTIONED
from atocore.knowledge.extraction.rules.speech import SPOKEN_ENTITIES
from atocore.knowledge.extraction.rules.speech_memory import SPOKEN_MEMORIES
from atocore.knowledge.extraction.rules.tabled import TABLED

RULES: tuple[Rule, ...] = (*HEADED, *MARKED, *TABLED, *NAMED, *SECTIONED, *SPOKEN_ENTITIES, *SPOKEN_MEMORIES)

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
SIGNS: Mapping[str, Sign] = {rule.id: rule.sign for rule in RULES if rule.sign}


def labelled_otherwise(rule: Rule, text: str) -> bool:
    """Whether a passage names another type than the rule's by a label of its own, which then counts."""
    if rule.strength < 3:
        return False
    return any(type_ != rule.type and label.match(text) for type_, label in LABELS.items())
