"""Looking for secrets that are in the vault or in git's memory of it. Reads only, and needs no index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from atocore.app import resources
from atocore.app.leak_search import Found, LeakSearch, PassedOver, by_urgency
from atocore.app.session import Session
from atocore.store.objects import read_blobs
from atocore.store.repository import Repository
from atocore.store.trees import FILES, SYMLINK
from atocore.store.worktree import files_below, look


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found, what is there now first; `commits`, `blobs` and `files` (saved ones and captures)
    were looked through."""

    findings: tuple[Found, ...]
    commits: int
    blobs: int
    files: int
    skipped: tuple[PassedOver, ...]
    notes: tuple[str, ...] = ()


class AuditVerbs(Session):
    """audit."""

    def audit(self, *, history: bool = True, whole_repository: bool = False) -> Audited:
        """Look with the capture hook's rules through the committed, saved and captured files, and (unless
        `history` is False) through every version and message that git has of the vault, or of the whole
        repository."""
        repository, limit = self.repository, self.settings.whole("limits.file_bytes")
        allowed = frozenset(self.settings.texts("secrets.false_alarms"))
        search = LeakSearch(resources.secret_finder(), allowed)
        commits = _messages_and_versions(repository, search, whole_repository) if history else 0
        _present_versions(repository, search, whole_repository)
        versions = search.known.first
        for done, blob in enumerate(read_blobs(repository.git, versions, max_bytes=limit), 1):
            self.progress("looking through versions", done, len(versions))
            search.version(blob.oid, blob.raw, blob.size)
        prefix = repository.prefix if whole_repository else ""
        saved = [one.path for one in repository.dirty() if one.state != "deleted" and one.path[-1:] != "/"]
        committed = set(search.known.now.values())
        captures = [path for path, _ in files_below(self.vault, "captures") if prefix + path not in committed]
        self._look(search, saved, prefix, "saved", limit)
        self._look(search, captures, prefix, "capture", limit)
        search.names([*search.known.now.values(), *saved, *captures], "name")
        if history:
            search.names((path for path, _ in search.known.first.values()), "history")
            search.names(repository.reference_names(), "name")
        notes = ("this clone is shallow: what was before is not known here",) if repository.shallow else ()
        return Audited(
            findings=tuple(sorted(search.found.values(), key=by_urgency)),
            commits=commits,
            blobs=len(versions),
            files=len(saved) + len(captures),
            skipped=tuple(search.skipped),
            notes=notes if history else (),
        )

    def _look(self, search: LeakSearch, paths: Iterable[str], prefix: str, where: str, limit: int) -> None:
        """Look through files that lie in the vault."""
        for path in paths:
            saved = look(self.vault, path, max_bytes=limit)
            if saved is not None and saved.raw is not None:
                search.file(prefix + path, saved.raw, where)
            elif saved is not None and not saved.absent:
                reason = saved.unseen or (saved.problem.message if saved.problem else "cannot be read")
                search.skipped.append(PassedOver(prefix + path, reason))


def _messages_and_versions(repository: Repository, search: LeakSearch, whole: bool) -> int:
    """Look through every message, and note where each version comes from; how many commits there are."""
    commits = 0
    for commit in repository.ever(whole=whole):
        commits += 1
        search.message(commit)
        for change in commit.changes:
            if change.new_oid and change.mode in (*FILES, SYMLINK):
                search.known.first.setdefault(change.new_oid, (change.path, commit))
    for name, text in repository.tag_messages():
        search.text(f"message of {name}", text, "message")
    return commits


def _present_versions(repository: Repository, search: LeakSearch, whole: bool) -> None:
    """Note which versions are committed now; those whose origin no commit told come last."""
    head = repository.head()
    tree = repository.tree(head, whole=whole) if head is not None else {}
    for path, entry in tree.items():
        if entry.is_file or entry.mode == SYMLINK:
            search.known.now[entry.oid] = path
            search.known.first.setdefault(entry.oid, (path, None))
