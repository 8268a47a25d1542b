"""Steps on knowledge in the words that people read: of the timeline, of what changed lately, and of the diff
between two commits."""

from __future__ import annotations

STEPS = {
    "add": "written",
    "promote": "accepted",
    "demote": "taken back to review",
    "reject": "refused",
    "reopen": "up for review again",
    "put-off": "put off",
    "supersede": "superseded",
    "retire": "retired",
    "restore": "in force again",
    "graduate": "lives on as an entity",
    "ungraduate": "back as a memory",
    "set": "declared trusted",
    "unset": "trusted no more",
    "confirm": "confirmed",
    "merge": "merged",
    "edit": "edited",
    "delete": "deleted",
    "resolve": "resolved",
    "dismiss": "dismissed",
}
"""How people read of a step that was taken."""


def taken(step: str) -> str:
    """A step as people read that it was taken."""
    return STEPS.get(step, step)


def claim(before: str, after: str) -> str:
    """What a record claims, and what it, or the one that it replaced, claimed before."""
    return f"{before} → {after}" if before and after and before != after else after or before


def name(by: str) -> str:
    """Who took a step, without the address: pages are read by many."""
    return by.partition(" <")[0]
