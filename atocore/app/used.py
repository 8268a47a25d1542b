"""The reports of uses as they are committed, whatever is saved meanwhile: this clone's and others'."""

from __future__ import annotations

from atocore.app.session import Session
from atocore.knowledge import reinforcement
from atocore.knowledge.reinforcement import Use


def committed_pages(session: Session) -> dict[str, str]:
    """The reports, by path. Costs a question to git where there are none."""
    commit = session.catalog.commit
    entries = session.repository.tree(commit, folder=reinforcement.FOLDER) if commit else {}
    oids = {path: one.oid for path, one in entries.items() if one.is_file and path.endswith(".md")}
    if not oids:
        return {}
    from atocore.store.objects import read_blobs

    limit = session.settings.whole("limits.file_bytes")
    blobs = read_blobs(session.repository.git, dict.fromkeys(oids.values()), max_bytes=limit)
    raws = {blob.oid: blob.raw for blob in blobs}
    return {
        path: raw.decode("utf-8", "replace") for path, oid in oids.items() if (raw := raws[oid]) is not None
    }


def committed_uses(session: Session) -> dict[str, list[Use]]:
    """The uses that the reports tell, by memory."""
    found: dict[str, list[Use]] = {}
    for page in committed_pages(session).values():
        for use in reinforcement.uses_in(page):
            found.setdefault(use.memory, []).append(use)
    return found
