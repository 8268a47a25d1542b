"""When each job is due by the vault's settings, in the machine's own time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atocore import clock
from atocore.app.operations import Job
from atocore.config import Settings
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from datetime import tzinfo

    from atocore.knowledge.timetable import Timetable


def readable_timetables(
    settings: Settings, zone: tzinfo | None = None
) -> tuple[dict[Job, Timetable], dict[Job, AtocoreError]]:
    """The timetable of each job that is not `off`; and what is wrong with those that cannot be read."""
    found, errors = {}, {}
    for job in Job:
        text = settings.text(f"schedule.{job}")
        if text in ("", "off"):
            continue
        from atocore.knowledge.timetable import read_timetable

        zone = zone or clock.zone()
        try:
            table = read_timetable(f"schedule.{job}", text, zone)
        except AtocoreError as error:
            errors[job] = error
        else:
            if table is not None:
                found[job] = table
    return found, errors
