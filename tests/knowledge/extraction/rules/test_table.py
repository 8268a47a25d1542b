"""The table of rules: its examples are its tests, and its parts read the wordings they are for."""

from __future__ import annotations

import pytest

from atocore.knowledge.extraction.claims.reader import Claim, claim_in
from atocore.knowledge.extraction.extract import extract
from atocore.knowledge.extraction.rules.choices import chosen, question_in
from atocore.knowledge.extraction.rules.headings import HARD_STOP, SOFT_STOP, normal_heading
from atocore.knowledge.extraction.rules.table import BY_ID, RULES
from atocore.knowledge.extraction.rules.text import document_title, leading_id, short, why_not
from atocore.knowledge.extraction.rules.values import measured

_EXAMPLES = [(rule.id, text) for rule in RULES for text in rule.examples]
_COUNTER_EXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counter_examples]


@pytest.mark.parametrize(("rule", "text"), _EXAMPLES)
def test_a_rule_finds_its_examples(rule: str, text: str) -> None:
    found = extract(text, voice=BY_ID[rule].voice)
    assert rule in found.found, found
    beside = BY_ID[rule].beside
    others = [
        p for p in found.proposals if p.rule != rule and not (beside and BY_ID[p.rule].beside == beside)
    ]
    assert {p.type for p in others} <= {BY_ID[rule].type}
    assert {(p.kind, p.type) for p in found.proposals if p.rule == rule} == {
        (BY_ID[rule].kind, BY_ID[rule].type)
    }


@pytest.mark.parametrize(("rule", "text"), _COUNTER_EXAMPLES)
def test_counter_examples_yield_nothing(rule: str, text: str) -> None:
    assert extract(text, voice=BY_ID[rule].voice).proposals == ()


def test_the_table_is_well_formed() -> None:
    assert len(BY_ID) == len(RULES)
    for rule in RULES:
        assert 0 < rule.prior < 1
        assert rule.strength in (1, 2, 3)
        assert rule.examples and rule.counter_examples and rule.looks_for


def _type(heading: str) -> str:
    body = f"# {heading}\n\nThe frame must be made of thick steel tubes.\n"
    return " ".join(proposal.type for proposal in extract(body).proposals)


@pytest.mark.parametrize(
    ("heading", "type_"),
    [
        ("Decision", "decision"),
        ("3. Decision Outcome", "decision"),
        ("Decision(s) made", "decision"),
        ("✅ The Decision:", "decision"),
        ("We decided to weld", "decision"),
        ("Chosen option", "decision"),
        ("Decision outcome: weld the frame", "decision"),
        ("Decisions: an overview", ""),
        ("Resolution", ""),
        ("Architectural decisions", "decision"),
        ("Decision Drivers", ""),
        ("Decision criteria", ""),
        ("Rejected decisions", ""),
        ("Is this a decision?", ""),
        ("Non-functional requirements", "requirement"),
        ("2.1 Interface Requirements", "requirement"),
        ("Requirements for the frame", "requirement"),
        ("Power and thermal requirements", "requirement"),
        ("Wiring and requirements", ""),
        ("Requirements for build servers", "requirement"),
        ("Testing requirements", "requirement"),
        ("Installation requirements", ""),
        ("Non-requirements", ""),
        ("Former requirements", ""),
        ("Design Constraints", "constraint"),
        ("Constraints & limitations", "constraint"),
        ("Limitations", "constraint"),
        ("Alternatives and constraints", ""),
        ("Key assumptions", "assumption"),
        ("Assumptions and dependencies", "assumption"),
        ("Invalidated assumptions", ""),
        ("Consequences", ""),
    ],
)
def test_headings(heading: str, type_: str) -> None:
    assert _type(heading) == type_


@pytest.mark.parametrize(
    "heading", ["Considered options", "Out of scope", "Option 3: steel", "Examples", "Links"]
)
def test_headings_that_bar_what_is_under_them(heading: str) -> None:
    assert HARD_STOP.fullmatch(normal_heading(heading))


@pytest.mark.parametrize("heading", ["Positive Consequences", "Rationale", "Context and Problem Statement"])
def test_headings_that_end_what_was_above_them(heading: str) -> None:
    assert SOFT_STOP.fullmatch(normal_heading(heading))
    assert not HARD_STOP.fullmatch(normal_heading(heading))


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The arm mass must not exceed 4.5 kg.", Claim("arm", "maximum mass", "4.5 kg")),
        ("The mass of the arm is 4.2 kg including its cover.", Claim("arm", "mass", "4.2 kg")),
        ("The arm shall have a mass of at least 3 kg", Claim("arm", "minimum mass", "3 kg")),
        (
            "The gate's response time shall be less than 200 ms.",
            Claim("gate", "maximum response time", "200 ms"),
        ),
        ("The pump flow rate must be 3.5 L/min.", Claim("pump", "flow rate", "3.5 L/min")),
        ("Its mass is 4 kg.", None),
        ("Boot time must be under 3 seconds.", None),
        ("The arm length is 12 mm and its width is 4 mm.", None),
        ("If the arm temperature is 40 °C, stop.", None),
        ("The arm voltage shall be between 3 V and 5 V.", Claim("arm", "voltage", "3 V to 5 V")),
        ("The arm voltage is 24 V ± 5 %.", Claim("arm", "voltage", "24 V ± 5 %")),
        ("The mass of the lens is 120±5 g.", Claim("lens", "mass", "120 g ± 5 g")),
        ("The arm temperature must not drop below -20 °C.", Claim("arm", "minimum temperature", "-20 °C")),
        ("The arm shall provide a torque of up to 3 N·m.", Claim("arm", "maximum torque", "3 N·m")),
        ("The arm temperature shall be -20 to 60 °C.", Claim("arm", "temperature", "-20 °C to 60 °C")),
        ("The arm current is 2 A when idle.", Claim("arm", "current when idle", "2 A")),
        ("In summer the arm temperature is 40 °C.", None),
        ("The arm length is 3 in total.", None),
        ("They say the arm mass is 4 kg.", None),
        ("The arm has 3 joints.", Claim("arm", "number of joints", "3")),
    ],
)
def test_a_stated_quantity_is_a_claim(text: str, claim: Claim | None) -> None:
    assert claim_in(text) == claim


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ('Chosen option: "steel, welded", because it is cheap', "steel, welded"),
        ("Chosen option: steel, because it is cheap", "steel"),
        ("Chosen Alternative: *thin walls*", "thin walls"),
        ("Chosen option: Option 2, because it is cheap", ""),
        ("We like steel.", ""),
    ],
)
def test_the_chosen_option(text: str, option: str) -> None:
    assert chosen(text) == option


