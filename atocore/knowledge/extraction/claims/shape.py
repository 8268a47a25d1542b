"""One claim: what is said of what. Knows no wording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of what: `value` holds the number and its unit as typed; a limit is in the attribute.

    `component` is the part whose material or vendor `value` names. `borrowed`: the heading above, not the
    passage, says what it is about.
    """

    subject: str
    attribute: str
    value: str
    component: str = ""
    borrowed: bool = False


UNCLAIMED = Claim("", "", "")
"""Said of a passage whose form shows that it claims nothing, whatever its words."""
