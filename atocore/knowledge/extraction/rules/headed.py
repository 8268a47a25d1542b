"""Rules that go by the heading of a section. They are the strongest, and stand first in the table."""

from __future__ import annotations

import re
from functools import partial

from atocore.knowledge.extraction.rules.decisions import accepted_proposals, decisions, resolutions
from atocore.knowledge.extraction.rules.find import statements
from atocore.knowledge.extraction.rules.headings import Sign
from atocore.knowledge.extraction.rules.patterns import (
    ASSUMPTION_HEADING,
    CONSTRAINT_HEADING,
    DECISION_HEADING,
    LIMITATION_HEADING,
    PROPOSAL_HEADING,
    REQUIREMENT_HEADING,
    RESOLUTION_HEADING,
)
from atocore.knowledge.extraction.rules.records import outcomes, recorded, solutions
from atocore.knowledge.extraction.rules.rule import Rule


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
    read = resolutions if rule_id == "resolution-heading" else decisions
    find = partial(read, rule=rule_id) if kind == "decision" else partial(statements, rule=rule_id, noun=kind)
    sign = Sign(pattern, frozenset(words.split()))
    return Rule(rule_id, looks_for, "entity", kind, prior, 3, find, examples, counter_examples, sign)


HEADED: tuple[Rule, ...] = (
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
            "## Decisions\n\nWe will weld these:\n\n- the frame\n- both hinges\n",
            "## Design decisions\n\n- **Frame**\n  - welded, not glued\n  - two coats of paint\n",
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
    Rule(
        "accepted-proposal",
        "a section headed Proposal or What in a document that is accepted and has no section Decision",
        "entity",
        "decision",
        0.6,
        2,
        partial(accepted_proposals, rule="decision-heading", heading=PROPOSAL_HEADING),
        ("# Frame\n\n## Status\n\nAccepted\n\n## Proposal\n\nWeld the frame from tubes.\n",),
        (
            "# Frame\n\n## Status\n\nProposed\n\n## Proposal\n\nWeld the frame from tubes.\n",
            "# Frame\n\n## Proposal\n\nWeld the frame from tubes.\n",
        ),
    ),
    Rule(
        "record-outcome",
        "a row or line `Outcome:` in a decision record whose status says that it was decided",
        "entity",
        "decision",
        0.7,
        2,
        outcomes,
        ("# DEC-7: Frame\n\n| | |\n|---|---|\n| Status | Decided |\n| Outcome | The frame is welded. |\n",),
        (
            "# DEC-7: Frame\n\n| | |\n|---|---|\n| Status | Open |\n| Outcome | The frame is welded. |\n",
            "# Gate log\n\n| | |\n|---|---|\n| Status | Done |\n| Outcome | The frame is welded. |\n",
        ),
    ),
    Rule(
        "record-solution",
        "a section headed Solution, Approach or Conclusion in a decision record without a section Decision",
        "entity",
        "decision",
        0.6,
        2,
        partial(solutions, rule="decision-heading"),
        (
            "# ADR 7: Frame\n\n## Problem\n\nIt rattles.\n\n## Solution description\n\nWeld the frame from "
            "tubes.\n",
        ),
        ("# Frame\n\n## Solution description\n\nThe frame is made of tubes.\n",),
    ),
    Rule(
        "record-decision",
        "a passage of a decision record without a section Decision that says we will, we chose, we are going "
        "to, or orders what the title names",
        "entity",
        "decision",
        0.6,
        2,
        partial(recorded, rule="decision-heading"),
        (
            "# ADR 7: Weld the frame\n\nIt rattles in the wind.\n\nWe will weld the frame from tubes.\n",
            "# ADR 8: Glue for the doors\n\n## Thoughts\n\nWe went with epoxy because it cures overnight.\n",
            "# 9. Paint the wings green\n\nStatus: accepted\n\nPaint the wings green, on both sides.\n",
            "# ADR 10: Storm lock\n\nEvery gate MUST have a storm lock on its left wing.\n",
        ),
        (
            "# Weld the frame\n\nWe will weld the frame from tubes.\n",
            "# ADR 7: Weld the frame\n\n## Consequences\n\nWe will weld more often.\n",
            "# ADR 7: Weld the frame\n\nWe will need a second welder.\n",
            "# ADR 7: Weld the frame\n\n## Status\n\nRejected\n\n## Idea\n\nWe will weld the frame.\n",
        ),
    ),
    _heading_rule(
        "decision",
        "a section headed Resolution, outside the report of an incident",
        RESOLUTION_HEADING,
        0.6,
        "",
        (
            "# Which glue\n\n## Issue\n\nTwo glues are in stock.\n\n## Resolution\n\nThe doors are glued "
            "with epoxy.\n",
        ),
        (
            "## Display resolution\n\nThe panel has square pixels.\n",
            "# Gate down\n\n## Timeline\n\nIt fell at noon.\n\n## Resolution\n\nWe lifted it.\n",
        ),
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
)
