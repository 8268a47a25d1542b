"""The daemon's log: one line an event, in UTC, on stderr or in a file that never grows beyond a bound."""

from __future__ import annotations

import logging
import logging.handlers
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atocore.errors import AtocoreError

_FILE_BYTES = 1024 * 1024
_FILES_KEPT = 3


@contextmanager
def logged(file: Path | None, *, verbose: bool) -> Iterator[None]:
    """Write what the daemon logs while the block lasts; each round too where `verbose`. Raises `read-only`
    where the file cannot be written."""
    handler = _handler(file)
    form = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    form.converter = time.gmtime
    handler.setFormatter(form)
    root, ours = logging.getLogger(), logging.getLogger("atocore.daemon")
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG if verbose else logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler()
    try:
        return logging.handlers.RotatingFileHandler(
            file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        raise AtocoreError("read-only", f"cannot write {file}: {error.strerror}") from error
