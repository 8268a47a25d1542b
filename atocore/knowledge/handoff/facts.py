"""A tool's fact as a record says it: its sentence, its keys, and what the tool said the last time.

The fact as it was taken stands on the record as its quote, in one line of JSON: what a later handoff is
compared with, whatever people have edited since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atocore.knowledge.handoff.format import Fact
from atocore.records.header import Value
from atocore.records.record import Record
from atocore.records.slots import normal_name
from atocore.records.statement import text_key
from atocore.records.values.compare import meaning

Said = Mapping[str, object]
"""A fact's stated keys: texts, lists of texts, and `relations` as a list of `type target`."""

_TEXTS = ("type", "title", "subject", "attribute", "value", "question", "component", "text")
_DATES = ("valid_from", "valid_until")
_LISTS = ("aliases", "tags")
_CLAIM = (*_TEXTS, *_DATES)
HEADER = (
    "type",
    "title",
    *_LISTS,
    "subject",
    "attribute",
    "value",
    "question",
    "component",
    "confidence",
    *_DATES,
)
"""What a fact says of a record's keys, in order."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact with those of its relations that can be kept: to records that there are. `said` is what it says
    then, `links` the relations as a record states them."""

    fact: Fact
    said: Said
    links: tuple[tuple[str, str], ...]


def taken(fact: Fact, targets: Mapping[str, str]) -> Taken:
    """The fact as it can be taken, where `targets` gives a record to each external id that has one."""
    kept = [(type_, target) for type_, target in fact.relations if target in targets]
    links = tuple(dict.fromkeys((type_, targets[target]) for type_, target in kept))
    return Taken(fact, _said(fact, kept), links)


def _said(fact: Fact, relations: Iterable[tuple[str, str]]) -> Said:
    said: dict[str, object] = {
        name: getattr(fact, name) for name in ("id", "kind", *_CLAIM, "file", "revision")
    }
    said |= {name: list(getattr(fact, name)) for name in _LISTS}
    said |= {"confidence": f"{fact.confidence:g}", "relations": sorted(" ".join(pair) for pair in relations)}
    return {name: value for name, value in said.items() if value}


def quote_of(said: Said) -> str:
    """What a fact says, in one line."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def said_before(record: Record) -> Said:
    """What the tool said when the record was made or updated last; what the record itself says where a person
    took that away."""
    try:
        said = json.loads(record.provenance.quote)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("id"), str):
        return said
    stated: dict[str, object] = {name: getattr(record, name) for name in (*_CLAIM[:-3], *_DATES)}
    stated |= {"text": record.body.strip(), "aliases": list(record.aliases), "tags": list(record.tags)}
    stated |= {"confidence": f"{record.confidence:g}" if record.confidence is not None else ""}
    return {name: value for name, value in stated.items() if value}


def claims_the_same(before: Said, now: Taken) -> bool:
    """Whether a fact claims what it claimed, its file, revision and confidence aside. A relation whose target
    cannot be linked any more (it was rejected) is no change of the tool's."""
    if any(before.get(name, "") != now.said.get(name, "") for name in _CLAIM):
        return False
    old, new = _relations(before), _relations(now.said)
    stated = {" ".join(pair) for pair in now.fact.relations}
    return new <= old and old <= stated


def _relations(said: Said) -> set[str]:
    found = said.get("relations")
    return {str(entry) for entry in found} if isinstance(found, list) else set()


def agrees(record: Record, now: Taken) -> bool:
    """Whether a record says what the fact says, as far as that goes."""
    fact = now.fact
    names = all(
        normal_name(getattr(fact, name)) in ("", normal_name(getattr(record, name)))
        for name in ("subject", "attribute", "question", "component")
    )
    same = meaning(fact.value) in ("", meaning(record.value))
    linked = set(now.links) <= {(relation.type, relation.target) for relation in record.relations}
    told = text_key(statement(now.said)) == text_key(record.body) if not fact.value or fact.text else True
    typed = fact.type == record.type or fact.kind != record.kind
    return names and same and linked and told and typed


def statement(said: Said) -> str:
    """The fact as a sentence: its own, else one made of its claim."""

    def text(name: str) -> str:
        return str(said.get(name) or "")

    if text("text"):
        return text("text")
    name = " ".join(part for part in (text("subject"), text("attribute")) if part)
    name = name or text("question") or text("component") or text("title")
    told = f"{name}: {text('value')}" if text("value") else name
    title = text("title")
    return f"{told} ({title})" if title and title not in told and text("value") == "" else told


def title_of(said: Said) -> str:
    """A name for people."""
    name = " ".join(str(said[part]) for part in ("subject", "attribute") if said.get(part))
    return str(said.get("title") or name or statement(said).split("\n")[0])[:120]


def header_of(said: Said) -> dict[str, Value]:
    """The keys of a record that a fact decides, "" or empty where it says nothing about them."""
    keys: dict[str, Value] = {}
    for name in HEADER:
        value = said.get(name)
        keys[name] = tuple(str(entry) for entry in value) if isinstance(value, list) else str(value or "")
    keys["title"] = title_of(said)
    return keys
