"""Problems that no single file shows: references, circles of supersession, names, and what history proves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from atocore.knowledge.recognition import IMPOSSIBLE, Deed
from atocore.records.birth import portable
from atocore.records.circles import circles
from atocore.records.codec import references
from atocore.records.kinds import Kind
from atocore.records.lifecycle import DECIDED, PERSON_STEPS, steps_between, steps_named
from atocore.records.naming import ambiguous
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

_TARGETS: Mapping[str, tuple[Kind, ...]] = {
    "supersedes": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
    "superseded_by": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
    "proposes": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
    "graduated_to": (Kind.ENTITY,),
    "members": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
    "winner": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
    "prevailing": (Kind.MEMORY, Kind.ENTITY, Kind.STATE),
}


def reference_problems(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """References to ids that no file has, or to records of a kind that cannot stand there; relations aside
    (`relation_problems`)."""
    for record in records:
        for key, target in references(record):
            found = snapshot.get(target)
            line = record.header.line(key)
            if found is None:
                if not _tells_what_was(record, key):
                    yield Problem(record.path, line, "dangling-reference", f"`{key}`: no record {target}")
            elif found.kind not in _TARGETS[key]:
                allowed = " or ".join(_TARGETS[key])
                told = f"`{key}`: {target} is a {found.kind}, not a {allowed}"
                yield Problem(record.path, line, "ill-typed-reference", told)


def _tells_what_was(record: Record, key: str) -> bool:
    """Whether a key names who once was a side: a conflict outlives a member whose file was deleted."""
    return record.kind is Kind.CONFLICT and record.status != "open" and key in ("members", "prevailing")


def supersession_problems(records: Iterable[Record]) -> Iterator[Problem]:
    """Circles of supersession, and records that two others claim to supersede.

    What a candidate says that it supersedes is a proposal, and what a rejected one says is nothing: only who
    was in force ever took another's place.
    """
    by_id = {record.id: record for record in records}
    successors: dict[str, dict[str, Record]] = {}
    for record in by_id.values():
        in_force = record.status not in ("candidate", "rejected")
        for old in by_id.keys() & set(record.supersedes if in_force else ()):
            successors.setdefault(old, {})[record.id] = record
        if record.superseded_by in by_id:
            successors.setdefault(record.id, {})[record.superseded_by] = by_id[record.superseded_by]
    arrows = ((old, new) for old, claiming in successors.items() for new in claiming)
    for record_id in sorted(node for way in circles(arrows) for node in way):
        record = by_id[record_id]
        line = record.header.line("superseded_by") or record.header.line("supersedes")
        told = f"following what supersedes {record.id} leads back to it"
        yield Problem(record.path, line, "supersession-cycle", told)
    for old, claiming in sorted(successors.items()):
        active = [record for record in claiming.values() if record.status in ("active", "graduated")]
        if len(active) > 1:
            for record in active:
                told = f"{', '.join(r.id for r in active)} all supersede {old}"
                yield Problem(record.path, record.header.line("supersedes"), "two-successors", told)


def alias_problems(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """Aliases that are also a name of something else where they count."""
    for record in records:
        for alias, others in ambiguous(snapshot, record):
            owners = ", ".join(dict.fromkeys(other.owner for other in others))
            told = f"`aliases`: {alias!r} is also a name of {owners}"
            yield Problem(record.path, record.header.line("aliases"), "ambiguous-alias", told)


def name_problems(paths: Iterable[str]) -> Iterator[Problem]:
    """Paths that would be one file on another system, and names that another system refuses."""
    twins: dict[str, list[str]] = {}
    for path in sorted(set(paths)):
        twins.setdefault(unicodedata.normalize("NFC", path).casefold(), []).append(path)
        bad = next((part for part in path.split("/") if not portable(part)), None)
        if bad is not None:
            yield Problem(path, 0, "unportable-name", f"{bad!r} is not a legal name on every system")
    for same in twins.values():
        for path in same[1:]:
            yield Problem(
                path, 0, "name-clash", f"{path!r} and {same[0]!r} differ only by case or Unicode form"
            )


def _is_a_persons(deed: Deed, machine: str) -> bool:
    """Whether only a person may do it: to add what counts for nothing yet is to propose it, what nobody
    decided anyone may edit or delete, and AtoCore itself keeps the conflict files true."""
    if deed.kind is Kind.CONFLICT and machine == "atocore":
        return False
    if deed.step in ("edit", "delete", "move"):
        return deed.before in DECIDED
    counts = deed.after in DECIDED or deed.kind is Kind.CONFLICT  # a claim disputes what it names at once
    return deed.step in PERSON_STEPS and not (deed.step == "add" and not counts)


def _decides_nothing(deed: Deed) -> bool:
    """Whether a person's deed leaves what was decided before as it was."""
    return deed.step == "move" or (deed.step == "edit" and deed.kind is not Kind.STATE)


def history_problems(
    steps: Iterable[tuple[str, str, tuple[Deed, ...]]], present: Mapping[str, Record], allowed: Iterable[str]
) -> Iterator[Problem]:
    """What the log proves wrong and nothing since has mended.

    `steps` are (commit, machine or "", deeds), newest first; `present` maps ids to today's records; `allowed`
    are the steps that the settings let machines take.
    """
    judged: set[str] = set()
    permitted = steps_named(allowed)
    doubtful: dict[str, tuple[Deed, Problem]] = {}
    for commit, machine, deeds in steps:
        for deed in deeds:
            record = present.get(deed.record)
            by_machine = bool(machine) and _is_a_persons(deed, machine) and deed.step not in permitted
            if deed.record in judged:
                continue
            if record is None:
                judged.add(deed.record)
                if by_machine and deed.step == "delete":
                    told = f"commit {commit[:10]} by {machine} deleted {deed.record}, which was {deed.before}"
                    yield Problem(deed.path, 0, "machine-step", told)
                continue
            if not by_machine and _decides_nothing(deed):
                continue
            line = record.header.line("status")
            if deed.record in doubtful:
                later, problem = doubtful.pop(deed.record)
                if deed.step == IMPOSSIBLE and deed.before == later.after:
                    continue  # the later one took it back (a revert): what stood before is judged
                if not by_machine or not steps_between(later.kind, "candidate", later.after):
                    yield problem
            elif deed.step == IMPOSSIBLE:
                told = f"commit {commit[:10]} led from {deed.before} to {deed.after}, which no step does"
                problem = Problem(record.path, line, "impossible-step", told)
                doubtful[deed.record] = (deed, problem)
                continue  # unless a machine made the status it started from: that one counted as candidate
            elif by_machine and not record.distrusted:
                told = f"commit {commit[:10]} by {machine} took the step {deed.step}"
                yield Problem(record.path, line, "machine-step", told)
            judged.add(deed.record)
    yield from (problem for _, problem in doubtful.values())