def test_a_question_counts_when_it_is_one_and_stands_alone() -> None:
    assert question_in("We build. Which metal should the frame be made of? Hm.") == (
        "Which metal should the frame be made of?"
    )
    assert question_in("Which of these should we take?") == ""
    assert question_in("Which metal should it be? Which paint should we use? Why so?") == ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "TBD",
            "N/A",
            "None.",
            "TODO: write this",
            "{describe it}",
            "<!-- say it here -->",
            "What then?",
        ),
        *("[a list](x.md), [another](y.md)", "For example, we weld it.", "To be determined.", "…"),
        *("There are no known limitations.", "Proposal accepted.", "Chosen option: [option 1]"),
        *("~~weld it~~", "See the handbook."),
    ],
)
def test_what_states_nothing(text: str) -> None:
    assert why_not(text)


@pytest.mark.parametrize(
    "text",
    [
        "[Option 2] Weld it",
        "Weld it.",
        "No hot work on site.",
        "None of the doors is locked.",
        "Steel (why not?)",
    ],
)
def test_what_states_something(text: str) -> None:
    assert why_not(text) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("REQ-001: The gate opens", ("REQ-001", "The gate opens")),
        ("**REQ-001** The gate opens", ("REQ-001", "The gate opens")),
        ("[SYS-PWR-3] The gate opens", ("SYS-PWR-3", "The gate opens")),
        ("GATE-CMD-003 The gate opens", ("GATE-CMD-003", "The gate opens")),
        ("R2: `open` works", ("R2", "`open` works")),
        ("UTF-8 is used", ("", "UTF-8 is used")),
        ("[REQ-001](r.md) says so", ("", "[REQ-001](r.md) says so")),
        ("The gate opens", ("", "The gate opens")),
    ],
)
def test_identifiers(text: str, parts: tuple[str, str]) -> None:
    assert leading_id(text) == parts


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("ADR-0012: Weld the frame", "Weld the frame"),
        ("12. Weld the frame", "Weld the frame"),
        ("Architecture Decision Record", ""),
        ("[short title of solved problem]", ""),
    ],
)
def test_document_titles(title: str, name: str) -> None:
    assert document_title(title) == name


def test_titles_are_short_lines() -> None:
    assert short("**Weld** the frame. Then paint it.") == "Weld the frame"
    assert len(short("word " * 100)) <= 90


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The arm is made of oak.", Claim("arm", "material", "oak")),
        ("The arm is machined from 7075-T6 aluminium", Claim("arm", "material", "7075-T6 aluminium")),
        ("The arm is made of two parts.", None),
        ("The arm is made of what we had.", None),
        ("The end of life of Gate 2.1 is 2031-04-05.", Claim("Gate 2.1", "end of life", "2031-04-05")),
        ("Gate 2.1's release date was 2031-04-05.", Claim("Gate 2.1", "release date", "2031-04-05")),
        ("The deadline is 2031-04-05.", None),
        ("The latest version of Gate 2 is 2.4.1.", Claim("Gate 2", "latest version", "2.4.1")),
        ("Gate 2.1: end of life is 2031-04-05.", Claim("Gate 2.1", "end of life", "2031-04-05")),
        ("Gate 2.1 — release date: 5 April 2031.", Claim("Gate 2.1", "release date", "5 April 2031")),
        ("Left wing: mass is 12.5 kg", Claim("Left wing", "mass", "12.5 kg")),
        ("Note: mass is 12.5 kg", None),
        ("It: mass is 12.5 kg", None),
    ],
)
def test_other_stated_values_are_claims(text: str, claim: Claim | None) -> None:
    assert claim_in(text) == claim


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("4.2", "kg", "4.2 kg"),
        ("≤ 3", "mm", "<= 3 mm"),
        ("3–5 V", "", "3 V to 5 V"),
        ("5 kg", "g", "5 kg"),
        ("4.2", "", ""),
        ("4.2", "of them", ""),
        ("about right", "kg", ""),
    ],
)
def test_measured_cells(text: str, unit: str, value: str) -> None:
    assert measured(text, unit) == value
