"""Notes: trees whose names are the ids of what they are about, so that they follow a rewrite by name too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from atocore.store.rewriting.pack import Pack
from atocore.store.rewriting.place import Asking
from atocore.store.rewriting.trees import Entry, parse, written

_FOLDER = b"40000"
_HEX = frozenset(b"0123456789abcdef")


class NotesMapping:
    """Old notes tree -> new one, with the notes at the new ids of what they are about."""

    def __init__(
        self,
        asking: Asking,
        pack: Pack,
        blob: Callable[[str], str | None],
        now: Mapping[str, str],
        width: int,
    ) -> None:
        self._asking, self._pack, self._blob, self._now, self._width = asking, pack, blob, now, width
        self._known: dict[str, str] = {}

    def root(self, oid: str) -> str:
        """The new tree of a commit of notes."""
        if oid not in self._known:
            notes: dict[bytes, Entry] = {}
            same = self._gather(oid, b"", notes)
            self._known[oid] = oid if same else self._written(notes)
        return self._known[oid]

    def _gather(self, oid: str, folder: bytes, notes: dict[bytes, Entry]) -> bool:
        """Collect the notes below a folder at their new paths; whether all are as they were."""
        same = True
        for entry in parse(self._asking.get(oid).content, self._width):
            path = folder + b"/" + entry.name if folder else entry.name
            if entry.mode.lstrip(b"0") == _FOLDER:
                same &= self._gather(entry.oid, path, notes)
                continue
            content, place = self._blob(entry.oid), self._moved(path)
            same &= content == entry.oid and place == path
            if content is not None:
                notes[place] = Entry(entry.mode, place, content)
        return same

    def _moved(self, path: bytes) -> bytes:
        """The path for the new id, split as the old one was; what is no id stays."""
        named = path.replace(b"/", b"")
        new = self._now.get(named.decode()) if len(named) == 2 * self._width and set(named) <= _HEX else None
        if new is None:
            return path
        parts, at = [], 0
        for part in path.split(b"/"):
            parts.append(new[at : at + len(part)].encode())
            at += len(part)
        return b"/".join(parts)

    def _written(self, notes: Mapping[bytes, Entry]) -> str:
        here: list[Entry] = []
        below: dict[bytes, dict[bytes, Entry]] = {}
        for path, entry in notes.items():
            folder, slash, rest = path.partition(b"/")
            if slash:
                below.setdefault(folder, {})[rest] = entry
            else:
                here.append(entry._replace(name=path))
        here += [Entry(_FOLDER, name, self._written(inside)) for name, inside in below.items()]
        return self._pack.add("tree", written(here))
