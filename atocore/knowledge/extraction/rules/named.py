"""Rules for labels that name a type: `Material: brass`, `Result: passed`, `Lesson learned: …`."""

from __future__ import annotations

from functools import partial

from atocore.knowledge.extraction.rules import forms
from atocore.knowledge.extraction.rules.forms import Form
from atocore.knowledge.extraction.rules.patterns import label
from atocore.knowledge.extraction.rules.rule import Rule
from atocore.knowledge.extraction.rules.sections import marked, quantities


def _label_rule(
    type_: str,
    named: str,
    words: str,
    form: Form,
    examples: tuple[str, ...],
    counter_examples: tuple[str, ...],
    *,
    kind: str = "entity",
    prior: float = 0.55,
    whole: bool = False,
    rows: bool = False,
) -> Rule:
    find = partial(marked, label=label(words), form=form, whole=whole, rows=rows)
    looks_for = f"a line that begins with {named}"
    return Rule(
        f"{type_.replace('_', '-')}-label", looks_for, kind, type_, prior, 2, find, examples, counter_examples
    )


NAMED: tuple[Rule, ...] = (
    _label_rule(
        "validation_claim",
        "`Verified by:`, `Validated by:` or a relative",
        r"(?:verified|validated|qualified|demonstrated|confirmed) by|validation claim|(?:verification"
        r"|validation)"
        r" (?:results?|evidence)",
        forms.about_requirement,
        ("### VLV-001 Closing\n\nIt closes by itself.\n\nVerified by: test, see report TR-9.\n",),
        ("Verified by: TBD\n", "Verified by: Ada\n"),
        whole=True,
    ),
    _label_rule(
        "result",
        "`Result:` or `Measured:`, with a quantity or what was passed, failed or met",
        r"(?:(?:test|measurement|analysis|measured|simulation|main) )?results?|measured|measurement",
        forms.result,
        ("Result: the hinge held 120 kg.\n", "**Test result:** passed without a leak\n"),
        ("Result: the door opens\n", "> Result: the hinge held 120 kg.\n"),
        rows=True,
    ),
    _label_rule(
        "analysis_model",
        "`Analysis model:`, `FE model:`, `Thermal model:` or a relative",
        r"(?:analysis|analytical|fe|fem|fea|finite element|thermal|structural|cfd|simulation|mathematical"
        r"|numerical|optical|dynamics?) models?",
        forms.any_statement(),
        ("FE model: the frame as 1,200 beam elements, clamped at the hinges\n",),
        ("Model: T 12\n", "FE model: TBD\n"),
    ),
    _label_rule(
        "interface",
        "`Interface:` or a relative",
        r"(?:(?:external|internal|mechanical|electrical|thermal|optical|data|power|hardware|software"
        r"|command) )?"
        r"interfaces?",
        forms.interface,
        ("Electrical interface: 24 V to the motor driver over a 4-pin plug\n",),
        ("Interface: `IGate`\n", "Interface: CLI\n"),
    ),
    _label_rule(
        "material",
        "`Material:`",
        r"(?:(?:base|body|housing|frame|raw) )?materials?",
        forms.of_component("is made of"),
        ("## Hinge pin\n\n- Material: brass\n- Colour: none\n",),
        (
            "Material: see the drawing\n",
            "Material: what we happened to have in the store when we made the first of them\n",
        ),
        rows=True,
    ),
    _label_rule(
        "vendor",
        "`Supplier:` or `Vendor:`",
        r"(?:preferred |main )?(?:suppliers?|vendors?|distributors?)",
        forms.of_component("is supplied by"),
        ("## Hinge pin\n\nSupplier: Acme Metals\n",),
        ("Supplier: TBD\n", "Vendor: https://example.org/pins\n"),
        rows=True,
    ),
    _label_rule(
        "process",
        "`Manufacturing process:`, `Surface treatment:`, `Finish:` or a relative",
        r"(?:manufacturing|fabrication|production|joining|bonding) (?:process|method)|surface (?:finish"
        r"|treatment)|finish|heat treatment|coating",
        forms.of_subject("process"),
        ("## Hinge pin\n\nSurface treatment: nickel plating\n",),
        ("Finish: TBD\n", "Process: ask Ada first\n"),
        rows=True,
    ),
    _label_rule(
        "subsystem",
        "`Subsystem:`, with what it is",
        r"sub-?systems?",
        forms.described,
        ("Subsystem: drive – opens and closes the wings\n",),
        ("Subsystem: drive\n",),
        prior=0.5,
    ),
    _label_rule(
        "component",
        "`Component:` or `Part:`, with what it is, or in a block of its own",
        r"(?:component|part)",
        forms.described,
        ("Component: gearbox – slows the motor down\n",),
        ("Component: gearbox\n", "Status: open\nComponent: gearbox – slows the motor down\n"),
        prior=0.5,
    ),
    _label_rule(
        "artifact",
        "`Drawing:`, `CAD model:` or a relative",
        r"drawings?(?: (?:no\.?|number))?|cad (?:model|file)s?|document (?:no\.?|number)",
        forms.any_statement(1),
        ("Drawing: GATE-D-7, revision B\n",),
        ("Drawing: [GATE-D-7](gate.pdf)\n", "Drawing: TBD\n", "Deliverables: a gate that closes\n"),
        prior=0.5,
    ),
    _label_rule(
        "preference",
        "`Preference:` or `Preferences:`",
        r"(?:(?:my|our|team|coding|personal|user) )?preferences?",
        forms.any_statement(2),
        ("Preference: short answers, in metric units\n",),
        ("Preference: none\n",),
        kind="memory",
        prior=0.65,
    ),
    _label_rule(
        "adaptation",
        "`Lesson learned:` or a relative",
        r"(?:key )?lessons?(?: (?:learned|learnt))?|(?:key )?(?:take-?aways?|learnings?)",
        forms.any_statement(),
        ("Lesson learned: grease the hinges before the first frost\n",),
        ("Lesson learned: TBD\n",),
        kind="memory",
        prior=0.65,
    ),
    _label_rule(
        "knowledge",
        "`Fact:` or `Note to remember:`",
        r"(?:key |known )?facts?|notes? to (?:self|remember)",
        forms.any_statement(),
        ("Fact: the hall has no heating on Sundays.\n",),
        ("Fact: unknown\n", "Fact: is the hall heated?\n"),
        kind="memory",
        prior=0.6,
    ),
    _label_rule(
        "project",
        "`Milestone:` or `Deadline:`, with a date",
        r"milestones?|deadlines?",
        forms.dated,
        ("Milestone: the gate stands by 2031-05-01\n",),
        ("Milestone: TBD\n",),
        kind="memory",
        prior=0.6,
    ),
    Rule(
        "quantity-label",
        "a line that gives a quantity and its value in a unit, such as `Mass: 4.2 kg`",
        "entity",
        "parameter",
        0.5,
        1,
        quantities,
        ("# Gate motor\n\n- Rated torque: 12 N·m\n- Colour: green\n",),
        (
            "# Gate motor\n\n- Left wing\n  - Mass: 4 kg\n- Right wing\n  - Mass: 5 kg\n",
            "# Gate motor\n\n- Rated torque: some\n",
            "# Log\n\n- Author: Ada\n- Mass: 5 kg\n",
        ),
    ),
)
