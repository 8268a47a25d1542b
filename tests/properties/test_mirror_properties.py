"""Whatever commits do to a vault, in whatever order: a mirror that is kept is a mirror that is built anew.

One life of a vault with real git, drawn from a seed. ATOCORE_MIRROR_STEPS and ATOCORE_MIRROR_SEED choose
another length and another life.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from desk import Desk, files_in, founded, run_git, whole

from atocore.app.mirroring import MirrorBuilt
from atocore.errors import AtocoreError

STEPS = int(os.environ.get("ATOCORE_MIRROR_STEPS", "30"))
SEED = int(os.environ.get("ATOCORE_MIRROR_SEED", "7"))
PROJECTS = ("", "mount", "optics")
NAMES = ("Cell", "Frame", "Cells", "Mirror", "Motor")
TYPES = ("component", "requirement", "decision", "parameter", "material", "assumption", "result")
RELATIONS = ("part_of", "satisfies", "depends_on", "verifies", "made_of", "based_on")
NUMBERS = range(12)


class Life:
    """A vault, and what happens to it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.desk = founded(folder)
        self.random = random.Random(seed)
        self.told = [f"seed {seed}"]
        self.desk.commit("".join(self._record(number) for number in NUMBERS[:8]), "Start")

    # -- what may be written ---------------------------------------------------------------------------

    def _record(self, number: int) -> str:
        pick = self.random.choice
        kind, folder = pick([("entity", "entities"), ("entity", "entities"), ("memory", "memories")])
        project, name = pick(PROJECTS), pick(NAMES)
        lines = [
            f"id: {kind[:3]}-r{number:02}",
            f"type: {pick(TYPES) if kind == 'entity' else 'knowledge'}",
            f"status: {pick(['active', 'active', 'active', 'candidate', 'retired'])}",
            *([f"project: {project}"] if project else []),
            f"title: {name} {pick(['', '', number])}".rstrip(),
            f"subject: {pick(NAMES)}",
            "attribute: mass",
            f"value: {pick([1, 2])} kg",
            f"question: Which {name}?",
        ]
        if self.random.random() < 0.3:
            lines.append(f"aliases: [{pick(NAMES)} {number}, {pick(NAMES)}]")
        targets = [self._target() for _ in range(self.random.randrange(3))]
        if targets and kind == "entity":
            lines.append("relations:")
            lines += [f'  - {{{pick(RELATIONS)}: "{target}"}}' for target in targets]
        return f"-- {folder}/{project or '_shared'}/r{number:02}.md --\n" + "\n".join(lines) + "\n--\nSaid.\n"

    def _target(self) -> str:
        other = self.random.choice(NUMBERS)
        return self.random.choice([whole(f"ent-r{other:02}"), f"[[{self.random.choice(NAMES)}]]"])

    def _files(self) -> list[str]:
        return self.desk.git("ls-files", "entities", "memories", "moved").splitlines()

    # -- what may happen -------------------------------------------------------------------------------

    def write(self) -> None:
        number = self.random.choice(NUMBERS)
        for path in self._files():
            if path.endswith(f"/r{number:02}.md"):
                (self.desk.folder / path).unlink()
        self.desk.commit(self._record(number), f"write {number}")

    def change(self) -> None:
        for path in self.random.sample(self._files(), min(1, len(self._files()))):
            lines = self.desk.text(path).split("\n")
            key, values = self.random.choice(
                [
                    ("value", ["1 kg", "2 kg", "3 kg"]),
                    ("title", NAMES),
                    ("status", ["active", "retired", "candidate"]),
                    ("subject", NAMES),
                    ("project", PROJECTS[1:]),
                ]
            )
            said = f"{key}: {self.random.choice(values)}"
            self.desk.put(path, "\n".join(said if one.startswith(f"{key}:") else one for one in lines))
            self.commit(said)

    def commit(self, message: str) -> None:
        if self.desk.git("status", "--porcelain"):
            self.desk.commit(message=message)

    def supersede(self) -> None:
        found = [Path(path) for path in self._files() if path.startswith("entities/")]
        if len(found) > 1:
            old, new = self.random.sample(found, 2)
            text = self.desk.text(old.as_posix())
            successor = next(one for one in self.desk.text(new.as_posix()).split("\n") if one[:3] == "id:")[
                4:
            ]
            lines = [one for one in text.split("\n") if not one.startswith("superseded_by:")]
            status = next((at for at, one in enumerate(lines) if one.startswith("status:")), 2)
            lines[status] = f"status: superseded\nsuperseded_by: {successor}"
            self.desk.put(old.as_posix(), "\n".join(lines))
            self.commit("supersede")

    def delete(self) -> None:
        for path in self.random.sample(self._files(), min(1, len(self._files()))):
            (self.desk.folder / path).unlink()
            self.commit("delete")

    def move(self) -> None:
        for path in self.random.sample(self._files(), min(1, len(self._files()))):
            to = self.desk.folder / "moved" / f"{self.random.choice('ab')} c" / Path(path).name
            to.parent.mkdir(parents=True, exist_ok=True)
            (self.desk.folder / path).rename(to)
            self.commit("move")

    def project(self) -> None:
        name = self.random.choice(PROJECTS[1:])
        title = self.random.choice(["The mount", "Optics", "Everything"])
        head = f"id: prj-{name[0]}1\nkind: project\nstatus: active\nname: {name}\ntitle: {title}"
        self.desk.save(f"-- projects/{name}.md --\n{head}\naliases: [{title[:3]}]\n--\nSaid.\n")
        self.commit("project")

    def verb(self) -> None:
        vault = self.desk.vault
        records = [one for one in vault.list(limit=100).records if one.kind in ("memory", "entity")]
        steps: tuple[Callable[[str], object], ...] = (
            vault.promote,
            vault.reject,
            vault.retire,
            vault.confirm,
        )
        for record in self.random.sample(records, min(1, len(records))):
            try:
                self.random.choice(steps)(record.id)
            except AtocoreError as error:
                assert error.code in ("impossible-step", "has-problems", "bad-value", "usage"), error

    def revert(self) -> None:
        self.desk.git("revert", "--no-edit", "--strategy-option=theirs", "HEAD")

    def branch(self) -> None:
        other = {"main": "side", "side": "main"}[self.desk.git("branch", "--show-current").strip()]
        known = self.desk.git("branch", "--list", other).strip()
        self.desk.git("switch", "-q", *([] if known else ["-c"]), other)

    def merge(self) -> None:
        here = self.desk.git("branch", "--show-current").strip()
        other = {"main": "side", "side": "main"}[here]
        if self.desk.git("branch", "--list", other).strip():
            self.desk.git("merge", "-q", "-s", self.random.choice(["ours", "ort"]), "-X", "ours", other)

    def forget(self) -> None:
        self.desk.close()
        shutil.rmtree(self.desk.folder / ".atocore")

    def lose_pages(self) -> None:
        listed = self.desk.git("ls-files", "mirror").splitlines()
        for path in self.random.sample(listed, min(2, len(listed))):
            (self.desk.folder / path).unlink(missing_ok=True)  # lost before, and not built since
        if self.random.random() < 0.5:
            self.commit("pages gone")

    def step(self) -> None:
        acts = (self.write, self.change, self.supersede, self.delete, self.move, self.project, self.verb)
        more = (self.revert, self.branch, self.merge, self.forget, self.lose_pages)
        for _ in range(self.random.randrange(1, 4)):
            act = self.random.choice((*acts, *acts, *more))
            self.told.append(act.__name__)
            try:
                act()
            except AssertionError as error:  # git refuses: what it was about stays undone
                self.told.append(f"  {error}")
                for way in ("revert", "merge"):
                    if (self.desk.folder / ".git" / f"{way.upper()}_HEAD").exists():
                        self.desk.git(way, "--abort")
                self.desk.git("reset", "-q", "--hard")

    def kept(self) -> None:
        """Build what is due, and compare with all that there shall be."""
        vault = self.desk.vault
        done = vault.mirror_build(overwrite=True)
        told = "\n".join(self.told)
        found = vault.mirror_check()
        assert (found.missing, found.outdated, found.left_over, found.edited) == ((), (), (), ()), told
        state = self.desk.head()
        again = vault.mirror_build(overwrite=True)
        assert (again.commit, again.pages, again.removed) == (None, (), ()), told
        assert self.desk.head() == state
        assert self.desk.git("status", "--porcelain", "mirror") == "", (told, done)


def test_a_mirror_that_is_kept_is_one_that_is_built_anew(tmp_path: Path) -> None:
    life = Life(tmp_path / "vault", SEED)
    for _ in range(STEPS):
        life.step()
        life.kept()
    run_git(tmp_path, "clone", "-q", str(life.desk.folder), "other")
    other = Desk(tmp_path / "other")
    assert other.vault.mirror_build() == MirrorBuilt(None)
    assert files_in(other.folder) == {
        path: raw for path, raw in files_in(life.desk.folder).items() if not path.startswith("captures/")
    }
    other.close()
    life.desk.close()
