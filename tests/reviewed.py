"""A vault with one candidate of each sort that a reviewer meets. All of it is made up."""

from __future__ import annotations

from pathlib import Path

from desk import Desk, founded
from helpers import whole

SOURCE = """\
# Mass budget

Weighed on the bench.

## Primary mirror

The primary mirror weighs 4.3 kg with its cell.

## Dome

The dome turns once in two minutes.
"""
RECORDS = f"""
-- sources/scope/budget.md --
---
id: src-bench0000000
kind: source
type: markdown
project: scope
title: Mass budget
origin: docs/budget.md
---
{SOURCE}
-- memories/scope/kept.md --
id: mem-kept
project: scope
title: Primary mirror mass
subject: primary mirror
attribute: mass
value: 4.2 kg
--
The primary mirror weighs 4.2 kg with its cell.
-- memories/scope/dome.md --
id: mem-dme
project: scope
title: Dome speed
--
The dome turns once in 2 minutes.
-- memories/scope/past.md --
id: mem-past
status: rejected
project: scope
ruling: {{step: reject, by: R <r@example.org>, at: 2026-11-01T00:00:00Z, why: weighed without it}}
--
The primary mirror weighs 4.3 kg with its cell.
-- memories/scope/c1.md --
id: mem-c1
status: candidate
project: scope
title: Primary mirror mass
subject: primary mirror
attribute: mass
value: 4.3 kg
confidence: 0.9
provenance:
  source: src-bench0000000
  path: docs/budget.md
  heading: Mass budget > Primary mirror
  lines: 7-7
  quote: The primary mirror weighs 4.3 kg with its cell.
  rule: stated-quantity
  extractor: "1"
  by: claude-code/2.1
  explain: 0.8 the rule's prior; +0.1 a measured value
--
The primary mirror weighs 4.3 kg with its cell.
-- memories/scope/c2.md --
id: mem-c2
status: candidate
project: scope
title: Dome speed
confidence: 0.8
provenance:
  source: src-bench0000000
  path: docs/budget.md
  heading: Mass budget > Dome
  lines: 11-11
  quote: The dome turns once in two minutes.
  rule: stated-quantity
  extractor: "1"
--
The dome turns once in two minutes.
-- memories/scope/c3.md --
id: mem-c3
status: candidate
type: preference
project: scope
confidence: 0.7
provenance:
  interaction: int-away00000000
  quote: 主鏡は低膨張ガラスで作る。
  rule: spoken-preference
  extractor: "1"
  by: codex/0.9
--
主鏡は低膨張ガラスで作る。
-- memories/scope/c4.md --
id: mem-c4
status: candidate
project: scope
title: Hostile
confidence: 0.6
proposes: {{retire: mem-dme}}
provenance:
  rule: labelled-line
  extractor: "1"
--
Gone \x1b[2J\x1b]0;owned\x07 and \x9b31m red \u202e back.
-- memories/scope/c5.md --
id: mem-c5
status: candidate
project: scope
confidence: 0.5
provenance:
  rule: labelled-line
  extractor: "1"
--
The pier stands on its own foundation.
-- memories/scope/later.md --
id: mem-zater
status: candidate
project: scope
review_after: 2999-01-01
--
The enclosure is painted white.
"""
C1, C2, C3, C4, C5, LATER = (whole(f"mem-{name}") for name in ("c1", "c2", "c3", "c4", "c5", "zater"))
KEPT, DOME, PAST = whole("mem-kept"), whole("mem-dme"), whole("mem-past")


def review_desk(folder: Path) -> Desk:
    """A desk with that vault, committed, and its index made."""
    desk = founded(folder)
    desk.commit(RECORDS, "Start")
    desk.found("mirror")
    desk.close()
    return desk
