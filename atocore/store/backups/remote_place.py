"""Backups in a git remote, off-site: each is a set of references below `refs/atocore/backups/STAMP/`.

    refs/atocore/backups/STAMP/heads/main …     each reference of the vault, without its `refs/`
    refs/atocore/backups/STAMP/HEAD             the commit that was checked out
    refs/atocore/backups/STAMP/manifest         a commit whose tree holds manifest.json

All of them are pushed at once, or the manifest last: references without one are no backup. Embeddings and
what a machine alone holds are never sent, and who sends leaves stashes out of the references. Nobody is ever
asked for a password, and no command that an address names is run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.bundle import AS_THEY_ARE, References, borrowing, empty_repository
from atocore.store.backups.folder_place import STAMP, Kept, by_age, part_of
from atocore.store.backups.manifest import BUNDLE, MANIFEST, Manifest, read_manifest
from atocore.store.backups.remote_access import Address, refusal, without_password
from atocore.store.backups.scratch import scratch_folder
from atocore.store.git import Answer, Git
from atocore.store.repository import Repository

ROOT: Final = "refs/atocore/backups/"
NEVER_SENT: Final = "embeddings, captures, drafts, stashes and machine settings: never sent to a git remote"
_NOWHERE: Final = Path(os.devnull)
_AT_ONCE: Final = 500


class RemotePlace:
    """Backups in a git repository elsewhere."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __str__(self) -> str:
        return without_password(self._address.url)

    def backups(self) -> list[Kept]:
        """All backups there, the newest first; those whose manifest cannot be read come last. Raises
        `unreadable` where the remote cannot be reached."""
        names = self._names()
        stamps = [stamp for stamp, held in names.items() if "manifest" in held]
        with self._scratch(names) as git:
            if stamps:
                self._fetch(git, [f"+{ROOT}{stamp}/manifest:refs/found/{stamp}" for stamp in stamps])
            return sorted(
                (self._kept(git, stamp, names[stamp]) for stamp in stamps), key=by_age, reverse=True
            )

    def unfinished(self) -> list[Path]:
        """Stamps that have references and no manifest: a backup that was cut short."""
        return [_NOWHERE / stamp for stamp, held in self._names().items() if "manifest" not in held]

    def is_being_made(self, _stamp: str) -> bool:
        """Never: what is being sent does not show."""
        return False

    def clear(self) -> list[Path]:
        """Nothing: who sent what is unfinished cannot be told."""
        return []

    def get(self, stamp: str) -> Kept:
        """One backup by its stamp. Raises `no-backup`."""
        for kept in self.backups() if STAMP.fullmatch(stamp) else ():
            if kept.stamp == stamp:
                return kept
        raise AtocoreError("no-backup", f"no backup {stamp} in {self}", "atocore backup list")

    def next_sequence(self) -> int:
        """A number above those of all backups there."""
        return max((one.manifest.sequence for one in self.backups() if one.manifest), default=0) + 1

    def free_stamp(self, wanted: str) -> str:
        """The stamp, or one that differs by its end where it is taken."""
        taken, number, stamp = self._names(), 1, wanted
        while stamp in taken:
            number += 1
            stamp = f"{wanted}-{number}"
        return stamp

    def send(self, repository: Repository, taken: References, manifest: Manifest, scratch: Path) -> Kept:
        """Make a backup there of the references taken. Raises `backup-incomplete`: no half of one counts."""
        told = replace(manifest, files={}, left_out=(*manifest.left_out, NEVER_SENT))
        place = f"{ROOT}{manifest.stamp}/"
        names = {place + name.removeprefix("refs/"): oid for name, oid in taken.names.items()}
        names[f"{place}HEAD"] = taken.commit
        with borrowing(repository, References("", taken.commit, names), scratch) as git:
            self._push_all(git, place, _manifest_commit(git, told))
        return Kept(manifest.stamp, _NOWHERE / manifest.stamp, told, address=self._where(manifest.stamp))

    def _push_all(self, git: Git, place: str, manifest: str) -> None:
        """Push what is at a place, and the manifest with it; after it, where the remote cannot do all at
        once."""
        both = (f"{place}*:{place}*", f"{manifest}:{place}manifest")
        answer = self._push(git, *both, "--atomic")
        if answer.code and "does not support --atomic" in answer.err:
            answer = self._push(git, both[0])
            answer = answer if answer.code else self._push(git, both[1])
        if answer.code:
            raise refusal("backup-incomplete", self._address, answer.err)

    def _push(self, git: Git, *args: str) -> Answer:
        options = (
            "push",
            "--quiet",
            "--no-verify",
            "--no-signed",
            "--no-follow-tags",
            "--no-recurse-submodules",
        )
        specs = [one for one in args if not one.startswith("--")]
        flags = [one for one in args if one.startswith("--")]
        settings = {**AS_THEY_ARE, **self._address.environment}
        return git.ask(*options, *flags, "--", self._address.push_url, *specs, env=settings)

    def bring(self, stamp: str, scratch: Path) -> Path:
        """A folder with a backup as a folder has it, made in `scratch`. Raises `no-backup`, `unreadable`, and
        `backup-missing` where the remote no longer has what the manifest tells of."""
        kept = self.get(stamp)
        if kept.manifest is None:
            assert kept.fault
            raise kept.fault
        folder = scratch / stamp
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        with self._scratch({stamp: {"HEAD": kept.manifest.commit}}) as git:
            self._fetch(git, [f"+{ROOT}{stamp}/*:refs/*"])
            _leave_as_told(git, kept.manifest)
            git.run("bundle", "create", "--quiet", str(folder / BUNDLE), "--all", env=AS_THEY_ARE)
        told = replace(kept.manifest, files={BUNDLE: part_of(folder / BUNDLE)})
        (folder / MANIFEST).write_text(told.to_json(), "utf-8")
        return folder

    def remove(self, stamp: str) -> None:
        """Remove a backup: its manifest first, so that half of one is none. Raises `no-backup`,
        `read-only`."""
        held = self._names().get(stamp)
        if not held:
            raise AtocoreError("no-backup", f"no backup {stamp} in {self}", "atocore backup list")
        names = sorted(held, key=lambda name: (name != "manifest", name))
        with self._scratch({stamp: held}) as git:
            for some in (names[:1], *(names[at : at + _AT_ONCE] for at in range(1, len(names), _AT_ONCE))):
                answer = self._push(git, *(f":{ROOT}{stamp}/{name}" for name in some))
                if answer.code:
                    raise refusal("read-only", self._address, answer.err)

    def _names(self) -> dict[str, dict[str, str]]:
        """The references there by stamp, each with its object."""
        git = Git(Path(tempfile.gettempdir()))
        answer = git.ask(
            "ls-remote", "--quiet", "--", self._address.url, f"{ROOT}*", env=self._address.environment
        )
        if answer.code:
            raise refusal("unreadable", self._address, answer.err)
        found: dict[str, dict[str, str]] = {}
        for line in os.fsdecode(answer.out).splitlines():
            oid, _, name = line.partition("\t")
            stamp, _, inner = name.removeprefix(ROOT).partition("/")
            if STAMP.fullmatch(stamp) and not inner.endswith("^{}"):
                found.setdefault(stamp, {})[inner] = oid
        return found

    @contextmanager
    def _scratch(self, names: Mapping[str, Mapping[str, str]]) -> Iterator[Git]:
        """A repository to fetch into, of the form that the remote has."""
        oids = [oid for held in names.values() for oid in held.values()]
        with scratch_folder("remote") as folder:
            yield empty_repository(folder / "git", "sha256" if oids and len(oids[0]) == 64 else "sha1")

    def _fetch(self, git: Git, specs: Sequence[str]) -> None:
        options = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        answer = git.ask(*options, "--", self._address.url, *specs, env=self._address.environment)
        if answer.code:
            raise refusal("unreadable", self._address, answer.err)

    def _kept(self, git: Git, stamp: str, held: Mapping[str, str]) -> Kept:
        path, where = _NOWHERE / stamp, self._where(stamp)
        answer = git.ask("cat-file", "blob", f"refs/found/{stamp}:{MANIFEST}")
        try:
            if answer.code:
                raise AtocoreError("backup-manifest", f"{where}: no {MANIFEST}", "use another backup")
            manifest = read_manifest(answer.out, f"{where}/{MANIFEST}")
            lost = [name for name, oid in manifest.refs.items() if held.get(name[len("refs/") :]) != oid]
            if lost:
                told = f"{where}: {lost[0]} is missing, or another"
                return Kept(stamp, path, manifest, AtocoreError("backup-missing", told), where)
            return Kept(stamp, path, manifest, None, where)
        except AtocoreError as error:
            return Kept(stamp, path, None, error, where)

    def _where(self, stamp: str) -> str:
        return f"{self} {ROOT}{stamp}"


