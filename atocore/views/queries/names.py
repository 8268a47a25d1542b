"""Names: which record a person means by an id, a path, a title, an alias, or the beginning of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from atocore.errors import AtocoreError
from atocore.records.brief import Brief
from atocore.records.ids import is_id
from atocore.records.kinds import Kind
from atocore.records.linking import link_keys, name_keys
from atocore.records.slots import normal_name

_SHORTEST_PREFIX_CHARS = 3
_TOLD = 8


class Names:
    """The names of some records. Names are compared as slots compare them."""

    def __init__(self, records: Mapping[str, Brief]) -> None:
        self._records = records

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for brief in self._records.values():
            for name in {normal_name(text) for text in (brief.title, *brief.aliases)}:
                if name:
                    found.setdefault(name, []).append(brief.id)
        return found

    def called(self, text: str) -> list[Brief]:
        """The records with that title or alias; with a title that is the very same, where there is one."""
        same = [brief for brief in self._records.values() if brief.title == text]
        if same:
            return same
        return [self._records[one] for one in self._by_name.get(normal_name(text), ())]

    def find(self, text: str, project: str = "") -> Brief:
        """The one record that a person names; of several, the active ones and those of the project come
        first. Raises `not-found` with names like it, and `ambiguous` with what it fits."""
        wanted = text.strip().removeprefix("[[").removesuffix("]]").partition("|")[0].strip()
        if not wanted:
            raise AtocoreError("usage", "no record is named", "give an id, a title, an alias or a path")
        for step in (self._by_id, self._by_path, self.called, self._by_file, self._by_part):
            fitting = _likeliest(step(wanted), project)
            if len(fitting) > 1:
                raise AtocoreError("ambiguous", _told(text, fitting), "name it by its id")
            if fitting:
                return fitting[0]
        if is_id(wanted):
            told = f"{wanted} is no knowledge of this vault"
            raise AtocoreError(
                "not-found", told, f"what it is, where this clone has it: atocore show {wanted}"
            )
        near = self._near(wanted)
        hint = f"like it: {'; '.join(near)}" if near else "atocore list --kind entity --status active"
        raise AtocoreError("not-found", f"no record is called {text!r}", hint)

    def _by_id(self, text: str) -> list[Brief]:
        return [self._records[text]] if text in self._records else []

    def _by_path(self, text: str) -> list[Brief]:
        if "/" not in text and not text.endswith(".md"):
            return []
        return [b for b in self._records.values() if text in (b.path, b.path.rpartition("/")[2])]

    def _by_file(self, text: str) -> list[Brief]:
        """By the name of its file, with or without the end of its id, as links find it."""
        wanted = frozenset(link_keys(text))
        return [b for b in self._records.values() if wanted & name_keys(b)]

    def _by_part(self, text: str) -> list[Brief]:
        """By an end or the beginning of an id, or the beginning of a name."""
        if len(text) < _SHORTEST_PREFIX_CHARS:
            return []
        ids = [b for b in self._records.values() if b.id.startswith(text) or b.id.endswith(text)]
        if ids:
            return ids
        start = normal_name(text)
        begun = {one for name, held in self._by_name.items() if name.startswith(start) for one in held}
        return [self._records[one] for one in sorted(begun)]

    def _near(self, text: str) -> list[str]:
        from difflib import get_close_matches

        name = normal_name(text)
        inside = [known for known in self._by_name if name in known or known in name]
        close = get_close_matches(name, list(self._by_name), n=_TOLD, cutoff=0.6)
        ids = dict.fromkeys(self._by_name[known][0] for known in (*close, *sorted(inside)))
        return [f"{self._records[one].title} ({one})" for one in list(ids)[:_TOLD]]


def _likeliest(fitting: Iterable[Brief], project: str) -> list[Brief]:
    """Those that are active, of the project, and entities, as far as any is."""
    left = list(fitting)
    left = [b for b in left if b.status == "active"] or left
    left = [b for b in left if b.project == project] or left if project else left
    return [b for b in left if b.kind is Kind.ENTITY] or left


def _told(text: str, fitting: list[Brief]) -> str:
    told = "; ".join(f"{b.title} ({b.type} {b.id})" for b in fitting[:_TOLD])
    more = f"; and {len(fitting) - _TOLD} more" if len(fitting) > _TOLD else ""
    return f"{text!r} fits {len(fitting)} records: {told}{more}"
