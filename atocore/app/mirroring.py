"""The verbs of the mirror: built, and checked against the commit that it shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atocore import clock
from atocore.app.mirror_edits import EditedPage, edited_page
from atocore.app.mirror_material import MirrorMaterial
from atocore.app.mirror_problems import BUILT, OWED
from atocore.app.mirror_reach import WHOLE, Reach, reach_of
from atocore.app.mirror_standing import Standing, standing
from atocore.app.writing import diff_of
from atocore.errors import AtocoreError
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.snapshot import Snapshot
from atocore.store.branches import branch_tip, commit_on
from atocore.views.mirror.branched import BRANCH, branched
from atocore.views.mirror.frame import FORMAT, rendered
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import MIRROR, about
from atocore.views.mirror.site import pages

_TIP = "mirror-tip"  # in the catalog: where the pages' own branch stood when they were built last
_KEPT_AT = "mirror-at"  # when the daemon committed pages last, in seconds since 1970


@dataclass(frozen=True, slots=True)
class MirrorBuilt:
    """What building did: `pages` made or changed, `removed` ones, those `restored` that were missing from the
    work tree alone, and those that a person `edited`, which stay as they are, as `foreign` files do, which
    are no pages of AtoCore's. `commit` is None where nothing changed; `branch` is the pages' own, "" where
    they are in the folder."""

    commit: str | None
    pages: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    edited: tuple[EditedPage, ...] = ()
    foreign: tuple[str, ...] = ()
    branch: str = ""
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    diff: str = ""


@dataclass(frozen=True, slots=True)
class MirrorChecked:
    """Whether the mirror is true to its commit: pages that are `missing`, `outdated` (what they show has
    changed), `left_over` (what they showed is gone), or `edited` by hand. All empty: it is true. `foreign`
    files below `mirror/` are a person's, and say nothing of that."""

    commit: str
    of: int
    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    left_over: tuple[str, ...]
    edited: tuple[EditedPage, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """What shall be (the pages that are reached, by path) and what is, at the commit `tip`. `kept` are files
    that building leaves as people made them."""

    tip: str | None
    reach: Reach
    wanted: Mapping[str, bytes]
    now: Standing
    edited: tuple[EditedPage, ...]
    foreign: tuple[str, ...]

    @property
    def kept(self) -> frozenset[str]:
        return frozenset((*(page.path for page in self.edited), *self.foreign))


class MirrorVerbs(MirrorMaterial):
    """mirror build|check."""

    def mirror_build(
        self, *, whole: bool = False, overwrite: bool = False, dry_run: bool = False
    ) -> MirrorBuilt:
        """Write the pages whose content changed, in one commit. `whole` looks at every page, not only at
        those that the commits since the last time can reach; `overwrite` also writes committed pages that a
        person edited, whose text stays in git."""
        return self.anew(lambda: self._built(whole, overwrite, dry_run))

    def _built(self, whole: bool, overwrite: bool, dry_run: bool) -> MirrorBuilt:
        snapshot = self._mirrored()
        if self._is_branched() and not self.on_machine_branch():
            told = "pages on their own branch show the branch on which machines commit, and no other"
            raise AtocoreError("usage", told, f"git switch {self.machine_branch()}")
        if not snapshot.commit:
            return MirrorBuilt(None, notes=("nothing is committed yet: there is nothing to show",))
        look = self._mirror_look(snapshot, whole, overwrite)
        plan = self._mirror_plan(look)
        commit = None
        if not dry_run:
            if look.now.gone:
                self.repository.restore(look.now.gone)
            commit = self._mirror_commit(look, plan)
            self._note_built(snapshot.commit, commit, look.kept)
        return MirrorBuilt(
            commit,
            tuple(change.path for change in plan.changes if change.new is not None),
            tuple(change.path for change in plan.changes if change.new is None),
            tuple(path for path in look.now.gone if path in look.now.oids),
            look.edited,
            look.foreign,
            BRANCH if self._is_branched() else "",
            self._mirror_notes(snapshot),
            dry_run,
            diff_of(plan) if dry_run else "",
        )

    def keep_mirror(self, *, at_once: bool = False) -> tuple[str | None, float]:
        """What the daemon does once things have settled: build the mirror where commits came since the last
        time, on the machines' branch alone, and (but for `at_once`) not within `daemon.mirror_seconds` of the
        commit before. The commit, and in how many seconds one is due (0: none is)."""
        if self.settings.text("mirror") == "off" or not self.on_machine_branch():
            return None, 0.0
        head = self.catch_up().commit
        if not head or self.catalog.meta(BUILT) == f"{self._mirror_made_as()}/{head}":
            return None, 0.0
        since = clock.now().timestamp() - float(self.catalog.meta(_KEPT_AT) or 0)
        wait = self.settings.number("daemon.mirror_seconds") - since
        if since >= 0 and wait > 0 and not at_once:
            return None, wait
        commit = self.mirror_build().commit
        if commit is not None:
            with self.catalog.change():
                self.catalog.set_meta(_KEPT_AT, str(clock.now().timestamp()))
        return commit, 0.0

    def mirror_check(self) -> MirrorChecked:
        """Compare every page with what the committed records make of it."""
        snapshot = self._mirrored()
        look = self._mirror_look(snapshot, True, False)
        oids, wanted, kept = look.now.oids, look.wanted, look.kept
        missing = (wanted.keys() - oids.keys()) | (wanted.keys() & set(look.now.gone))
        false = {path for path in wanted.keys() & oids.keys() if not look.now.is_true(path, wanted[path])}
        return MirrorChecked(
            snapshot.commit,
            len(wanted),
            tuple(sorted(missing - kept)),
            tuple(sorted(false - kept)),
            tuple(sorted(oids.keys() - wanted.keys() - kept)),
            look.edited,
            look.foreign,
        )

    def _mirrored(self) -> Snapshot:
        """The vault as committed, where a mirror can be made of it."""
        if self.settings.text("mirror") == "off":
            told = "this vault keeps no mirror: `mirror: off` in atocore.yaml"
            raise AtocoreError("usage", told, "set mirror: folder, or mirror: branch")
        return self.catch_up()

    def _is_branched(self) -> bool:
        return self.settings.text("mirror") == "branch"

    def _mirror_tip(self, head: str) -> str | None:
        """The commit that holds the pages."""
        return branch_tip(self.repository, BRANCH) if self._is_branched() else head or None

    def _mirror_commit(self, look: _Look, plan: Plan) -> str | None:
        if self._is_branched():
            return commit_on(self.repository, BRANCH, look.tip, plan)
        commit = self.repository.apply(plan)
        if commit is not None:
            self.catch_up()
        return commit

    def _mirror_notes(self, snapshot: Snapshot) -> tuple[str, ...]:
        if self._is_branched() and self.repository.tree(snapshot.commit, folder=MIRROR):
            return (f"{MIRROR}/ is still on this branch too, and is kept no more: git rm -r {MIRROR}",)
        return ()

    def _mirror_made_as(self) -> str:
        """How pages are made: of two ways, none of one's pages are the other's."""
        return f"{FORMAT}:{self.settings.text('mirror')}:{self.settings.text('mirror_url')}"

    def _mirror_look(self, snapshot: Snapshot, whole: bool, overwrite: bool) -> _Look:
        material = self.material(self.catalog)
        tip = self._mirror_tip(snapshot.commit)
        made_as, _, known = self.catalog.meta(BUILT).rpartition("/")
        moved = self._is_branched() and tip != self.catalog.meta(_TIP)
        since = known if made_as == self._mirror_made_as() and not whole and not moved else ""
        reach = reach_of(self.repository, snapshot, material, since) if since else WHOLE
        reach = reach.with_paths(json.loads(self.catalog.meta(OWED) or "[]"))
        now = standing(self.repository, tip, reach.paths, saved=not self._is_branched())
        reach = reach.with_paths((*now.touched, *now.gone))
        wanted = dict(self._mirror_pages(material, reach))
        edited, foreign = [], []
        for path, touched in sorted(now.touched.items()):
            if touched.raw is not None and touched.raw == wanted.get(path):
                continue  # saved as it shall be
            if path not in wanted and not touched.sealed:
                foreign.append(path)
            elif touched.saved or not overwrite:
                said = touched.raw if touched.saved else self._committed_page(now, path)
                edited.append(edited_page(material, path, touched.saved, wanted.get(path), said))
        return _Look(tip, reach, wanted, now, tuple(edited), tuple(foreign))

    def _mirror_pages(self, material: Material, reach: Reach) -> Iterable[tuple[str, bytes]]:
        """The pages that are reached, path and bytes."""
        records = reach.records_of(material)
        for number, page in enumerate(pages(material, reach.projects_of(material), records)):
            self.progress("writing pages", number, max(number, len(records)))
            told = branched(page, self.settings.text("mirror_url")) if self._is_branched() else page
            yield page.path, rendered(told).encode("utf-8", "replace")
        self.progress("writing pages", len(records), len(records))

    def _mirror_plan(self, look: _Look) -> Plan:
        """The plan that makes the mirror true but for what people made of it."""
        now, kept = look.now, look.kept
        changed = {
            path: raw for path, raw in look.wanted.items() if path not in kept and not now.is_true(path, raw)
        }
        gone = [
            path
            for path in now.oids
            if path not in look.wanted and path not in kept and look.reach.covers(about(path))
        ]
        old = self._page_bytes([*changed, *gone], now)
        changes = [Change(path, old.get(path), raw) for path, raw in sorted(changed.items())]
        changes += [Change(path, old[path], None) for path in sorted(gone)]
        return Plan(tuple(changes), _message(changes))

    def _page_bytes(self, paths: Iterable[str], now: Standing) -> dict[str, bytes]:
        oids = {path: now.oids[path] for path in paths if path in now.oids}
        read = dict(self.repository.blobs(sorted(set(oids.values()))))
        return {path: read[oid] for path, oid in oids.items()}

    def _committed_page(self, now: Standing, path: str) -> bytes | None:
        return self._page_bytes([path], now).get(path)

    def _note_built(self, shown: str, commit: str | None, owed: Iterable[str]) -> None:
        """Remember what is done: up to the pages' own commit, where nobody's came between."""
        alone = bool(commit and not self._is_branched()) and self.repository.resolve(f"{commit}^") == shown
        with self.catalog.change():
            self.catalog.set_meta(BUILT, f"{self._mirror_made_as()}/{commit if alone else shown}")
            self.catalog.set_meta(_TIP, (self._mirror_tip("") or "") if self._is_branched() else "")
            self.catalog.set_meta(OWED, json.dumps(sorted(owed)))


def _message(changes: list[Change]) -> Message:
    made, gone = (sum((change.new is None) is none for change in changes) for none in (False, True))
    told = [f"write {made} page{'s' * (made != 1)}"] * bool(made) + [f"remove {gone}"] * bool(gone)
    return Message(f"mirror: {', '.join(told)}", "mirror", Actor.MACHINE, ())
