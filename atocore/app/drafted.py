"""What is saved and not committed, taken as the commit that it would be."""

from __future__ import annotations

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.knowledge.conflicts.clash import Clash
from atocore.knowledge.staged import new_conflicts
from atocore.records.plan import Change, Plan
from atocore.records.snapshot import AfterSnapshot, Snapshot


def drafted(catalog: Catalog) -> Plan:
    """The saved files as a plan without a message; what cannot be read is left aside."""
    changes = (
        Change(row.path, catalog.raw_at(row.path), catalog.raw(Realm.DRAFT, row.path))
        for row in catalog.rows(Realm.DRAFT)
        if row.deleted or row.record is not None
    )
    return Plan(tuple(change for change in changes if change.old != change.new), None)


def with_drafts(catalog: Catalog) -> Snapshot:
    """The vault as it would be, were everything committed that is saved."""
    plan = drafted(catalog)
    return AfterSnapshot(catalog, plan) if plan.changes else catalog


def draft_conflicts(catalog: Catalog) -> tuple[Clash, ...]:
    """The open conflicts that committing what is saved would make, or add a side to."""
    plan = drafted(catalog)
    return new_conflicts(catalog, plan) if plan.changes else ()
