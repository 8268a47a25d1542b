"""Links: which record a relation's target names, by id or as a `[[wikilink]]`. Knows records, and no vault.

A target stays as it was typed: what it leads to depends on the titles, aliases and files there are today, so
it is looked up when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Generic, TypeVar

from atocore.records.brief import Brief
from atocore.records.ids import is_id
from atocore.records.kinds import Kind
from atocore.records.record import Record, Relation
from atocore.records.relations import End, fits
from atocore.records.slots import normal_name

R = TypeVar("R", Record, Brief)
_MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(<?([^)>]+)>?\)")
_ID_END = re.compile(r"--([0-9a-z]+)$")
_LONGEST_NAME_CHARS = 300
_GONE = ("superseded", "retired", "rejected")
_NAMED = frozenset({Kind.ENTITY, Kind.MEMORY, Kind.STATE, Kind.PROJECT, Kind.SOURCE, Kind.NOTE})


def link_keys(target: str) -> tuple[str, ...]:
    """The keys under which what a target names may be found, the surest first; () for an id.

    `[[name|shown]]`, `[[name#heading]]`, `[[folder/name]]`, `[shown](folder/name.md)` and a bare name.
    """
    if is_id(target):
        return ()
    if target.startswith("[[") and target.endswith("]]"):
        name = target[2:-2].partition("|")[0]
    elif found := _MARKDOWN_LINK.fullmatch(target):
        from urllib.parse import unquote

        name = unquote(found[1])
    else:
        name = target
    bare = name.partition("#")[0]
    names = dict.fromkeys((name, bare, bare.rpartition("/")[2]))
    return tuple(dict.fromkeys(key for key in map(_key, names) if key))


def name_keys(record: Record | Brief) -> frozenset[str]:
    """The keys under which links find a record: its title, its aliases, its file's name, with and without the
    end of its id, and its path."""
    keys = {*_short_keys(record), _key(record.path) if record.kind in _NAMED else ""}
    return frozenset(keys - {""})


def _short_keys(record: Record | Brief) -> set[str]:
    """Those without the path: most links need no other."""
    if record.kind not in _NAMED:
        return set()
    stem = record.path.rpartition("/")[2].removesuffix(".md")
    file = _key(stem)
    end = _ID_END.search(stem)  # separators are one blank in a key
    return {
        _key(record.title),
        *map(_key, record.aliases),
        file,
        file.removesuffix(f" {end[1]}") if end is not None else file,
    }


@lru_cache(maxsize=1 << 16)
def _key(name: str) -> str:
    name = name.strip().removesuffix(".md")
    while name.startswith(("./", "../")):
        name = name.partition("/")[2]
    if not name.isascii():
        name = name.encode("utf-8", "replace").decode()
    return normal_name(name[:_LONGEST_NAME_CHARS])


def link_reference(key: str) -> str:
    """What stands for a link by name where references are told by id."""
    return f"[[{key}]]"


def link_references(relation: Relation) -> tuple[str, ...]:
    """What a relation refers to: its target's id, or the names that it may be found by."""
    keys = link_keys(relation.target)
    return tuple(map(link_reference, keys)) if keys else (relation.target,)


class Links(Generic[R]):
    """Who the records are that relations lead to. `get` finds one by id, `named` all that a key finds."""

    def __init__(self, get: Callable[[str], R | None], named: Callable[[str], Sequence[R]]) -> None:
        self.get: Callable[[str], R | None] = get
        self.named: Callable[[str], Sequence[R]] = named

    def targets(self, holder: R, relation: Relation) -> tuple[R, ...]:
        """What a relation leads to: one record, none where it leads nowhere, several where it does not say
        which; the likeliest of them only."""
        if is_id(relation.target):
            found = self.get(relation.target)
            return (found,) if found is not None else ()
        for key in link_keys(relation.target):
            if named := self.named(key):
                return likeliest(holder, relation.type, named)
        return ()

    def target(self, holder: R, relation: Relation) -> R | None:
        """The one record that a relation leads to, None where that is not sure."""
        found = self.targets(holder, relation)
        return found[0] if len(found) == 1 else None


def links_over(records: Iterable[R]) -> Links[R]:
    """The links among some records (or briefs); names are looked at once a link needs them."""
    by_id = {record.id: record for record in records}

    def indexed(keys: Callable[[R], Iterable[str]]) -> dict[str, list[R]]:
        found: dict[str, list[R]] = {}
        for _, record in sorted(by_id.items()):
            for key in keys(record):
                found.setdefault(key, []).append(record)
        return found

    @cache
    def by_name() -> dict[str, list[R]]:
        return indexed(_short_keys)

    @cache
    def by_path() -> dict[str, list[R]]:
        return indexed(name_keys)

    return Links(by_id.get, lambda key: (by_path() if "/" in key else by_name()).get(key, []))


def likeliest(holder: R, relation: str, found: Iterable[R]) -> tuple[R, ...]:
    """Those of several records of one name that a link means: what the relation may lead to, what is not
    gone, entities, what is in force, and what is of the same project, as far as any is."""
    left = list(found)
    end = End(holder.kind, holder.type)
    for good in (
        lambda r: r.id != holder.id,
        lambda r: fits(relation, end, End(r.kind, r.type)),
        lambda r: r.status not in _GONE,
        lambda r: r.kind is Kind.ENTITY,
        lambda r: r.status in ("active", ""),
        lambda r: r.status == "candidate",
        lambda r: r.project == holder.project,
    ):
        left = [record for record in left if good(record)] or left
    return tuple(left)
