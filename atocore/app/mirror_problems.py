"""What `check` and `status` tell of the mirror's pages, without making one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atocore.app.mirror_standing import standing
from atocore.records.problem import Problem
from atocore.records.snapshot import Snapshot
from atocore.store.repository import Repository
from atocore.views.mirror.names import about, record_page_end

BUILT = "mirror"  # in the catalog: how pages were made, and the commit that they were last built from
OWED = "mirror-owed"  # pages that were left as people had made them, to be looked at again


@dataclass(frozen=True, slots=True)
class MirrorStands:
    """How the mirror is `kept` (the setting), the commit that it was last built from in this clone ("" for
    never), and the files below it that people had made or edited then, and that stay."""

    kept: str
    commit: str
    edited: tuple[str, ...]


def mirror_problems(repository: Repository, snapshot: Snapshot) -> Iterator[Problem]:
    """The files below `mirror/` that people edited or put there, saved or committed."""
    now = standing(repository, snapshot.commit or None, None)
    ends = {end for path in now.touched if (end := about(path).record)}
    files = {record_page_end(b.id): b.path for b in snapshot.briefs()} if ends else {}
    for path, touched in now.touched.items():
        record = files.get(about(path).record)
        told = "a page that AtoCore derives was edited" + (" (not committed)" if touched.saved else "")
        if touched.saved and touched.raw is None:
            told = "a page that AtoCore derives was deleted, and that is staged"
        elif not touched.sealed:
            told = "no page of AtoCore's, in the folder that it rewrites"
        yield Problem(path, 0, "mirror-edited", f"{told}; correct {record}" if record else told)
