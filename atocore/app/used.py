"""The reports of uses as they are committed: this clone's and others'."""

from __future__ import annotations

from pathlib import Path

from atocore.app.session import Session
from atocore.knowledge import reinforcement
from atocore.knowledge.reinforcement import Use


def committed_pages(session: Session) -> dict[str, str]:
    """The reports, by path. Costs a look at a folder where there are none."""
    folder = Path(session.vault, reinforcement.FOLDER)
    names = sorted(path.name for path in folder.glob("*.md")) if folder.is_dir() else []
    commit = session.catalog.commit
    found = {}
    for name in names if commit else ():
        path = f"{reinforcement.FOLDER}/{name}"
        raw = session.repository.read_at(commit, path)
        if raw is not None:
            found[path] = raw.decode("utf-8", "replace")
    return found


def committed_uses(session: Session) -> dict[str, list[Use]]:
    """The uses that the reports tell, by memory."""
    found: dict[str, list[Use]] = {}
    for page in committed_pages(session).values():
        for use in reinforcement.uses_in(page):
            found.setdefault(use.memory, []).append(use)
    return found
