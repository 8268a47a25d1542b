"""The verbs of the mirror: built, and checked against the commit that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from atocore.app.mirror_material import MirrorMaterial
from atocore.app.mirror_reach import Reach, reach_of
from atocore.app.writing import diff_of
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.store.trees import blob_id
from atocore.views.mirror.frame import FORMAT, Page, is_edited, rendered
from atocore.views.mirror.names import MIRROR, about
from atocore.views.mirror.site import pages

_BUILT = "mirror"  # in the catalog: the format, and the commit that the mirror was last built from


@dataclass(frozen=True, slots=True)
class EditedPage:
    """A page that a person edited, and where what it says is to be corrected. `saved`: not committed."""

    path: str
    correct: str
    saved: bool


@dataclass(frozen=True, slots=True)
class MirrorBuilt:
    """What building did: `pages` made or changed, `removed` ones, and those that a person `edited`, which
    stay as they are. `commit` is None where nothing changed."""

    commit: str | None
    pages: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[EditedPage, ...]
    notes: tuple[str, ...] = ()
    dry_run: bool = False
    diff: str = ""


@dataclass(frozen=True, slots=True)
class MirrorChecked:
    """Whether the mirror is true to its commit: pages that are `missing`, `outdated` (what they show has
    changed), `edited` by hand, or `foreign` (no page of this vault). All empty: it is true."""

    commit: str
    of: int
    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    edited: tuple[EditedPage, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """The mirror as it is: committed object ids by path, and the text of pages that a person edited."""

    oids: Mapping[str, str]
    edited: Mapping[str, bool] = field(default_factory=dict)


class MirrorVerbs(MirrorMaterial):
    """mirror build|check."""

    def mirror_build(
        self, *, whole: bool = False, overwrite: bool = False, dry_run: bool = False
    ) -> MirrorBuilt:
        """Write the pages whose content changed, in one commit. `whole` looks at every page, not only at
        those that the commits since the last time can reach; `overwrite` also writes committed pages that a
        person edited, whose text stays in git."""
        plan, edited = self._mirror_plan(whole, overwrite)
        commit = self.repository.apply(plan) if plan.changes and not dry_run else None
        if commit is not None:
            self.catch_up()
        if not dry_run:
            with self.catalog.change():
                self.catalog.set_meta(_BUILT, f"{FORMAT}/{self.catalog.commit}")
        return MirrorBuilt(
            commit,
            tuple(change.path for change in plan.changes if change.new is not None),
            tuple(change.path for change in plan.changes if change.new is None),
            edited,
            (),
            dry_run,
            diff_of(plan) if dry_run else "",
        )

    def mirror_check(self) -> MirrorChecked:
        """Compare every page with what the committed records make of it."""
        snapshot = self.catch_up()
        wanted = self._mirror_wanted(Reach(whole=True))
        standing = self._mirror_now(None)
        same = {path for path, page in wanted.items() if self._is_true(standing, path, page)}
        edited = standing.edited
        return MirrorChecked(
            snapshot.commit,
            len(wanted),
            tuple(sorted(wanted.keys() - standing.oids.keys())),
            tuple(sorted((wanted.keys() & standing.oids.keys()) - same - edited.keys())),
            _told(edited, wanted),
            tuple(sorted(standing.oids.keys() - wanted.keys() - edited.keys())),
        )

    def _mirror_plan(self, whole: bool, overwrite: bool) -> tuple[Plan, tuple[EditedPage, ...]]:
        """The plan that makes the mirror true, and the pages that stay as a person edited them."""
        snapshot = self.catch_up()
        known_format, _, known = self.catalog.meta(_BUILT).partition("/")
        since = known if known_format == str(FORMAT) and not whole else ""
        reach = reach_of(self.repository, snapshot, since)
        standing = self._mirror_now(reach.paths)
        wanted = self._mirror_wanted(reach)
        kept = {p: saved for p, saved in standing.edited.items() if saved or not overwrite}
        changed = {
            path: rendered(page).encode()
            for path, page in wanted.items()
            if path not in kept and not self._is_true(standing, path, page)
        }
        gone = [p for p in standing.oids if p not in wanted and p not in kept and reach.covers(about(p))]
        old = self._page_bytes([*changed, *gone], standing)
        changes = [Change(path, old.get(path), raw) for path, raw in sorted(changed.items())]
        changes += [Change(path, old[path], None) for path in sorted(gone)]
        return Plan(tuple(changes), _message(changes)), _told(kept, wanted)

    def _mirror_wanted(self, reach: Reach) -> dict[str, Page]:
        """The pages that are reached, by path."""
        material = self.material(self.catalog)
        projects = material.projects if reach.whole else reach.projects.intersection(material.projects)
        records = material.by_id.keys() if reach.whole else reach.records & material.by_id.keys()
        return {page.path: page for page in pages(material, projects, records)}

    @staticmethod
    def _is_true(standing: _Standing, path: str, page: Page) -> bool:
        oid = standing.oids.get(path, "")
        return bool(oid) and blob_id(rendered(page).encode(), oid) == oid

    def _mirror_now(self, touched: frozenset[str] | None) -> _Standing:
        """The mirror as it is; of the committed pages only those `touched` are looked at for edits (None:
        all)."""
        head = self.repository.head()
        tree = self.repository.tree(head, folder=MIRROR) if head else {}
        oids = {path: entry.oid for path, entry in tree.items() if entry.is_file}
        looked_at = oids if touched is None else {path: oids[path] for path in touched & oids.keys()}
        paths: dict[str, list[str]] = {}
        for path, oid in looked_at.items():
            paths.setdefault(oid, []).append(path)
        edited: dict[str, bool] = {}
        for oid, raw in self.repository.blobs(sorted(paths)):
            if is_edited(raw.decode("utf-8", "replace")):
                edited.update(dict.fromkeys(paths[oid], False))
        for entry in self.repository.dirty((MIRROR,)):
            edited[entry.path] = True
        return _Standing(oids, edited)

    def _page_bytes(self, paths: list[str], standing: _Standing) -> dict[str, bytes]:
        oids = {path: standing.oids[path] for path in paths if path in standing.oids}
        read = dict(self.repository.blobs(sorted(set(oids.values()))))
        return {path: read[oid] for path, oid in oids.items()}


def _told(edited: Mapping[str, bool], wanted: Mapping[str, Page]) -> tuple[EditedPage, ...]:
    return tuple(
        EditedPage(path, wanted[path].correct if path in wanted else "", saved)
        for path, saved in sorted(edited.items())
    )


def _message(changes: list[Change]) -> Message:
    made, gone = (sum((change.new is None) is none for change in changes) for none in (False, True))
    told = [f"write {made} page{'s' * (made != 1)}"] * bool(made) + [f"remove {gone}"] * bool(gone)
    return Message(f"mirror: {', '.join(told)}", "mirror", Actor.MACHINE, ())
