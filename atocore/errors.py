"""Refusals: one table of codes that every door (CLI, HTTP, Python) renders.

Knows nothing else of AtoCore. One bad *request* is an `AtocoreError`; one bad *file* is a `Problem`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ErrorKind(NamedTuple):
    """How a refusal is shown: the process's exit code, the HTTP status, and what it means (for the docs)."""

    exit_code: int
    http_status: int
    meaning: str


ERRORS: Mapping[str, ErrorKind] = {
    "usage": ErrorKind(2, 400, "the request itself is not well formed"),
    "not-a-vault": ErrorKind(1, 404, "no `atocore.yaml` here or in a folder above"),
    "no-repository": ErrorKind(1, 409, "the vault is not inside a git repository with a work tree"),
    "bare-repository": ErrorKind(1, 409, "the repository is bare: it has no work tree to write to"),
    "local-tracked": ErrorKind(
        1, 409, "git tracks `.atocore/`: what is this machine's own would come from somebody's clone"
    ),
    "detached-head": ErrorKind(1, 409, "HEAD is detached: a commit made here could be lost"),
    "git-in-progress": ErrorKind(1, 409, "a merge, rebase, cherry-pick, revert or bisect is under way"),
    "no-identity": ErrorKind(1, 409, "git knows no user name and email for a person's commit"),
    "git-busy": ErrorKind(
        1, 503, "another process held git's index.lock, or moved HEAD, longer than the limit"
    ),
    "vault-busy": ErrorKind(1, 503, "another AtoCore process held the vault's lock longer than the limit"),
    "hook-failed": ErrorKind(1, 409, "a hook of the repository refused the commit; nothing was changed"),
    "git-failed": ErrorKind(1, 500, "git answered with an error that AtoCore has no better word for"),
    "dirty-file": ErrorKind(1, 409, "a file of the step has uncommitted edits"),
    "changed-meanwhile": ErrorKind(1, 409, "what the step was decided on has changed since"),
    "not-found": ErrorKind(1, 404, "no record, commit or path of that name"),
    "ambiguous": ErrorKind(1, 409, "the name fits more than one record"),
    "impossible-step": ErrorKind(1, 409, "the lifecycle has no such step from the record's present status"),
    "machine-refused": ErrorKind(1, 403, "the step is a person's, and the actor is a machine"),
    "bad-value": ErrorKind(2, 400, "a value has the wrong form"),
    "bad-settings": ErrorKind(1, 409, "`atocore.yaml` cannot be understood"),
    "newer-format": ErrorKind(
        1, 409, "the vault's format is newer than this AtoCore: it would misread it, and writes nothing there"
    ),
    "older-format": ErrorKind(1, 409, "the vault's format is older than this AtoCore works with: migrate it"),
    "bad-client-settings": ErrorKind(
        1, 409, "an assistant's settings cannot be understood, or hold hooks in another shape"
    ),
    "bad-path": ErrorKind(2, 400, "a path leads out of the vault or is not a legal file name"),
    "has-problems": ErrorKind(1, 409, "the file has a problem that must be mended first"),
    "secret": ErrorKind(1, 409, "the text holds a secret, and git would keep it for good"),
    "exists": ErrorKind(1, 409, "the thing to be made is there already"),
    "cannot-undo": ErrorKind(1, 409, "the inverse of the commit no longer applies"),
    "unreadable": ErrorKind(1, 409, "a file or folder could not be read"),
    "read-only": ErrorKind(1, 409, "a file or folder could not be written"),
    "model-missing": ErrorKind(
        1, 503, "meaning was asked for alone and the embedding model cannot be loaded"
    ),
    "damaged": ErrorKind(
        1, 500, "a file of AtoCore's own in `.atocore/` is damaged and could not be rebuilt"
    ),
    "backup-missing": ErrorKind(11, 500, "a file of a backup is missing, or cannot be read"),
    "backup-truncated": ErrorKind(12, 500, "a file of a backup is shorter or longer than its manifest says"),
    "backup-checksum": ErrorKind(13, 500, "a file of a backup does not have the checksum in its manifest"),
    "backup-manifest": ErrorKind(
        14,
        500,
        "a backup's manifest is damaged, of a newer AtoCore, or tells of something else than is there",
    ),
    "backup-objects": ErrorKind(
        15, 500, "git finds objects of a backup, or of what was restored from it, missing or damaged"
    ),
    "restored-differs": ErrorKind(
        16,
        500,
        "what was restored does not have the records, problems or conflicts that the manifest tells of",
    ),
    "foreign-index": ErrorKind(17, 500, "an index is not one of the vault it lies in"),
    "answers-differ": ErrorKind(
        18, 500, "the restored vault answers the sample questions otherwise than the manifest tells"
    ),
    "marker-present": ErrorKind(
        19, 500, "what was written after the backup is still there after the restore"
    ),
    "backup-incomplete": ErrorKind(1, 500, "the backup could not be made; no half of one is left behind"),
    "no-backup": ErrorKind(1, 404, "no backup of that name there, or none that is valid"),
    "restore-refused": ErrorKind(
        1, 409, "nothing can be restored into that folder as it stands; nothing was changed"
    ),
    "restore-unfinished": ErrorKind(
        1, 409, "a restore into this vault was cut short and has to be run again"
    ),
    "cannot-purge": ErrorKind(1, 409, "history cannot be rewritten as the repository stands"),
    "purge-unfinished": ErrorKind(1, 409, "a purge of history was cut short and has to be carried on"),
    "daemon-ended": ErrorKind(
        1,
        503,
        "the daemon ended by itself: its vault is gone, or AtoCore was replaced; a service is started again",
    ),
    "service-failed": ErrorKind(
        1, 503, "the system's service manager refused, or the service does not start"
    ),
    "no-systemd": ErrorKind(1, 501, "this system has no systemd to install a service with"),
    "interrupted": ErrorKind(130, 499, "stopped by the user"),
}


class AtocoreError(Exception):
    """A refused request: `code` is a key of `ERRORS`, `hint` says what to do next ("" where nothing can)."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.kind = ERRORS[code]
        self.code = code
        self.message = message
        self.hint = hint