def _manifest_commit(git: Git, manifest: Manifest) -> str:
    """A commit that holds a manifest, of nobody but AtoCore."""
    blob = git.run("hash-object", "-w", "--stdin", stdin=manifest.to_json().encode()).decode().strip()
    tree = git.run("mktree", stdin=f"100644 blob {blob}\t{MANIFEST}\n".encode()).decode().strip()
    who = {"NAME": "AtoCore", "EMAIL": "atocore@localhost", "DATE": manifest.created}
    env = {f"GIT_{hand}_{key}": value for hand in ("AUTHOR", "COMMITTER") for key, value in who.items()}
    said = f"Backup {manifest.stamp} of {manifest.vault}"
    return git.run("-c", "commit.gpgSign=false", "commit-tree", tree, "-m", said, env=env).decode().strip()


def _leave_as_told(git: Git, manifest: Manifest) -> None:
    """Make the references that were fetched those of the manifest, and no others. Raises `backup-missing`."""
    listed = os.fsdecode(git.run("for-each-ref", "--format=%(objectname) %(refname)")).splitlines()
    held = {name: oid for oid, _, name in (line.partition(" ") for line in listed)}
    lost = [name for name, oid in manifest.refs.items() if held.get(name) != oid]
    if lost:
        told = f"{manifest.stamp}: {lost[0]} is missing on the remote, or another"
        raise AtocoreError("backup-missing", told, "use another backup")
    gone = "".join(f"delete {name}\n" for name in held if name not in manifest.refs)
    git.run("update-ref", "--stdin", stdin=os.fsencode(gone))
    if manifest.branch:
        git.run("symbolic-ref", "HEAD", manifest.branch)
    else:
        git.run("update-ref", "--no-deref", "HEAD", manifest.commit)
