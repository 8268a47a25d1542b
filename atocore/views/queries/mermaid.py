"""A picture of an answer as Mermaid's flowchart, as git hosts draw it.

What a record says can neither break out of its label nor be read as Markdown, a link or an instruction: every
character that is no letter, digit or space of a label is written by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from atocore.views.queries.answer import Cited, Line, Link

MOST_NODES = 200
MOST_LINKS = 450
"""A git host draws no more than 500 arrows, nor 50,000 characters."""
_LONGEST_LABEL_CHARS = 60
_PLAIN = re.compile(r"[^\W_]| |(?<=[0-9])[.,](?=[0-9])|(?<=[^\W_])-(?=[^\W_])")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, the most important first. `groups` puts a record's id in the box of another record."""

    nodes: tuple[Cited, ...]
    links: tuple[Link, ...]
    groups: Mapping[str, Cited]


def drawn(picture: Picture) -> tuple[str, tuple[str, ...]]:
    """The flowchart's text, and notes on what it leaves out."""
    nodes = picture.nodes[:MOST_NODES]
    shown = {node.id for node in nodes}
    fitting = [link for link in picture.links if link.source in shown and link.target in shown]
    links = fitting[:MOST_LINKS]
    notes = tuple(_left_out(picture.nodes[MOST_NODES:], len(fitting) - len(links)))
    lines = ["flowchart LR", *(f"  %% {safe(note)}" for note in notes)]
    lines += _boxes(nodes, picture.groups)
    lines += (f"  {_name(link.source)} -->|{safe(link.label)}| {_name(link.target)}" for link in links)
    return "\n".join(lines) + "\n", notes


def _left_out(nodes: Sequence[Cited], links: int) -> Iterator[str]:
    if nodes:
        yield f"{len(nodes)} of {MOST_NODES + len(nodes)} records are left out: the last of them in the table"
    if links:
        yield f"{links} arrows are left out"


def _boxes(nodes: Iterable[Cited], groups: Mapping[str, Cited]) -> Iterator[str]:
    """The nodes, those of one group in a box with its title."""
    boxes: dict[str, list[Cited]] = {}
    for node in nodes:
        group = groups.get(node.id)
        boxes.setdefault(group.id if group else "", []).append(node)
    for node in boxes.pop("", []):
        yield f"  {_node(node)}"
    for group_id, inside in boxes.items():
        title = next(groups[node.id] for node in inside)
        yield f'  subgraph {_name(group_id)}_box["{safe(title.title or title.id)}"]'
        yield from (f"    {_node(node)}" for node in inside)
        yield "  end"


def _node(node: Cited) -> str:
    mark = "⚠ " if node.disputed else ""
    return f'{_name(node.id)}["{mark}{safe(node.title or node.id)}"]'


def _name(record_id: str) -> str:
    """A record's id as a name of Mermaid's."""
    return re.sub(r"[^A-Za-z0-9]", "_", record_id)


def safe(text: str) -> str:
    """A text as a label: on one line, not too long, and nothing in it but text."""
    seen = text.replace("⚠", "!")  # a title does not wear the mark of what is disputed
    line = " ".join("".join(char if char.isprintable() else " " for char in seen).split())
    if len(line) > _LONGEST_LABEL_CHARS:
        line = f"{line[: _LONGEST_LABEL_CHARS - 1].rstrip()}…"
    return "".join(
        char if _PLAIN.match(line, at) or not char.isascii() else f"#{ord(char)};"
        for at, char in enumerate(line)
    )


def picture_of(
    cited: Sequence[Cited], lines: Sequence[Line], links: Sequence[Link], groups: Mapping[str, Cited]
) -> Picture:
    """The picture of an answer: of a tree the upper levels first, with the arrows from part to whole."""
    by_depth = sorted(lines, key=lambda line: line.depth)
    nodes = {node.id: node for node in (*(line.record for line in by_depth), *cited)}
    arrows = dict.fromkeys((*_branches(lines), *links))
    return Picture(tuple(nodes.values()), tuple(arrows), groups)


def _branches(lines: Iterable[Line]) -> Iterator[Link]:
    above: list[str] = []
    for line in lines:
        del above[line.depth :]
        if above:
            yield Link(above[-1], line.via, line.record.id)
        above.append(line.record.id)
