"""Rules for sections that name another type than a decision's or a requirement's, and what an item there must
be."""

from __future__ import annotations

import re
from functools import partial

from atocore.knowledge.extraction.rules import forms
from atocore.knowledge.extraction.rules.forms import Form
from atocore.knowledge.extraction.rules.headings import Sign
from atocore.knowledge.extraction.rules.rule import Rule
from atocore.knowledge.extraction.rules.sections import sectioned

_NO_SIGN: frozenset[str] = frozenset()


def _section_rule(
    rule_id: str,
    type_: str,
    named: str,
    headings: str,
    form: Form,
    examples: tuple[str, ...],
    counter_examples: tuple[str, ...],
    *,
    kind: str = "entity",
    prior: float = 0.5,
    prose: bool = False,
    own: bool = False,
) -> Rule:
    find = partial(sectioned, rule=rule_id, form=form, prose=prose, own=own)
    what = "first paragraph" if form is forms.opening else "items and paragraphs" if prose else "items"
    looks_for = f"the {what} of a section headed {named}"
    sign = Sign(re.compile(headings), _NO_SIGN)
    return Rule(rule_id, looks_for, kind, type_, prior, 2, find, examples, counter_examples, sign)


SECTIONED: tuple[Rule, ...] = (
    _section_rule(
        "interface-heading",
        "interface",
        "Interfaces, or a relative with its kind",
        r"(?:(?:external|internal|mechanical|electrical|thermal|optical|data|power|hardware"
        r"|command|rf|physical|pneumatic|hydraulic|and|&) )*interfaces?(?: (?:description|definition"
        r"|control|summary|overview|list))?|icd|interface control (?:document|drawing)",
        forms.interface,
        ("## Electrical interfaces\n\n- The motor driver takes 24 V over a 4-pin plug.\n",),
        (
            "## Interfaces\n\n- `IGate`\n- `open(gate, wait)`\n",
            "## Interfaces\n\n- TBD\n",
            "## User interface\n\n- The lamp on the gate can be seen from the house.\n",
        ),
    ),
    _section_rule(
        "subsystem-heading",
        "subsystem",
        "Subsystems",
        r"(?:(?:the|main|key|system|major|spacecraft|vehicle) )*sub-?systems?(?: (?:overview|list"
        r"|description))?",
        forms.described,
        ("## Subsystems\n\n- **Drive**: opens and closes the wings\n",),
        ("## Subsystems\n\n- see the drawing for all of them\n",),
    ),
    _section_rule(
        "component-heading",
        "component",
        "Components, where an item says what each is",
        r"(?:(?:the|main|key|system|major|core|hardware|mechanical|electrical|electronic|optical|software"
        r"|structural|architecture|building) )*(?:components?|building blocks?)(?: (?:overview|list"
        r"|description|breakdown))?",
        forms.described,
        ("## Main components\n\n- **Gearbox**: slows the motor down\n",),
        ("## Components\n\n- read the drawing before you order\n",),
        prior=0.45,
        own=True,
    ),
    _section_rule(
        "parts-heading",
        "component",
        "Bill of materials, Parts list or a relative",
        r"(?:(?:the|full|complete|mechanical|electronic|electrical|hardware|purchased|printed|machined"
        r"|required|custom|off-the-shelf|3d[- ]printed) )*(?:bill of materials|bom|parts?(?: lists?)?"
        r"|list of (?:parts|components)|components? lists?)(?: (?:required|needed|\(bom\)))?",
        forms.part,
        ("## Parts list\n\n- 4x hinge pin, brass\n- 2 wings\n",),
        ("## Parts list\n\n- [the list](parts.csv)\n- TBD\n",),
    ),
    _section_rule(
        "parameter-heading",
        "parameter",
        "Parameters, Specifications or a relative, that give a value in a unit",
        r"(?:(?:the|key|main|design|system|technical|nominal|mechanical|electrical|thermal|optical|physical"
        r"|performance|operating|general|product|hardware|motor|material) )*(?:parameters?|specifications?"
        r"|specs|characteristics|properties|dimensions|ratings|technical data|mass properties)",
        forms.parameter,
        ("# Gate motor\n\n## Specifications\n\n- Opening: 1,200 mm\n",),
        ("## Parameters\n\n- `wait`: how long the gate waits\n",),
        prior=0.55,
    ),
    _section_rule(
        "material-heading",
        "material",
        "Materials, where an item says what is made of what",
        r"(?:(?:the|main|key|selected|chosen|structural|construction) )*materials?(?: (?:selection|choices?"
        r"|used))?",
        forms.named_material,
        ("## Materials\n\n- Hinge pin: brass\n",),
        (
            "## Materials\n\n- two sheets of sandpaper\n- Note: buy these early on in the year, before "
            "others "
            "do\n",
        ),
    ),
    _section_rule(
        "vendor-heading",
        "vendor",
        "Suppliers or Vendors, where an item says who supplies what",
        r"(?:(?:the|main|key|selected|approved|preferred) )*(?:suppliers?|vendors?|distributors?)(?: list)?",
        forms.named_vendor,
        ("## Suppliers\n\n- Hinge pin: Acme Metals\n",),
        (
            "## Suppliers\n\n- [Acme](https://example.org)\n- ask them for the price of last year before "
            "you "
            "order\n",
        ),
    ),
    _section_rule(
        "process-heading",
        "process",
        "Manufacturing processes, Surface treatments or a relative",
        r"(?:(?:the|main|key) )*(?:manufacturing (?:process(?:es)?|methods?)|fabrication (?:process(?:es)?"
        r"|methods?)|production process(?:es)?|surface (?:treatments?|finish(?:es)?)|heat treatments?"
        r"|finishes|coatings)",
        forms.made,
        ("## Surface treatments\n\n- the hinge pins are nickel plated\n",),
        ("## Surface treatments\n\n- TBD\n", "## Heat treatment\n\n- Heat the pin until it glows red.\n"),
    ),
    _section_rule(
        "result-heading",
        "result",
        "Results or Measurements, that give a quantity",
        r"(?:(?:the|key|main|test|measurement|analysis|simulation|experimental|performance|measured"
        r"|benchmark|final|summary of) )*(?:results?|measurements?|findings)(?: (?:summary|overview))?",
        forms.quantified,
        (
            "## Test results\n\n- The hinge held 120 kg for an hour.\n",
            "## Results\n\nThe gate closes in 1.8 s.\n",
        ),
        ("## Results\n\n- The door opens.\n", "## Results\n\n> The gate closes in 1.8 s.\n"),
        prose=True,
    ),
    _section_rule(
        "validation-heading",
        "validation_claim",
        "Verification results or Verification evidence, that say what was passed or failed",
        r"(?:verification|validation|qualification|acceptance|compliance)(?: test)? (?:results?|evidence"
        r"|statement|summary|status)",
        forms.verdict,
        ("## Verification results\n\n- VLV-001: passed in test TR-9\n",),
        ("## Verification results\n\n- VLV-001: to be tested in May\n",),
        prose=True,
    ),
    _section_rule(
        "analysis-model-heading",
        "analysis_model",
        "Analysis model, Thermal model or a relative",
        r"(?:(?:the|our) )?(?:analysis|analytical|fe|fem|fea|finite[- ]element|thermal|structural|cfd"
        r"|mathematical|numerical|optical|dynamics?) (?:models?|modell?ing)(?: (?:description|assumptions"
        r"|overview))?",
        forms.opening,
        ("## Thermal model\n\nThe hall is one node at 5 °C, the gate has twelve nodes.\n",),
        ("## Thermal model\n\nTBD\n", "## Data model\n\nEach gate has an owner, who has a name.\n"),
        prose=True,
        prior=0.45,
    ),
    _section_rule(
        "artifact-heading",
        "artifact",
        "Deliverables, Drawings, Applicable documents or a relative",
        r"(?:(?:the|key|main|project|expected|design|mechanical|cad) )*(?:deliverables|artifacts|artefacts"
        r"|drawings)|(?:applicable|reference)(?: and (?:applicable|reference))? documents?",
        forms.named_thing,
        ("## Deliverables\n\n- drawing of the gate, revision B\n",),
        ("## Deliverables\n\n- TBD\n", "## Applicable documents\n\n- [x] Every drawing is cited.\n"),
        prior=0.45,
    ),
    _section_rule(
        "project-heading",
        "project",
        "Mission statement or Project description",
        r"(?:the )?(?:mission statement|project (?:description|statement|definition))",
        forms.opening,
        ("## Mission statement\n\nWe give every village of the valley a gate that closes by itself.\n",),
        ("## Mission statement\n\nTo be written.\n",),
        prose=True,
        prior=0.45,
        own=True,
    ),
    _section_rule(
        "preference-heading",
        "preference",
        "Preferences, that say what is preferred, wanted or avoided",
        r"(?:(?:my|our|team|coding|personal|user|general|communication|style|working|the|key) )*preferences"
        r"|(?:we|i) prefer|likes and dislikes|house style",
        forms.preference,
        ("## Preferences\n\n- Use metric units.\n- I prefer short answers.\n",),
        ("## Preferences\n\n- General\n- Colours\n", "## Preferences\n\n- Do you prefer metric units?\n"),
        kind="memory",
        prior=0.6,
        prose=True,
    ),
    _section_rule(
        "lesson-heading",
        "adaptation",
        "Lessons learned or a relative",
        r"(?:(?:the|key|main|our) )*(?:lessons?(?: (?:learned|learnt))?|what we (?:have )?(?:learned|learnt)"
        r"|things we learned|learnings|take-?aways)(?: (?:so far|from .*))?",
        forms.any_statement(4),
        ("## Lessons learned\n\n- Grease the hinges before the first frost.\n",),
        (
            "## Lessons learned\n\n- none so far\n",
            "## Lessons learned\n\n### Where we had luck\n\n- The painter was in the yard.\n",
        ),
        kind="memory",
        prior=0.6,
        prose=True,
        own=True,
    ),
    _section_rule(
        "fact-heading",
        "knowledge",
        "Facts or Key facts",
        r"(?:(?:the|key|known|important|quick|basic) )*facts|good to know|things to (?:know|remember)"
        r"|to remember",
        forms.any_statement(4),
        ("## Key facts\n\n- The hall has no heating on Sundays.\n",),
        ("## Key facts\n\n- TBD\n",),
        kind="memory",
        prior=0.55,
    ),
    _section_rule(
        "milestone-heading",
        "project",
        "Milestones or Schedule, that give a date",
        r"(?:(?:the|key|main|project|upcoming|major|mission) )*(?:milestones?|deadlines?|key dates)",
        forms.dated,
        ("## Milestones\n\n- 2031-05-01: the gate stands\n",),
        ("## Milestones\n\n- the gate stands\n",),
        kind="memory",
        prior=0.55,
    ),
    _section_rule(
        "status-heading",
        "project",
        "Project status or Current status",
        r"(?:the )?(?:project|mission|overall|present) status(?: .{0,20})?",
        forms.opening,
        ("## Project status\n\nThe left wing hangs, the right one is being welded.\n",),
        ("## Project status\n\nTBD\n", "## Project status\n\nIs the left wing up?\n"),
        kind="memory",
        prior=0.5,
        prose=True,
    ),
)
