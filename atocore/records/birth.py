"""Birth of a record's file: where it lies and what its first text is. The path is for people, and stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from atocore.errors import AtocoreError
from atocore.records.edit import render
from atocore.records.header import Value
from atocore.records.kinds import KINDS, RESERVED_NAMES, SHARED_PROJECT, Kind
from atocore.records.plan import Change
from atocore.records.schema import KEY_ORDER

SLUG_CHARS = 60
_WORDS = re.compile(r"[^\W_]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def slug(text: str) -> str:
    """A file name's readable part: words joined by hyphens, accents folded, at most `SLUG_CHARS` long."""
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    joined = "-".join(_WORDS.findall(unicodedata.normalize("NFC", folded)))
    return joined[:SLUG_CHARS].strip("-").encode()[:150].decode("utf-8", "ignore") or "record"


def portable(name: str) -> bool:
    """Whether every system accepts `name` as the name of one file or folder."""
    return bool(
        name
        and not _ILLEGAL.search(name)
        and not _RESERVED.fullmatch(name)
        and name[-1] not in " ."
        and name[0] != " "
        and len(name.encode("utf-8", "surrogateescape")) <= 255
    )


def project_folder(project: str) -> str:
    """The folder of a project's records: its name where that is a legal name, else its slug."""
    if not project:
        return SHARED_PROJECT
    if portable(f"{project}.md") and portable(project) and not project.startswith((".", SHARED_PROJECT)):
        return project
    plain = slug(project)
    return plain if portable(plain) else f"{plain}-project"


def home(kind: Kind, project: str, title: str, record_id: str) -> str:
    """The path of a new record: `<folder>/<project>/<slug>--<end of its id>.md`."""
    folder = KINDS[kind].folder
    match kind:
        case Kind.CONFLICT:
            return f"{folder}/{record_id}.md"
        case Kind.PROJECT:
            name = f"{project_folder(project)}.md"
            return f"{folder}/project-{name}" if name in RESERVED_NAMES else f"{folder}/{name}"
        case _:
            return f"{folder}/{project_folder(project)}/{slug(title)}--{record_id[-6:]}.md"


def written(kind: Kind, record_id: str, keys: Mapping[str, Value], body: str, title: str = "") -> Change:
    """The file of a new record: `keys` beside `id` and `kind`, in the schema's order, empty ones left out."""
    items: dict[str, Value] = {"id": record_id, "kind": str(kind), **keys}
    ordered = {name: items[name] for name in KEY_ORDER if items.get(name)}
    ordered.update({name: value for name, value in items.items() if name not in ordered and value})
    project = str(keys.get("project", "") or (keys.get("name", "") if kind is Kind.PROJECT else ""))
    for name in ("project", "name"):
        given = str(keys.get(name, ""))
        if "\n" in given:
            raise AtocoreError("bad-value", f"{name} {given!r} holds a line break", "give it in one line")
    text = body if body.endswith("\n") or not body else f"{body}\n"
    path = home(kind, project, title or str(keys.get("title", "")) or body.strip().split("\n")[0], record_id)
    return Change(path, None, render(ordered, text))
