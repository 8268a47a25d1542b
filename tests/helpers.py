"""Vaults as literal text: blocks in, snapshots and texts out, no disk.

A record may be written short. `vault_of` fills in what the schema requires and the test does not care about:

    -- memories/a.md --
    id: mem-a
    value: 4.2 kg
    --
    The body, where there is one.

becomes a file with real frontmatter, `mem-a` a whole id (`mem_id("mem-a")`), kind and status those of the
folder. A block that starts with `---` is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.review.deed import Deed
from atocore.records.codec import read
from atocore.records.ids import ALPHABET
from atocore.records.kinds import KINDS, RECORD_FOLDERS, Kind
from atocore.records.plan import Actor, Plan
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot, Snapshot

_BLOCK = re.compile(r"^-- (?P<path>.+?) --\n", re.MULTILINE)
_SHORT_ID = re.compile(r"\b(mem|ent|sta|con|prj|src|int)-(?P<name>[a-z0-9]{1,11})(?![a-z0-9])")
_TYPES = {Kind.MEMORY: "knowledge", Kind.ENTITY: "parameter", Kind.STATE: "fact", Kind.CONFLICT: "value"}
_STATUSES = {Kind.CONFLICT: "open"}

REVIEWER = "A Reviewer <reviewer@example.org>"
DEED = Deed(by=REVIEWER, at="2026-11-22T09:12:00Z", why="weighed on the bench")
MACHINE = Deed(by="atocore", at="2026-11-22T09:12:00Z", actor=Actor.MACHINE)
RULING = f"""\
ruling:
  step: {{step}}
  by: {REVIEWER}
  at: 2026-11-22T09:12:00Z
  why: weighed on the bench
"""


def whole_id(short: str) -> str:
    """`mem-a` as an id of the right length, padded with zeros; letters that no id can hold are refused."""
    prefix, _, name = short.partition("-")
    assert set(name) <= set(ALPHABET), f"no id can hold {name!r}: leave out i, l, o, u"
    return f"{prefix}-{name:0<12}"


def whole(text: str) -> str:
    """A text with every short id made whole."""
    return _SHORT_ID.sub(lambda match: whole_id(match[0]), text)


def ruling(step: str) -> str:
    """The lines of the `ruling` that `DEED` leaves for a step."""
    return RULING.format(step=step)


def files_of(blocks: str) -> dict[str, bytes]:
    """Path to bytes of the files that the blocks describe."""
    parts = _BLOCK.split(blocks.lstrip("\n"))
    assert parts[0].strip() == "", f"text before the first block: {parts[0]!r}"
    return {path: file_text(path, text).encode() for path, text in zip(parts[1::2], parts[2::2], strict=True)}


def file_text(path: str, text: str) -> str:
    """One file: as it is where it starts with a fence (or is no record), else filled in."""
    kind = RECORD_FOLDERS.get(path.split("/")[0])
    if text.startswith("---") or kind is None:
        return whole(text)
    head, _, body = text.partition("\n--\n") if "\n--\n" in text else (text.rstrip("\n"), "", "It is so.\n")
    spec = KINDS[kind]
    needed = {"kind": str(kind)}
    if spec.types:
        needed["type"] = _TYPES[kind]
    if spec.statuses:
        needed["status"] = _STATUSES.get(kind, "active")
    missing = [
        f"{key}: {value}\n" for key, value in needed.items() if not re.search(rf"^{key}:", head, re.MULTILINE)
    ]
    return f"---\n{whole(head)}\n{''.join(missing)}---\n{body}"


def vault_of(blocks: str) -> MemorySnapshot:
    """The snapshot of a vault with these files."""
    return MemorySnapshot(files_of(blocks))


def record(snapshot: Snapshot, short: str) -> Record:
    """The record with the (short) id."""
    found = snapshot.get(whole(short))
    assert found is not None, f"no record {short}"
    return found


def record_of(text: str, path: str = "memories/a.md") -> Record:
    """The record that one block makes, written as in `vault_of`."""
    raw = file_text(path, text).encode()
    reading = read(path, raw, max_bytes=len(raw))
    assert reading.record is not None, reading.problems
    return reading.record


def applied(snapshot: MemorySnapshot, plan: Plan) -> MemorySnapshot:
    """The vault behind a plan, with the conflict files that it makes or settles."""
    whole_plan, _ = with_conflicts(snapshot, plan)
    return snapshot.after(whole_plan)


def statuses(snapshot: Snapshot) -> dict[str, str]:
    """Short id to status of every record that has one."""
    return {short_id(one.id): one.status for one in snapshot.select() if one.status}


def short_id(record_id: str) -> str:
    """The id as the tests write it."""
    prefix, _, name = record_id.partition("-")
    return f"{prefix}-{name.rstrip('0')}" if name.endswith("0") else record_id


def text_at(snapshot: MemorySnapshot, path: str) -> str:
    """The file's text."""
    return snapshot.files[path].decode()


def changed_lines(old: bytes | None, new: bytes | None) -> tuple[list[str], list[str]]:
    """The lines that went, and the lines that came."""
    before = (old or b"").decode().splitlines()
    after = (new or b"").decode().splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def same_files(left: MemorySnapshot, right: MemorySnapshot) -> bool:
    """Whether two vaults hold the same bytes."""
    return dict(left.files) == dict(right.files)


def reversed_order(snapshot: MemorySnapshot) -> MemorySnapshot:
    """The same vault with its files listed the other way round."""
    return MemorySnapshot(dict(reversed(list(snapshot.files.items()))))


def keys_of(one: Record) -> Mapping[str, object]:
    """A record's frontmatter as plain values."""
    return {item.key: item.value for item in one.header.items}
