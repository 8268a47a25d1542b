"""Finders: how a rule reads a document. Each gives findings: passages with their lines, not yet judged.

Knows sections, lists, tables and labels. Must not know confidence, or what becomes of a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.knowledge.chunks_outline import Block, Item, Outline, Section
from atocore.knowledge.rules_headings import Governor, Ground, Sign, govern
from atocore.knowledge.rules_tables import Columns, columns, row_id
from atocore.knowledge.rules_text import clean, is_requirement_id, leading_id, only_id, sentences

MAX_PARAGRAPHS = 8
MAX_OPENING = 12  # words of a sentence that a list goes on with
_LABEL_WORDS = 4  # a passage of fewer words is a label
_ASIDE = ("code", "quote", "html", "rule", "heading")

_INTRODUCES = re.compile(r"[:：]\W*$|\b(?:because|e\.g\.?|i\.e\.?|such as|are|following)\s*$", re.IGNORECASE)
_UNFINISHED = re.compile(r"[^.!?)\"”'’*_`\]。…]\s*$")
_CONTINUES = re.compile(r"\b(?:shall|must|should|will|can|may|not|to|cannot)\W{0,3}:?\W{0,3}$", re.IGNORECASE)
_SETS_OUT = re.compile(
    r"\b(?:following|these|below)\b.{0,60}\bdecisions?\b|\bdecisions?\b.{0,60}\b(?:following|below|are"
    r"|were)\b"
    r"|\b(?:decided|agreed|resolved)\b.{0,40}:\s*$",
    re.IGNORECASE,
)
_CHOSEN = re.compile(r"\W*(?:(?:we )?(?:chosen?|selected?|decided)|decision|option)\b", re.IGNORECASE)
_REASON = re.compile(r"\W*(?:because|since|good|bad|neutral|pro|con|\+|-)\b[,:]?", re.IGNORECASE)
_BINDS = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|can not|has to|have to|needs? to|required?|only|never"
    r"|always|limited"
    r"|at (?:most|least)|not supported|unsupported|not exceed|maximum|minimum|assum\w+|expected|presum\w+|"
    r"is not|are not|does not|do not|will not)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that may state something. `text` is its Markdown on one line, `lines` 1-based in the body.

    `more` are lines that belong below the statement (a list it introduces, a rationale); `place` the section.
    """

    text: str
    first: int
    last: int
    place: int
    title: str = ""
    alias: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that a finder may look at."""

    read: Outline
    grounds: tuple[Ground, ...]
    children: tuple[tuple[int, ...], ...]

    def governor(self, number: int) -> Governor | None:
        """The rule that speaks for section `number`."""
        return self.grounds[number].governor

    def below(self, number: int) -> list[int]:
        """The sections directly under `number` that its rule speaks for too."""
        return [n for n in self.children[number] if (g := self.governor(n)) and not g.own]


def document_of(read: Outline, signs: Mapping[str, Sign]) -> Document:
    """Prepare a text for the finders."""
    children: list[list[int]] = [[] for _ in read.sections]
    for number, section in enumerate(read.sections):
        if section.parent >= 0:
            children[section.parent].append(number)
    return Document(read, govern(read.sections, signs), tuple(tuple(c) for c in children))


def decisions(document: Document, rule: str) -> Iterator[Finding]:
    """One finding for a section in prose; one an item, row or subsection where it lists decisions."""
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if governor and governor.rule == rule and governor.own:
            yield from _decision_section(document, number, section, governor)


def _decision_section(
    document: Document, number: int, section: Section, governor: Governor
) -> Iterator[Finding]:
    blocks, below = _content(section.blocks), document.below(number)
    if governor.says:
        yield _lead(section, number, blocks) or Finding(governor.says, section.first, section.first, number)
    elif below and (governor.plural or not blocks):
        for inner in below:
            part = document.read.sections[inner]
            lead = _lead(part, inner, _content(part.blocks))
            if lead:
                yield lead
    elif governor.plural or _sets_out(blocks):
        yield from _members(blocks, number)
    elif blocks:
        yield from _one_decision(section, number, blocks)


def _one_decision(section: Section, number: int, blocks: Sequence[Block]) -> Iterator[Finding]:
    head = blocks[0]
    if head.kind == "paragraph":
        yield from filter(None, [_lead(section, number, blocks, titled=False)])
    elif head.kind == "list":
        items = list(_items(head, number))
        if len(items) > 1 and _CHOSEN.match(items[0].text):
            rest = "\n".join(f"- {item.text}" for item in items[1:])
            yield replace(items[0], last=items[-1].last, more=rest)
        else:
            yield from items
    else:
        yield from _rows(head, number, "decision")


def _sets_out(blocks: Sequence[Block]) -> bool:
    return (
        len(blocks) > 1
        and blocks[0].kind == "paragraph"
        and blocks[1].kind in ("list", "table")
        and bool(_SETS_OUT.search(clean(blocks[0].text)))
    )


def _members(blocks: Sequence[Block], number: int) -> Iterator[Finding]:
    """Each item and row; each paragraph where there are none."""
    lists = [block for block in blocks if block.kind in ("list", "table")]
    for block in lists:
        yield from _items(block, number) if block.kind == "list" else _rows(block, number, "decision")
    if not lists:
        for block in blocks[:MAX_PARAGRAPHS]:
            yield Finding(clean(block.text), block.first, block.last, number)


def _lead(section: Section, number: int, blocks: Sequence[Block], *, titled: bool = True) -> Finding | None:
    """The first paragraph of a section, with the list or the sentence that it introduces."""
    title = re.split(r"\s*[:–—]\s*", section.heading, maxsplit=1)[-1] if titled else ""
    if not blocks:
        return None
    head = blocks[0]
    if head.kind == "table":
        return None
    if head.kind == "list":
        return Finding(title or _listed(head), head.first, head.last, number, title, more=_bullets(head))
    text, last, more = clean(head.text), head.last, ""
    follow = blocks[1] if len(blocks) > 1 else None
    if follow and follow.kind == "list" and _INTRODUCES.search(text):
        last, more = follow.last, _bullets(follow)
    elif (
        follow
        and follow.kind == "paragraph"
        and (len(text.split()) < 6 or _INTRODUCES.search(text) or _UNFINISHED.search(text))
    ):
        text, last = f"{text} {clean(follow.text)}", follow.last
    return Finding(text, head.first, last, number, title, more=more)


def statements(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding an item, row or binding paragraph of every section that `rule` speaks for."""
    for number, section in enumerate(document.read.sections):
        governor = document.governor(number)
        if not governor or governor.rule != rule:
            continue
        alias, rest = leading_id(section.heading)
        alias = alias or only_id(section.heading)
        if governor.says or alias:
            yield from _headed_statement(section, number, governor.says or rest, alias)
        else:
            yield from _listed_statements(section, number, noun)


