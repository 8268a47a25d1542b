"""Which slots a person means by a key such as `primary mirror.mass`; and what comes near, where none is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from atocore.records.naming import Names, Slot, canonical, project_called
from atocore.records.slots import about, normal_name, normal_thing

_TOKEN = re.compile(r"[a-z0-9]{2,}")
_PLURAL_CHARS = 3
"""So much of a word's end may be another in its plural."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A key as its parts, normalised: thing and attribute as its last full stop parts them ("" without one),
    and the whole of it. `project` None: in whichever project."""

    thing: str
    attribute: str
    whole: str
    project: str | None = None

    @classmethod
    def of(cls, names: Names, key: str, project: str = "") -> Asked:
        """Read a key as it was typed: `subject.attribute`, a subject, a question, or an attribute."""
        subject, _, attribute = key.strip().rpartition(".")
        where = project_called(names, normal_name(project)) if project.strip() else None
        if not attribute.strip():  # a sentence's full stop parts nothing
            subject, attribute = "", key.strip().rstrip(".")
        return cls(normal_thing(subject), normal_name(attribute) if subject else "", key.strip(), where)

    def fits(self, names: Names, slot: Slot) -> bool:
        """Whether a canonical slot is what was asked for."""
        if len(slot) < 3 or self.project not in (None, slot[1]):
            return False
        family, _, thing, *rest = slot
        if family == "decision":
            return thing == normal_name(self.whole)
        if not thing:
            return rest == [normal_name(self.whole)]
        named = rest[0] if rest else family  # a material is its component's `material`
        return bool(self.thing) and named == self.attribute and _meant(names, slot, self.thing) == thing

    def is_about(self, names: Names, slot: Slot) -> bool:
        """Whether a canonical slot is about the thing that the whole key names."""
        thing = about(slot)[1]
        wanted = normal_thing(self.whole)
        return self.project in (None, slot[1]) and bool(thing) and _meant(names, slot, wanted) == thing

    def may_be_in(self, names: Names, raw: bytes) -> bool:
        """Whether a file may state what was asked for: quick, and never wrong in saying no."""
        text = raw.lower()
        parts = [self._spelled(names)] if self.thing else [{normal_name(self.whole)}]
        if self.thing and self.attribute not in ("material", "vendor"):
            parts.append({self.attribute})
        return all(any(_mark(name) in text for name in names_) for names_ in parts)

    def _spelled(self, names: Names) -> set[str]:
        known = names.namings_in(None, self.thing)
        owns = {self.thing, *(one.own for one in known)}
        return owns | {one.name for own in owns for one in names.namings_in(None, own)}


def _meant(names: Names, slot: Slot, thing: str) -> str:
    """What a name means in the project of a slot."""
    return about(canonical(names, (slot[0], slot[1], thing, *slot[3:])))[1]


def _mark(name: str) -> bytes:
    """What any file that holds the name holds, in lower case; b"" where nothing is sure."""
    if not name.isascii():
        return b""
    longest = max(_TOKEN.findall(name), key=len, default="")
    return longest[: max(2, len(longest) - _PLURAL_CHARS)].encode()


def near(asked: Asked, slots: Iterable[Slot], most: int = 3) -> tuple[str, ...]:
    """The keys that are spelled most like what was asked for."""
    import difflib

    known = {key_text(slot) for slot in slots if asked.project in (None, slot[1])}
    things = {about(slot)[1] for slot in slots if asked.project in (None, slot[1])} - {""}
    wanted = f"{asked.thing}.{asked.attribute}" if asked.thing else normal_name(asked.whole)
    found = difflib.get_close_matches(wanted, sorted(known), most)
    thing = asked.thing or normal_thing(asked.whole)
    found += difflib.get_close_matches(thing, sorted(things), most)
    return tuple(dict.fromkeys(found))[:most]


def key_text(slot: Slot) -> str:
    """A slot as a key: `primary mirror.mass`, `phase`, `cell.material`, or a question."""
    family, _, thing, *rest = (*slot, "", "", "")[: max(len(slot), 3)]
    if family == "decision":
        return thing
    return ".".join(part for part in (thing, rest[0] if rest else family) if part)
