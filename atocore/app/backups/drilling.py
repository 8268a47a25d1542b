"""The drill: a backup is restored into a scratch folder, made to answer, marked, and restored again.

Nothing but the scratch folder is written to, and the embedding cache that all vaults of a user share. What is
found is a list of steps, each passed or not.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from atocore.app.backups import drill_marker
from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.drill_checks import Step, compared, local_part, step
from atocore.app.backups.restored_answer import Options, Restored
from atocore.app.backups.restoring import restore
from atocore.app.opening import open_with
from atocore.errors import AtocoreError
from atocore.index.model import Model
from atocore.progress import Progress, silent
from atocore.records.plan import Actor
from atocore.store.backups.folder_place import FolderPlace, Kept
from atocore.store.backups.manifest import LOCAL_PART, Manifest


@dataclass(slots=True)
class Drill:
    """The drill of one backup. `scratch` is an empty folder."""

    kept: Kept
    manifest: Manifest
    place: FolderPlace
    scratch: Path
    model: Model
    progress: Progress = silent
    steps: list[Step] = field(default_factory=list)

    @property
    def target(self) -> Path:
        """Where the backup is restored to."""
        return self.scratch / "vault"

    def run(self) -> list[Step]:
        """Take every step, until one fails without which the others mean nothing."""
        try:
            self._restored("restored", self.target)
            word = f"drill{secrets.token_hex(8)}"
            with self.opened() as vault:
                self.steps += compared(vault, self.manifest.recorded)
                commit = drill_marker.plant(vault, word, captures=LOCAL_PART in self.manifest.files)
                self._marked(drill_marker.traces(vault, word, commit))
            self._restored_over()
            with self.opened() as vault:
                self.steps.append(cleared(drill_marker.traces(vault, word, commit)))
                self._compared_again(vault)
        except AtocoreError as error:
            self.steps.append(step("stopped", error.message, error.code))
        return self.steps

    @contextmanager
    def opened(self) -> Iterator[BackupVerbs]:
        """The restored vault, as a machine has it."""
        folder = self.target / self.manifest.prefix
        with closing(open_with(BackupVerbs, folder, actor=Actor.MACHINE)) as vault:
            vault.model = self.model
            yield vault

    def _restored(self, name: str, target: Path) -> Restored:
        done = restore(
            self.kept.stamp,
            target,
            source=self.place,
            options=Options(pre_snapshot=False),
            model=self.model,
            progress=self.progress,
        )
        records = sum(done.counts.values())
        integrity = "ok" if done.restored_integrity_ok else "not ok"
        told = f"{records:,} records at {done.commit[:10]}, integrity {integrity}"
        self.steps.append(step(name, told, done.findings[0].code if done.findings else ""))
        self.steps += (step(one.check, one.told, one.code) for one in done.findings)
        if LOCAL_PART in self.manifest.files:
            self.steps.append(local_part(self.kept.path / LOCAL_PART, target / self.manifest.prefix))
        return done

    def _compared_again(self, vault: BackupVerbs) -> None:
        """What was compared before, in one step where all of it is as before."""
        again = compared(vault, self.manifest.recorded)
        wrong = [one for one in again if one.code]
        self.steps += wrong or [step("compared again", f"all {len(again)} comparisons are as recorded")]

    def _restored_over(self) -> None:
        identity = self.target.stat().st_ino
        self._restored("restored over it", self.target)
        if self.target.stat().st_ino == identity:
            self.steps.append(step("folder", "the same as before"))
        else:
            self.steps.append(step("folder", "another than before", "restored-differs"))

    def _marked(self, traces: list[str]) -> None:
        """A marker that was nowhere proves nothing by being gone."""
        told = f"written, and found in {len(traces)} places" if traces else "written, and found nowhere"
        self.steps.append(step("marker", told, "" if traces else "marker-present"))


def cleared(traces: list[str]) -> Step:
    """The step that looks for the marker after the restore."""
    if traces:
        return step("marker gone", f"still there: {', '.join(traces)}", "marker-present")
    return step("marker gone", "found nowhere")
