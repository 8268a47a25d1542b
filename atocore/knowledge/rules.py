"""The table of extraction rules: what each looks for, what it yields, how much it is trusted, and examples.

A new rule is one row here, and a finder in `rules_find` only where it reads documents in a new way. The
examples and counter-examples of a row are its tests and its documentation. Rows stand in order of strength:
where two rules read one passage, the first has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from atocore.knowledge.rules_document import Document, Finding
from atocore.knowledge.rules_find import decisions, identified, statements, tables
from atocore.knowledge.rules_headings import Sign
from atocore.knowledge.rules_labels import labelled
from atocore.knowledge.rules_patterns import (
    ASSUMPTION_HEADING,
    BINDING,
    CHOSEN_LABEL,
    CONSTRAINT_HEADING,
    DECISION_HEADING,
    LABELS,
    LIMITATION_HEADING,
    REQUIREMENT_HEADING,
    RESOLUTION_HEADING,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `prior` is the confidence before place and status count; `strength` (1 to 3) says how sure the
    structural signal is; `sign` names the headings that it goes by, where it goes by headings.
    """

    id: str
    looks_for: str
    kind: str
    type: str
    prior: float
    strength: int
    find: Callable[[Document], Iterator[Finding]]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    sign: Sign | None = None


def _heading_rule(
    kind: str,
    looks_for: str,
    pattern: re.Pattern[str],
    prior: float,
    words: str,
    examples: tuple[str, ...],
    counter_examples: tuple[str, ...],
    rule_id: str = "",
) -> Rule:
    rule_id = rule_id or f"{kind}-heading"
    find = (
        partial(decisions, rule=rule_id)
        if kind == "decision"
        else partial(statements, rule=rule_id, noun=kind)
    )
    sign = Sign(pattern, frozenset(words.split()))
    return Rule(rule_id, looks_for, "entity", kind, prior, 3, find, examples, counter_examples, sign)


