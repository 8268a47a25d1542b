"""What the app hands the mirror's pages: marks of time, lives of claims, what a candidate contradicts."""

from __future__ import annotations

from desk import Desk, files_in

VAULT = """
-- entities/scope/old.md --
id: ent-d1d
type: parameter
project: scope
title: Old figure
subject: mirror
attribute: mass
value: 4.2 kg
stale_after: 2026-10-01
created: 2026-09-01T09:00:00Z
-- entities/scope/other.md --
id: ent-0ther
type: parameter
project: scope
title: Other figure
subject: mirror
attribute: mass
value: 4.8 kg
created: 2026-11-02T09:00:00Z
-- memories/scope/maybe.md --
id: mem-maybe
status: candidate
project: scope
title: A third figure
subject: mirror
attribute: mass
value: 6 kg
created: 2026-11-03T09:00:00Z
"""


def test_pages_mark_what_is_stale_tell_lives_and_warn_of_candidates(desk: Desk) -> None:
    desk.commit(VAULT)
    desk.vault.mirror_build()
    pages = {path: raw.decode() for path, raw in files_in(desk.folder).items() if path.startswith("mirror/")}
    assert "*(stale: to be looked at after 2026-10-01)*" in pages["mirror/scope/parameters.md"]
    assert "⚠ would contradict **4.8 kg**" in pages["mirror/review.md"]
    (life,) = (text for path, text in pages.items() if path.startswith("mirror/scope/claims/"))
    assert "| 2026-11-03 | proposed | 6 kg |" in life
    (conflict,) = (text for path, text in pages.items() if path.startswith("mirror/scope/conflicts/"))
    assert "**4.2 kg**, says" in conflict and "**4.8 kg**, says" in conflict
    assert "[its life](../claims/" in conflict
