"""The site: every family of pages, and which of them a change can reach. A new kind of page is one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from atocore.views.mirror.claims import claims
from atocore.views.mirror.conflicts import conflicts, sides
from atocore.views.mirror.frame import Page
from atocore.views.mirror.index import index
from atocore.views.mirror.listed import listed
from atocore.views.mirror.material import Material
from atocore.views.mirror.overview import overview
from atocore.views.mirror.passed import timeline
from atocore.views.mirror.problems import problems
from atocore.views.mirror.queried import queried
from atocore.views.mirror.record import record
from atocore.views.mirror.requirements import requirements
from atocore.views.mirror.review import review


class Scope(Enum):
    """What one call of a family's function is about: the vault (""), a project's name, or a record's id."""

    VAULT = "vault"
    PROJECT = "project"
    RECORD = "record"


class Family(NamedTuple):
    """One kind of page: `make` gives its pages for what its scope names, all parts of a long one."""

    name: str
    scope: Scope
    make: Callable[[Material, str], Iterator[Page]]


FAMILIES: tuple[Family, ...] = (
    Family("index", Scope.VAULT, index),
    Family("conflicts", Scope.VAULT, conflicts),
    Family("review", Scope.VAULT, review),
    Family("problems", Scope.VAULT, problems),
    Family("sides", Scope.PROJECT, sides),
    Family("overview", Scope.PROJECT, overview),
    Family("queries", Scope.PROJECT, queried),
    Family("requirements", Scope.PROJECT, requirements),
    Family("claims", Scope.PROJECT, claims),
    Family("lists", Scope.PROJECT, listed),
    Family("timeline", Scope.PROJECT, timeline),
    Family("records", Scope.RECORD, record),
)


def pages(material: Material, projects: Iterable[str], records: Iterable[str]) -> Iterator[Page]:
    """The pages of the vault's scope, those of some projects, and those of some records."""
    reached = {Scope.VAULT: [""], Scope.PROJECT: sorted(projects), Scope.RECORD: sorted(records)}
    for family in FAMILIES:
        for about in reached[family.scope]:
            yield from family.make(material, about)
