"""What each part of the index still lacks, and what could not be embedded, in the catalog's tables.

The catalog notes a change as pending in the transaction that makes it; whoever took it in says so here.
"""

from __future__ import annotations

from collections.abc import Mapping

from atocore.index.catalog_rows import CatalogRows, Realm, shown_path, stored_path


class CatalogPending(CatalogRows):
    """A catalog whose changes are taken in by the parts of the index."""

    def pending(self, part: str, realm: Realm, limit: int = -1) -> dict[str, int]:
        """The paths whose versions a part has not taken in yet, each with the mark of its last change."""
        rows = self._db.execute(
            "SELECT path, mark FROM pending WHERE part = ? AND realm = ? ORDER BY path LIMIT ?",
            (part, realm, limit),
        )
        return {shown_path(path): mark for path, mark in rows}

    def pending_paths(self, part: str) -> set[str]:
        """The paths, of whichever realm, that a part has not taken in yet."""
        rows = self._db.execute("SELECT path FROM pending WHERE part = ?", (part,))
        return {shown_path(row[0]) for row in rows}

    def waiting(self, part: str) -> int:
        """How many versions a part has not taken in yet."""
        return int(self._db.execute("SELECT count(*) FROM pending WHERE part = ?", (part,)).fetchone()[0])

    def done(self, part: str, realm: Realm, marks: Mapping[str, int]) -> None:
        """A part has taken in what was pending under these marks. What changed since, in whichever process,
        has another mark and stays pending."""
        rows = [(part, realm, stored_path(path), mark) for path, mark in marks.items()]
        self._db.executemany(
            "DELETE FROM pending WHERE part = ? AND realm = ? AND path = ? AND mark = ?", rows
        )
        if part == "vectors":
            self._db.executemany(
                "DELETE FROM failed WHERE realm = ? AND path = ?", [row[1:3] for row in rows]
            )

    def again(self, part: str, realm: Realm) -> None:
        """A part is built anew: it lacks everything."""
        self._db.execute(
            "INSERT OR REPLACE INTO pending SELECT ?, realm, path, random() FROM files WHERE realm = ?",
            (part, realm),
        )

    def set_failed(self, realm: Realm, marks: Mapping[str, int], failed: Mapping[str, str]) -> None:
        """Note that no embedding could be computed for the versions at these paths (path to reason), if they
        are still the ones that were pending under these marks."""
        rows = [
            (reason, realm, stored_path(path), marks[path])
            for path, reason in failed.items()
            if path in marks
        ]
        self._db.executemany(
            "INSERT OR REPLACE INTO failed SELECT realm, path, ? FROM pending "
            "WHERE part = 'vectors' AND realm = ? AND path = ? AND mark = ?",
            rows,
        )

    def failed(self, realm: Realm | None = None) -> dict[str, str]:
        """Path to reason of every file (of one realm) for which no embedding could be computed so far."""
        where, values = ("", ()) if realm is None else ("WHERE realm = ?", (realm,))
        rows = self._db.execute(f"SELECT path, reason FROM failed {where} ORDER BY path", values)
        return {shown_path(row[0]): row[1] for row in rows}

    def failures(self) -> int:
        """How many versions have no embedding because it could not be computed."""
        return int(self._db.execute("SELECT count(*) FROM failed").fetchone()[0])
