"""What makes a vault's health `degraded`: one table of reasons, each with what it means and what to do.

Pure. Conflicts, candidates and drafts are work, not a failing: they are figures, unless a setting says from
when on they count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

OK: Final = "ok"
DEGRADED: Final = "degraded"


class Cause(NamedTuple):
    """What a reason means, and what to do about it."""

    meaning: str
    remedy: str


_JOBS: Final = {
    "backup": ("no backup was made", "atocore backup create"),
    "prune": ("old backups were not pruned", "atocore backup prune"),
    "drill": ("no restore was rehearsed", "atocore backup drill"),
    "sweep": ("conflicts were not swept for", "atocore conflicts sweep"),
}


def _of_jobs() -> dict[str, Cause]:
    found = {}
    for job, (told, command) in _JOBS.items():
        found[f"{job}-overdue"] = Cause(
            f"{told} although `schedule.{job}` says that it was due, `health.grace_seconds` ago or more",
            f"run it now: `{command}`; then see that a daemon runs or cron calls it",
        )
        found[f"{job}-failed"] = Cause(
            f"the last run of `{job}` failed, and none succeeded since",
            f"mend what its error tells, then: `{command}`",
        )
    return found


REASONS: Final[Mapping[str, Cause]] = MappingProxyType(
    {
        "restore-unfinished": Cause(
            "a restore into this vault was cut short",
            "run it again, with the command that every other verb names; it goes on where it stopped",
        ),
        "settings": Cause(
            "`atocore.yaml` is missing or cannot be understood; health goes by the defaults",
            "mend the file, or take it from git: `git checkout -- atocore.yaml`",
        ),
        "repository": Cause(
            "git's repository of the vault, its HEAD or its commit cannot be read",
            "look with `git fsck`; where it cannot be mended, end the daemon, then "
            "`atocore backup restore latest --confirm-service-stopped`",
        ),
        "purged-back": Cause(
            "the commit that is checked out holds what was purged from history",
            "somebody merged an old clone or backup: purge it again, `atocore purge --again`",
        ),
        "problems": Cause(
            "committed files, or others in the vault's folders, have errors: they are left out of knowledge",
            "`atocore check` tells each with how to mend it",
        ),
        "unreadable": Cause(
            "files or folders of the vault cannot be looked at; what is known of them is as last seen",
            "see their rights and owner, and the disk they are on; `atocore status` names them",
        ),
        "index-missing": Cause(
            "there is no index of the present commit, and the vault is too large to build one in passing",
            "`atocore index sync`, or start the daemon",
        ),
        "index-damaged": Cause(
            "the index is damaged, or another version's",
            "the next command builds it anew; or now: `atocore index rebuild`",
        ),
        "index-behind": Cause(
            "a daemon runs, and the index is behind the commit for longer than `health.lag_seconds`",
            "`atocore daemon --status` tells what keeps it; its log tells more",
        ),
        "daemon-errors": Cause(
            "the daemon runs, and something that it does fails at present",
            "`atocore daemon --status` tells what; it tries again by itself",
        ),
        "daemon-silent": Cause(
            "a process holds the daemon's lock and does not answer, or is of another version",
            "end it, and start it anew: `atocore daemon --stop`, or `kill` with the number told",
        ),
        **_of_jobs(),
        "backup-gone": Cause(
            "the newest backup that was made is not where it was put",
            "is the place mounted, and yours? Else: `atocore backup create`",
        ),
        "backup-damaged": Cause(
            "the newest backup has no readable manifest, or a file of it is missing or of another size",
            "`atocore backup validate all --read-data` tells more; then make one anew: "
            "`atocore backup create`",
        ),
        "clock-behind": Cause(
            "a job succeeded in the future, as this machine's clock has it: its age cannot be told",
            "set the clock; where the stamp is wrong, run the job again",
        ),
        "disk-low": Cause(
            "a disk has less free space than `health.free_bytes` or `health.free_percent`",
            "free some, or lower the limit; `atocore backup prune --dry-run` tells what backups could go",
        ),
        "disk-unknown": Cause(
            "how much space a disk has left cannot be told",
            "see that the folder is there, mounted and yours",
        ),
        "hook-failing": Cause(
            "the capture hook's last run on this machine lost its capture",
            "`atocore hook status` tells why; `atocore hook test` tries it",
        ),
        "candidates-waiting": Cause(
            "a candidate waits for longer than `health.candidates_days`",
            "`atocore review`",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why health is degraded: the code is one of `REASONS`, the message tells what was seen, the hint what to
    do."""

    code: str
    message: str
    hint: str


def reason(code: str, message: str, hint: str = "") -> Reason:
    """A reason of the table; its remedy is the hint, unless there is a better one."""
    return Reason(code, message, hint or REASONS[code].remedy.replace("`", ""))


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons in the table's order, each once."""
    order = {code: number for number, code in enumerate(REASONS)}
    return tuple(sorted(dict.fromkeys(reasons), key=lambda one: order[one.code]))


def is_low(free: int, total: int, *, least_bytes: int, least_percent: float) -> bool:
    """Whether a disk has less free space than either limit."""
    return free < least_bytes or free * 100 < total * least_percent