def _headed_statement(section: Section, number: int, says: str, alias: str) -> Iterator[Finding]:
    title = "" if says == alias else says
    for block in _content(section.blocks):
        if block.kind == "paragraph":
            yield Finding(clean(block.text), section.first, block.last, number, title, alias)
            return
        if block.kind == "list" and not title:
            yield Finding(_listed(block), section.first, block.last, number, "", alias, _bullets(block))
            return
    if title:
        yield Finding(title, section.first, section.first, number, title, alias)


def _listed_statements(section: Section, number: int, noun: str) -> Iterator[Finding]:
    blocks = _content(section.blocks)
    listed = any(block.kind in ("list", "table") for block in blocks)
    prose = 0
    for above, block in zip([None, *blocks], blocks, strict=False):
        if block.kind == "list":
            yield from _items(block, number, _opening(above))
        elif block.kind == "table":
            yield from _rows(block, number, noun)
        elif prose < MAX_PARAGRAPHS and _stands_alone(clean(block.text), first=not prose and not listed):
            prose += 1
            alias, text = leading_id(clean(block.text))
            yield Finding(text, block.first, block.last, number, alias=alias)


def _stands_alone(text: str, *, first: bool) -> bool:
    return not _INTRODUCES.search(text) and (first or bool(_BINDS.search(text)))


