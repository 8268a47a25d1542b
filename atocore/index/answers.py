"""What extractors answered, by what they were asked: one SQLite file beside the vault's index.

A cache: losing it costs the time (and money) of asking again. It holds passages' quotes, so it is its
owner's alone. Knows SQLite and texts; nothing of extractors or passages.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

_FILE = "extractors.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS standing (name TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID;
"""
_BUSY_SECONDS = 10.0


class Answers:
    """The answers kept in a folder. A file that is damaged is begun anew."""

    def __init__(self, folder: Path) -> None:
        path = folder / _FILE
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            path.unlink(missing_ok=True)
            self._db = _opened(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, key: str) -> str | None:
        """What was answered to the question of that key, None where nobody asked."""
        row = self._db.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def put(self, key: str, answer: str) -> None:
        """Keep an answer."""
        self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, answer))

    def standing(self) -> dict[str, str]:
        """What was told last about each extractor."""
        return dict(self._db.execute("SELECT name, told FROM standing ORDER BY name").fetchall())

    def set_standing(self, name: str, told: str) -> None:
        """Remember how an extractor did."""
        self._db.execute("INSERT OR REPLACE INTO standing VALUES (?, ?)", (name, told))


def is_kept(folder: Path) -> bool:
    """Whether anything was ever asked there."""
    return (folder / _FILE).exists()


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    db.executescript(_SCHEMA)
    return db