RULES: tuple[Rule, ...] = (
    _heading_rule(
        "decision",
        "a section headed Decision, Decision Outcome, We decided, Chosen option or a relative",
        DECISION_HEADING,
        0.75,
        "decision",
        (
            "# Casting the housing\n\n## Decision\n\nWe will cast the housing from aluminium.\n",
            '## Decision Outcome\n\nChosen option: "sand casting", because it is cheap.\n',
            "## Design decisions\n\n- The frame is welded.\n- The doors are glued.\n",
            "Decision\n========\n\n### Frame\n\nThe frame is welded from tubes.\n",
            "## Decision: weld the frame\n",
        ),
        (
            "## Decision drivers\n\n- The frame must be cheap to make.\n",
            "## Considered options\n\n- Weld the frame from tubes.\n",
            "## Related decisions\n\nThe housing is cast, see number 7.\n",
            "## Decision\n\nTo be determined.\n",
            "## Decision\n\n{describe the decision that was taken here}\n",
            "## Decision\n\n> We will weld the frame.\n",
            "## Status\n\nSuperseded by number 9\n\n## Decision\n\nWe will weld the frame.\n",
        ),
    ),
    _heading_rule(
        "decision",
        "a section headed Resolution",
        RESOLUTION_HEADING,
        0.6,
        "",
        (
            "# Which glue\n\n## Issue\n\nTwo glues are in stock.\n\n## Resolution\n\nThe doors are glued "
            "with epoxy.\n",
        ),
        ("## Display resolution\n\nThe panel has square pixels.\n",),
        rule_id="resolution-heading",
    ),
    _heading_rule(
        "requirement",
        "the items, rows and binding paragraphs of a section headed Requirements",
        REQUIREMENT_HEADING,
        0.75,
        "requirement req",
        (
            "## Requirements\n\n- The valve shall close within two seconds.\n- The valve shall be quiet.\n",
            "## 2. Requirements\n\n| ID | Description | Verification |\n|---|---|---|\n"
            "| REQ-001 | The valve shall close. | Test |\n",
            "## Requirements\n\n### REQ-002 Quiet valve\n\nNobody hears the valve close.\n",
            "## Functional requirements\n\nThe valve must close when the power fails.\n",
        ),
        (
            "## Non-requirements\n\n- The valve shall be quiet.\n",
            "## Requirements\n\n- TODO\n- N/A\n- [the list](list.md)\n- How quiet must the valve be?\n",
            "# Tool\n\n## Installation\n\nRun the installer.\n\n## Requirements\n\n- a compiler of this "
            "century\n",
            "## Requirements gathering\n\n- Ask the users of the valve what they need.\n",
        ),
    ),
    _heading_rule(
        "constraint",
        "the items, rows and binding paragraphs of a section headed Constraints",
        CONSTRAINT_HEADING,
        0.7,
        "constraint",
        (
            "## Constraints\n\n* The rig must fit through the door.\n* No hot work on site.\n",
            "### Design constraints\n\nThe rig cannot be lifted by crane.\n",
        ),
        (
            "## Alternatives and constraints\n\n- The rig must fit through the door.\n",
            "## Constraints\n\nNone.\n",
            "## Considered options\n\n### Option A\n\n#### Constraints\n\n- The rig would need a wider "
            "door.\n",
        ),
    ),
    _heading_rule(
        "constraint",
        "the items and paragraphs of a section headed Limitations",
        LIMITATION_HEADING,
        0.6,
        "limitation",
        ("## Known limitations\n\n- The rig works only above freezing.\n",),
        ("## Limitations\n\nThere are no known limitations.\n",),
        rule_id="limitation-heading",
    ),
    _heading_rule(
        "assumption",
        "the items, rows and paragraphs of a section headed Assumptions",
        ASSUMPTION_HEADING,
        0.7,
        "assumption",
        (
            "## Assumptions\n\n1. The hall is heated in winter.\n2. Visitors bring their own boots.\n",
            "## Assumptions and dependencies\n\nThe hall is heated in winter.\n",
        ),
        (
            "## Challenging assumptions\n\n- The hall is heated in winter.\n",
            "## Assumptions\n\n- ~~The hall is heated in winter.~~\n",
        ),
    ),
    Rule(
        "decision-label",
        "a line that begins with `Decision:` or a relative",
        "entity",
        "decision",
        0.7,
        2,
        partial(
            labelled,
            label=LABELS["decision"],
        ),
        (
            "Notes of the day.\n\nDecision: the pump housing is cast, not milled.\n",
            "- **Decision:** two bearings in an O arrangement\n- **Owner:** Ada\n",
            "**Decision**\n\n- paint the frame white\n",
        ),
        (
            "Decision: TBD\n",
            "> Decision: the pump housing is cast.\n",
            "Decision: do we cast the pump housing?\n",
            "```\nDecision: the pump housing is cast.\n```\n",
            "## Rejected decisions\n\nDecision: the pump housing is milled.\n",
        ),
    ),
    Rule(
        "requirement-label",
        "a line that begins with `Requirement:`",
        "entity",
        "requirement",
        0.7,
        2,
        partial(labelled, label=LABELS["requirement"]),
        (
            "Requirement: the valve shall close within 2 s.\n",
            "**Requirement R-12:** the valve shall be quiet.\n",
        ),
        ("Requirement: {what must be true}\n", "## Examples\n\nRequirement: the valve shall close.\n"),
    ),
    Rule(
        "constraint-label",
        "a line that begins with `Constraint:` or `Limitation:`",
        "entity",
        "constraint",
        0.7,
        2,
        partial(labelled, label=LABELS["constraint"]),
        (
            "**Constraint:** the rig must fit through a door.\n",
            "| Constraint | no hot work on site |\n|---|---|\n",
        ),
        ("Constraint: none\n", "Constraint: <the constraint goes here>\n"),
    ),
    Rule(
        "assumption-label",
        "a line that begins with `Assumption:`",
        "entity",
        "assumption",
        0.7,
        2,
        partial(labelled, label=LABELS["assumption"]),
        ("Assumption: the hall is heated in winter.\n", "* Assumption 2: visitors bring their own boots\n"),
        ("Assumption: is the hall heated?\n", "The assumption about heating was wrong.\n"),
    ),
    Rule(
        "chosen-option",
        "a line that begins with `Chosen option:`, outside a section that is headed so",
        "entity",
        "decision",
        0.7,
        2,
        partial(
            labelled,
            label=CHOSEN_LABEL,
            whole=True,
        ),
        ('## Housing\n\nChosen option: "sand casting", because it is cheap.\n',),
        ('Chosen option: "{title of option 1}", because {justification}\n',),
    ),
    Rule(
        "requirement-table",
        "the rows of a table, under any heading, with a column of identifiers and one of requirements",
        "entity",
        "requirement",
        0.7,
        2,
        partial(tables, rule="requirement-table", noun="requirement"),
        ("## Valve\n\n| Requirement | Description |\n|---|---|\n| VLV-001 | The valve shall close. |\n",),
        (
            "## Valve\n\n| Requirement | Test case |\n|---|---|\n| VLV-001 | TC-7 |\n",
            "## Valve\n\n| Name | Description |\n|---|---|\n| inlet | where the water comes in |\n",
        ),
    ),
    Rule(
        "requirement-id",
        "an item or paragraph, under any heading, that opens with an identifier and says shall, must or "
        "should",
        "entity",
        "requirement",
        0.65,
        2,
        partial(identified, pattern=BINDING),
        (
            "## Valve\n\n- VLV-003: The valve shall be quiet.\n",
            "**[VLV-004]** The valve must close when the power fails.\n",
        ),
        ("- VLV-003: see the drawing\n", "UTF-8 must be used for labels.\n", "- Note: it must be quiet.\n"),
    ),
)

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}
SIGNS: Mapping[str, Sign] = {rule.id: rule.sign for rule in RULES if rule.sign}


def labelled_otherwise(rule: Rule, text: str) -> bool:
    """Whether a passage names another type than the rule's by a label of its own, which then counts."""
    if rule.strength < 3:
        return False
    return any(type_ != rule.type and label.match(text) for type_, label in LABELS.items())
