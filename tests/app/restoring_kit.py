"""What the tests of restoring share: how they restore, and how they back up first."""

from __future__ import annotations

from desk import Desk

from atocore.app.backups.restored_answer import Options

BARE = Options(pre_snapshot=False, index=False)
SAFE = Options(index=False)


def backed_up(desk: Desk, place: str) -> str:
    """The stamp of a new backup of a desk's vault, which is closed."""
    stamp = desk.vault.backup_create(to=place).stamp
    desk.close()
    return stamp
