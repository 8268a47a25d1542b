"""Where pages lie: stable, legal on every system, and no two the same, whatever projects and records are
called. A record's page is named by its title and the end of its id; a project's folder by a slug, with a hash
of the name where the slug says less than the name.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from atocore.records.birth import portable, slug
from atocore.records.brief import Brief

MIRROR = "mirror"
_RECORDS = "records"
SHARED = "shared"
"""The folder of what has no project."""


def page(*parts: str, number: int = 1) -> str:
    """The path of a page; `number` is that of a part of a long one."""
    name = "/".join((MIRROR, *parts))
    return f"{name}.md" if number == 1 else f"{name}-{number}.md"


def folder(project: str) -> str:
    """The folder of a project's pages."""
    if not project:
        return SHARED
    plain = slug(project)
    if plain == project and portable(plain) and plain != SHARED:
        return plain
    return f"{plain}--{hashlib.sha256(project.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def record_page(brief: Brief) -> str:
    """The path of a record's own page."""
    return page(folder(brief.project), _RECORDS, f"{slug(brief.title)}--{record_page_end(brief.id)}")


def conflict_page(project: str, conflict: str) -> str:
    """The path of an open conflict's page."""
    return page(folder(project), "conflicts", conflict)


def claim_page(project: str, key: str, about: str) -> str:
    """The path of the page of a claim's life: by its key, and a hash of its slot."""
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return page(folder(project), "claims", f"{slug(key)}--{digest}")


def record_page_end(record_id: str) -> str:
    """What the name of a record's page ends with, whatever its title."""
    return record_id[-12:]


class About(NamedTuple):
    """What a page is about, by its path: the vault ("" both), a project by its folder, or a record by the end
    of its page's name."""

    folder: str
    record: str


def about(path: str) -> About:
    """What the page at a path is about."""
    _, *folders, name = path.split("/")
    if folders[1:] == [_RECORDS]:
        return About(folders[0], name.removesuffix(".md").rpartition("--")[2])
    return About(folders[0] if folders else "", "")
