"""What is compared after a restore: what a manifest tells with what is there."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from atocore import __version__
from atocore.store.backups.manifest import Manifest, Recorded
from atocore.store.backups.target import State, Target
from atocore.store.backups.unpacking import references_of
from atocore.store.git import Git


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed: its name, the code of its kind, and what differs."""

    check: str
    code: str
    told: str


def another_vaults(manifest: Manifest, target: Target, new: Git | None) -> list[str]:
    """A word where a backup seems to be of another vault than the one it replaces: no commit is in both.
    `new` is git in what was made of the backup, None where nothing was: what is there may then be older."""
    if target.state is not State.VAULT:
        return []
    here = Git(target.folder, target.folder)
    if _has_any(here, manifest.refs.values()):
        return []
    told = f"the backup is of the vault {manifest.vault!r}, and none of its commits is in {target.folder}"
    if new is None:
        return [f"{told}: it is another vault's, or newer than what is there"]
    first = here.run("rev-list", "--max-parents=0", "HEAD").decode().split()
    if _has_any(new, first):
        return []
    return [f"{told}: it is another vault's, or history was rewritten"]


def _has_any(git: Git, oids: Iterable[str]) -> bool:
    """Whether a repository has one of these objects."""
    asked = "".join(f"{oid}\n" for oid in sorted(set(oids))).encode()
    told = git.run("cat-file", "--batch-check", "--buffer", stdin=asked).decode()
    return any(not line.endswith(" missing") for line in told.splitlines())


def findings_of_records(
    manifest: Manifest, found: Recorded | None, why: str, *, judged: bool
) -> tuple[list[Finding], list[str]]:
    """How the restored records differ from what the manifest tells, and what is merely to be known. Another
    version of AtoCore may see other problems in the same files."""
    if found is None:
        return [Finding("records", "restored-differs", f"the restored records cannot be read: {why}")], []
    then = manifest.recorded
    findings = []
    if dict(then.counts) != dict(found.counts):
        told = ", ".join(_differences(then.counts, found.counts))
        findings.append(Finding("counts", "restored-differs", f"records, then and now: {told}"))
    elif then.records_digest != found.records_digest:
        told = "ids, statuses, paths or contents of records are others than when they were backed up"
        findings.append(Finding("records", "restored-differs", told))
    if not judged:
        gone = set(then.open_conflicts) - set(found.open_conflicts)  # an index alone tells which are trusted
        if gone:
            told = f"{len(gone)} conflicts that were open then are not now"
            findings.append(Finding("conflicts", "restored-differs", told))
        return findings, ["problems were not compared: that needs an index (atocore check tells them)"]
    others = []
    if dict(then.problems) != dict(found.problems):
        told = ", ".join(_differences(then.problems, found.problems))
        others.append(Finding("problems", "restored-differs", f"problems, then and now: {told}"))
    if set(then.open_conflicts) != set(found.open_conflicts):
        told = f"{len(then.open_conflicts)} conflicts were open then, {len(found.open_conflicts)} are now"
        others.append(Finding("conflicts", "restored-differs", told))
    if manifest.atocore == __version__:
        return [*findings, *others], []
    notes = [f"the backup was made by AtoCore {manifest.atocore}, this is {__version__}"]
    return findings, [*notes, *(finding.told for finding in others)]


def _differences(then: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    names = sorted({*then, *now})
    return [
        f"{name} {then.get(name, 0)} and {now.get(name, 0)}"
        for name in names
        if then.get(name) != now.get(name)
    ]


def findings_in_place(
    git: Git, prefix: str, references: Mapping[str, str], commit: str, branch: str, drafts: Collection[str]
) -> list[Finding]:
    """How a repository that was put in place differs from what was made: references, HEAD, files."""
    findings = []
    head = git.ask("rev-parse", "HEAD", "--symbolic-full-name", "HEAD")
    standing = os.fsdecode(head.out).split("\n")[:2]
    if head.code or standing != [commit, branch or "HEAD"]:
        told = f"HEAD is {' of '.join(standing) or head.err.strip()}, not {commit} of {branch or 'no branch'}"
        findings.append(Finding("commit", "backup-objects", told))
        return findings
    if references_of(git) != dict(references):
        findings.append(Finding("references", "backup-objects", "references are others than the backup's"))
    changed = sorted(_changed(git, prefix) - set(drafts))
    if changed:
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        told = f"files are not as committed, and were no drafts: {', '.join(changed[:5])}{more}"
        findings.append(Finding("files", "restored-differs", told))
    return findings


def _changed(git: Git, prefix: str) -> set[str]:
    """The committed files that are not as committed, relative to the vault."""
    options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all")
    out = git.run("diff", *options, "HEAD")
    return {os.fsdecode(name).removeprefix(prefix) for name in out.split(b"\0") if name}
