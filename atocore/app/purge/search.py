"""Finding what a person wants purged: secrets by their fingerprints, wherever git or the vault has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from atocore.errors import AtocoreError
from atocore.knowledge.leaks import Finder, hint_at
from atocore.knowledge.redaction import Secret, secrets_of_file, secrets_of_text
from atocore.progress import Progress
from atocore.store.objects import read_blobs
from atocore.store.rewriting.place import Asking, Place
from atocore.store.rewriting.references import references
from atocore.store.rewriting.rewrite import Scope

_FINGERPRINT = re.compile(r"s-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class PurgedSecret:
    """A secret that is purged, not named: its fingerprint, what kind it is, and a hint for who knows it."""

    fingerprint: str
    label: str
    hint: str


def told_of(secrets: Iterable[Secret]) -> tuple[PurgedSecret, ...]:
    """What may be told of secrets."""
    rows = {PurgedSecret(one.fingerprint, one.label, hint_at(one.value)) for one in secrets}
    return tuple(sorted(rows, key=lambda row: row.fingerprint))


def fingerprints(names: Collection[str]) -> frozenset[str]:
    """The fingerprints that a person gave; raises `bad-value` for what is none. Nobody gives a secret
    itself: a shell keeps what was typed."""
    wrong = [name for name in names if not _FINGERPRINT.fullmatch(name)]
    if wrong:
        told = f"{len(wrong)} of the arguments are no fingerprint, which is s- and twelve of 0-9 a-f"
        hint = "atocore audit tells fingerprints; never type a secret itself: a shell keeps what was typed"
        raise AtocoreError("bad-value", told, hint)
    return frozenset(names)


class SecretSearch:
    """The secrets of these fingerprints that were found so far."""

    def __init__(self, marks: frozenset[str], find: Finder, max_bytes: int, progress: Progress) -> None:
        self._marks, self._find, self._max, self._progress = marks, find, max_bytes, progress
        self.found: dict[str, Secret] = {}

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What was found, one for each fingerprint."""
        return tuple(self.found.values())

    def versions(self, place: Place, paths: Mapping[str, str]) -> None:
        """Look through files that git holds."""
        blobs = read_blobs(place, paths, max_bytes=self._max)
        for done, blob in enumerate(blobs, 1):
            self._progress("looking through versions", done, len(paths))
            if blob.raw is not None:
                self._take(secrets_of_file(paths[blob.oid], blob.raw, self._find))

    def messages(self, place: Place, scope: Scope) -> None:
        """Look through the messages of commits, tags and stash entries."""
        asking = Asking(place)
        try:
            tags = [ref.oid for ref in scope.refs if ref.kind == "tag"]
            for oid in (*scope.history, *scope.notes, *tags):
                self.text(asking.get(oid).content.decode("utf-8", "replace"))
        finally:
            asking.close()
        for entry in scope.stash:
            self.text(entry.told)

    def names(self, place: Place, paths: Iterable[str]) -> None:
        """Look through names of files and references."""
        self.text("\n".join(sorted({name.replace("\n", " ") for name in paths})))
        self.text("\n".join(sorted(ref.name for ref in references(place))))

    def file(self, path: str, raw: bytes) -> None:
        """Look through a file that is only saved."""
        if len(raw) <= self._max:
            self._take(secrets_of_file(path, raw, self._find))

    def text(self, text: str) -> None:
        """Look through a text."""
        self._take(secrets_of_text(text, self._find))

    def refuse_missing(self) -> None:
        """Raise `not-found` where a fingerprint is nobody's."""
        missing = sorted(self._marks - self.found.keys())
        if missing:
            told = f"no secret has the fingerprint {', '.join(missing)}"
            raise AtocoreError("not-found", told, "see: atocore audit (or what it passed over as too large)")

    def _take(self, secrets: Iterator[Secret]) -> None:
        for one in secrets:
            mark = one.fingerprint
            if mark in self._marks:
                self.found.setdefault(mark, one)