def _content(blocks: Sequence[Block]) -> list[Block]:
    """Blocks that can state something: no quotations, code, comments; no picture alone."""
    return [b for b in blocks if b.kind not in _ASIDE and (b.kind != "paragraph" or _worded(b.text))]


def _worded(text: str) -> bool:
    return bool(
        re.search(
            r"\w", re.sub(r"!\[[^\]\n]{0,300}\](?:\([^)\n]{0,600}\)|\[[^\]\n]{0,80}\])", "", clean(text))
        )
    )


def _opening(above: Block | None) -> str:
    """The paragraph above a list, where its items only go on with its sentence ("The valve shall:")."""
    text = clean(above.text) if above and above.kind == "paragraph" else ""
    return f"{text} " if _CONTINUES.search(text) and len(text.split()) <= MAX_OPENING else ""


def _items(block: Block, number: int, opening: str = "") -> Iterator[Finding]:
    for item in block.items:
        yield from _item(item, number, opening)


def _item(item: Item, number: int, opening: str) -> Iterator[Finding]:
    """One finding an item; where an item only heads the items under it, one for each of those."""
    own, rest = _parts(item)
    inner = [block for block in item.blocks if block.kind == "list"]
    if inner and _heads(own, inner):
        goes_on = _CONTINUES.search(own) or len(own.split()) < _LABEL_WORDS
        for block in inner:
            yield from _items(block, number, f"{opening}{own} " if own and goes_on else "")
    elif own and not _REASON.match(own):
        alias, text = leading_id(own)
        more = "\n".join((*rest, *(_bullets(block) for block in inner)))
        yield Finding(f"{opening}{text}", item.first, item.last, number, alias=alias, more=more)


def _parts(item: Item) -> tuple[str, list[str]]:
    """An item's statement and its further paragraphs; a first one that is but a label belongs to the next."""
    texts = [text for block in item.blocks if block.kind == "paragraph" and (text := clean(block.text))]
    if len(texts) > 1 and len(texts[0].split()) < _LABEL_WORDS:
        joint = " " if re.search(r"[.:!?*_]\s*$", texts[0]) else ": "
        texts[:2] = [f"{texts[0]}{joint}{texts[1]}"]
    return (texts[0], [f"{text}\n" for text in texts[1:]]) if texts else ("", [])


def _heads(own: str, inner: Sequence[Block]) -> bool:
    if not own or _CONTINUES.search(own):
        return True
    one = own.rstrip(" *_").endswith(":") and len(sentences(own)) == 1
    return (one or len(own.split()) < _LABEL_WORDS) and _mean_words(inner) >= _LABEL_WORDS


def _mean_words(blocks: Sequence[Block]) -> float:
    texts = [_own_text(item) for block in blocks for item in block.items]
    return sum(len(text.split()) for text in texts) / max(1, len(texts))


def _own_text(item: Item) -> str:
    return " ".join(clean(block.text) for block in item.blocks if block.kind in ("paragraph", "heading"))


def _bullets(block: Block) -> str:
    return "\n".join(f"- {text}" for item in block.items if (text := _own_text(item)))


def _listed(block: Block) -> str:
    return "; ".join(text.rstrip(".;") for item in block.items if (text := _own_text(item)))


def _rows(block: Block, number: int, noun: str) -> Iterator[Finding]:
    found = columns(block, noun)
    for row in block.rows if found else ():
        yield _row(row.cells, row.line, number, block, found)  # type: ignore[arg-type]


