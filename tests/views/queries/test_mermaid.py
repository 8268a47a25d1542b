"""Pictures: valid whatever records say, grouped, and cut where a host would not draw them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from queried import ask

from atocore.views.queries.answer import Cited, Link
from atocore.views.queries.mermaid import MOST_LINKS, MOST_NODES, Picture, drawn, safe

_LABEL = r"(?:[^\x00-\x7f]|[A-Za-z0-9 ,.-]|#[0-9]+;)*"
_GRAMMAR = re.compile(
    rf"flowchart LR|"
    rf"  %% {_LABEL}|"
    rf'  subgraph \w+\["{_LABEL}"\]|  end|'
    rf'  (?:  )?\w+\["{_LABEL}"\]|'
    rf"  \w+ -->\|{_LABEL}\| \w+"
)
"""The lines that a picture is made of: no more of Mermaid than this, and nothing of it within a label."""

HOSTILE = (
    'end"]; click a "javascript:alert(1)"',
    '"]\n  evil["x',
    "a --> b; %%{init: {'theme':'x'}}%%",
    "<script>alert(1)</script>",
    "`**bold**` [link](https://evil.example) www.evil.example",
    "1. a list",
    "- a list",
    "style x:#fff; classDef y:#000;",
    "#quot; &quot; #35;",
    "| pipe | :::cls",
    "\u202e turned \u2028 line",
)


def is_valid(text: str) -> bool:
    return all(_GRAMMAR.fullmatch(line) for line in text.removesuffix("\n").split("\n"))


def cited(number: int, title: str = "") -> Cited:
    name = f"ent-{number:012}"
    return Cited(name, "entity", "component", "active", "p", title or f"Part {number}", "", "a.md", None)


@given(st.lists(st.text(max_size=90), min_size=1, max_size=5))
def test_no_title_breaks_out_of_its_label(titles: list[str]) -> None:
    nodes = tuple(cited(number, title) for number, title in enumerate([*titles, *HOSTILE]))
    links = tuple(Link(nodes[0].id, title, node.id) for title, node in zip(titles, nodes, strict=False))
    text, _ = drawn(Picture(nodes, links, {nodes[0].id: nodes[-1], nodes[1].id: nodes[-2]}))
    assert is_valid(text), text


def test_a_label_stays_readable() -> None:
    assert safe("Mass of the M1-cell is 4.2 kg") == "Mass of the M1-cell is 4.2 kg"
    assert safe("μ ≤ 5 µm") == "μ ≤ 5 µm"
    assert safe('say "no"') == "say #34;no#34;"
    assert safe("1. a list") == "1#46; a list"
    assert safe("x" * 100) == "x" * 59 + "…"


def test_a_picture_that_no_host_draws_is_cut_with_a_note() -> None:
    nodes = tuple(cited(number) for number in range(MOST_NODES + 5))
    links = tuple(Link(a.id, "part", b.id) for a in nodes[:40] for b in nodes[:40] if a != b)
    text, notes = drawn(Picture(nodes, links, {}))
    assert is_valid(text)
    assert text.count('["') == MOST_NODES
    assert text.count("-->") == MOST_LINKS
    assert notes == (
        "5 of 205 records are left out: the last of them in the table",
        f"{len(links) - MOST_LINKS} arrows are left out",
    )
    assert len(text) < 50_000


MODEL = """
-- entities/s.md --
id: ent-s
type: subsystem
title: Store
-- entities/a.md --
id: ent-a
type: component
title: "A [x] \\"y\\""
relations: [{type: part_of, target: ent-s}, {type: decided_by, target: ent-d}]
-- entities/d.md --
id: ent-d
type: decision
title: D
relations: [{type: based_on, target: ent-b}]
-- entities/b.md --
id: ent-b
type: assumption
status: retired
title: B
-- entities/r.md --
id: ent-r
type: requirement
title: R
relations: [{type: constrains, target: ent-s}]
-- entities/c.md --
id: ent-c
type: component
title: C
relations: [{type: interfaces_with, target: ent-a}, {type: satisfies, target: ent-r}]
"""


def test_every_picture_is_valid_and_grouped_by_subsystem() -> None:
    for name, argument in (
        ("system-map", ""),
        ("trace", ""),
        ("decisions-on", "Store"),
        ("shaky-decisions", ""),
        ("constraints-on", "C"),
        ("interfaces-of", "Store"),
        ("impact", "C"),
    ):
        assert is_valid(ask(MODEL, name, argument, mermaid=True).mermaid), name
    shown = ask(MODEL, "system-map", mermaid=True).mermaid
    assert '  subgraph ent_s00000000000_box["Store"]\n' in shown
    assert '    ent_a00000000000["A #91;x#93; #34;y#34;"]\n' in shown
    assert "  ent_s00000000000 -->|part| ent_a00000000000\n" in shown
    assert "  ent_a00000000000 -->|interfaces with| ent_c00000000000\n" in shown
