"""When each job is due by the vault's settings, in the machine's own time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atocore import clock
from atocore.app.operations import Job
from atocore.config import Settings

if TYPE_CHECKING:
    from datetime import tzinfo

    from atocore.knowledge.timetable import Timetable


def timetables(settings: Settings, zone: tzinfo | None = None) -> dict[Job, Timetable]:
    """The timetable of each job that is not `off`. Raises `bad-settings` with the setting's name."""
    from atocore.knowledge.timetable import read_timetable

    found = {}
    for job in Job:
        name = f"schedule.{job}"
        table = read_timetable(name, settings.text(name), zone or clock.zone())
        if table is not None:
            found[job] = table
    return found
