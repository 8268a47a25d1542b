"""What a restored vault is and answers, beside what its manifest recorded: the steps of a drill."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atocore.app.backups.backing_up import BackupVerbs
from atocore.app.backups.sampling import SamplingVerbs, missing
from atocore.errors import ERRORS
from atocore.knowledge.purged import PURGED_FILE
from atocore.store.backups.local_part import CAPTURES, DRAFTS
from atocore.store.backups.manifest import Recorded, Sample

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a drill: its name, what was seen, and the code of what is wrong, "" for nothing.
    `exit_code` is the code's."""

    name: str
    told: str
    code: str = ""
    exit_code: int = 0


def step(name: str, told: str, code: str = "") -> Step:
    """A step with the exit code of its code."""
    return Step(name, told, code, ERRORS[code].exit_code if code else 0)


def compared(vault: BackupVerbs, then: Recorded) -> list[Step]:
    """Every comparison, each a step."""
    foreign = foreign_index(vault)
    if foreign:
        return [step("index", foreign, "foreign-index")]
    vault.catch_up()
    now = vault.recorded()
    return [
        step("index", f"of this vault, at {vault.catalog.commit[:10]}"),
        _counts(then.counts, now.counts),
        _same("ids, statuses and contents", then.records_digest, now.records_digest, "as recorded"),
        _same(
            "problems", dict(then.problems), dict(now.problems), f"{sum(now.problems.values())} as recorded"
        ),
        _same(
            "conflicts",
            then.open_conflicts,
            now.open_conflicts,
            f"{len(now.open_conflicts)} open as recorded",
        ),
        *answers(vault, then, now.samples),
    ]


def local_part(tar: Path, vault: Path) -> Step:
    """Whether every draft and capture of a backup's local part is in the restored vault, byte for byte. The
    list of what was purged may have become longer."""
    count, lost = 0, []
    with tarfile.open(tar, "r:") as file:
        for member in file:
            area, _, rest = member.name.partition("/")
            opened = file.extractfile(member) if area in (CAPTURES, DRAFTS) and rest != PURGED_FILE else None
            if opened is not None:
                count += 1
                place = vault / (member.name if area == CAPTURES else rest)
                if not place.is_file() or place.read_bytes() != opened.read():
                    lost.append(place.relative_to(vault).as_posix())
    if lost:
        told = f"{len(lost)} of {count} are not as backed up: {', '.join(lost[:_NAMED])}"
        return step("drafts and captures", told, "restored-differs")
    return step("drafts and captures", f"{count:,}, byte for byte")


def foreign_index(vault: SamplingVerbs) -> str:
    """Why the index in use is none of this vault's, before anything is caught up; "" where it is."""
    commit = vault.catalog.commit
    if vault.repository.git.ask("cat-file", "-e", f"{commit}^{{commit}}").code == 0:
        return ""
    return f"the index is of commit {commit[:10]}, which this repository does not have"


def answers(vault: SamplingVerbs, then: Recorded, asked_already: Sequence[Sample] = ()) -> list[Step]:
    """The sample questions asked again: the best that were found then are to be found now."""
    known = {(one.verb, one.query): one for one in asked_already}
    steps = []
    for verb in ("search", "context"):
        asked = [one for one in then.samples if one.verb == verb]
        now = [known.get((verb, one.query)) or vault.sample(verb, one.query) for one in asked]
        lost = {one.query: missing(one, found.ids) for one, found in zip(asked, now, strict=True)}
        wrong = {query: ids for query, ids in lost.items() if ids}
        told = f"{len(asked) - len(wrong)} of {len(asked)} sample questions answered as recorded"
        if wrong:
            query, ids = next(iter(wrong.items()))
            told += f"; {query!r} lacks {', '.join(ids)}"
        steps.append(step(verb, told, "answers-differ" if wrong else ""))
    return steps


def _counts(then: Mapping[str, int], now: Mapping[str, int]) -> Step:
    differ = [name for name in sorted({*then, *now}) if then.get(name, 0) != now.get(name, 0)]
    if not differ:
        return step("counts", f"{sum(now.values()):,} records of {len(now)} kinds and statuses, as recorded")
    told = ", ".join(f"{name}: {then.get(name, 0)} then, {now.get(name, 0)} now" for name in differ[:_NAMED])
    return step("counts", told, "restored-differs")


def _same(name: str, then: object, now: object, told: str) -> Step:
    if then == now:
        return step(name, told)
    return step(name, f"not as recorded: {then} then, {now} now", "restored-differs")