def _row(cells: Sequence[str], line: int, number: int, block: Block, found: Columns) -> Finding:
    cells = (*cells, *("" for _ in range(len(block.header) - len(cells))))
    alias, text = row_id(cells, found), clean(cells[found.text])
    title = clean(cells[found.title]) if found.title >= 0 else ""
    more = "\n\n".join(f"{block.header[n]}: {clean(cells[n])}" for n in found.more if clean(cells[n]))
    return Finding(text or title, line, line, number, title, alias, more)


def tables(document: Document, rule: str, noun: str) -> Iterator[Finding]:
    """One finding a row of a table whose own header names an identifier and what is stated."""
    for number, section in enumerate(document.read.sections):
        ground = document.grounds[number]
        if ground.barred or ground.governor:
            continue
        for block in section.blocks:
            if block.kind == "table" and (found := columns(block, noun)) and found.certain:
                yield from _rows(block, number, noun)


def identified(document: Document, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """Items and paragraphs that open with an identifier and say what `pattern` looks for."""
    for number, section in enumerate(document.read.sections):
        if document.grounds[number].barred:
            continue
        for text, first, last in _passages(section.blocks):
            alias, rest = leading_id(text)
            if is_requirement_id(alias) and pattern.search(rest):
                yield Finding(rest, first, last, number, alias=alias)


def _passages(blocks: Sequence[Block]) -> Iterator[tuple[str, int, int]]:
    for block in blocks:
        if block.kind == "paragraph":
            yield clean(block.text), block.first, block.last
        for item in block.items:
            yield from _passages(item.blocks)


def labelled(document: Document, label: re.Pattern[str], *, whole: bool = False) -> Iterator[Finding]:
    """Lines that begin with a label and a colon, rows of two cells that begin with one, and what a label that
    stands alone introduces. With `whole` the label stays part of the statement.
    """
    for number, section in enumerate(document.read.sections):
        if not document.grounds[number].barred:
            found = _labelled_blocks(section.blocks, number, label, whole)
            yield from found


def _labelled_blocks(
    blocks: Sequence[Block], number: int, label: re.Pattern[str], whole: bool
) -> Iterator[Finding]:
    for at, block in enumerate(blocks):
        if block.kind == "paragraph":
            follow = blocks[at + 1] if at + 1 < len(blocks) else None
            yield from _labelled_lines(block, follow, number, label, whole)
        elif block.kind == "table" and len(block.header) == 2:
            for cells, line in ((block.header, block.first), *((row.cells, row.line) for row in block.rows)):
                if _pair(cells, line == block.first) and (
                    match := label.fullmatch(f"{cells[0].strip(' *_:')}:")
                ):
                    yield Finding(clean(cells[1]), line, line, number, alias=match["id"] or "")
        for item in block.items:
            yield from _labelled_blocks(item.blocks, number, label, whole)


def _pair(cells: Sequence[str], in_header: bool) -> bool:
    """Whether a row reads as a label and its text; a header row needs more than a column's name."""
    return len(cells) == 2 and (not in_header or len(cells[1].split()) > 2)


_ANY_LABEL = re.compile(r"\s*[*_]{0,3}[A-Z][\w /-]{0,30}?[*_]{0,3}:[*_]{0,3}(?:\s|$)")


def _labelled_lines(
    block: Block, follow: Block | None, number: int, label: re.Pattern[str], whole: bool
) -> Iterator[Finding]:
    lines = block.text.split("\n")
    starts = [n for n, line in enumerate(lines) if n == 0 or _ANY_LABEL.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(lines[start:end])
        match = label.match(text)
        if not match:
            continue
        says = clean(text[match.end() :])
        stated = clean(text) if whole else says
        if says:
            yield Finding(stated, block.first + start, block.first + end - 1, number, alias=match["id"] or "")
        elif follow and end == len(lines):
            yield from _introduced(follow, number)


def _introduced(block: Block, number: int) -> Iterator[Finding]:
    if block.kind == "list":
        yield from _items(block, number)
    elif block.kind == "paragraph":
        yield Finding(clean(block.text), block.first, block.last, number)
