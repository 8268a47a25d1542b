"""When something is due that a cron expression times: the fire times around a moment, in one time zone.

Pure: the moment and the zone are arguments. Expressions mean what cron makes of them, clock changes included:
what is due in an hour that is left out comes right after it, and what is due in one that comes twice comes
once, unless it is due every hour anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from cronsim import CronSim, CronSimError

from atocore.errors import AtocoreError

OFF: Final = "off"
_NAMED: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_FIELDS: Final = 5
_ANY_MOMENT: Final = datetime(2024, 1, 1, tzinfo=UTC)
_LOOKS_BACK: Final = tuple(timedelta(days=days) for days in (1 / 24, 1, 8, 63, 400, 8 * 366, 50 * 366))


@dataclass(frozen=True, slots=True)
class Timetable:
    """The fire times of a cron expression in a time zone. Moments go in with any zone and come out in UTC."""

    expression: str
    zone: tzinfo

    def after(self, moment: datetime) -> datetime | None:
        """The first fire time after the moment; None where none comes in fifty years."""
        for fire in CronSim(self.expression, moment.astimezone(self.zone)):
            found = fire.replace(tzinfo=self.zone).astimezone(UTC)
            if found > moment.astimezone(UTC):  # in an hour that comes twice, it may be of the first one
                return found
        return None

    def until(self, moment: datetime) -> datetime | None:
        """The last fire time up to the moment, itself included; None where none was in fifty years."""
        for span in _LOOKS_BACK:
            found, fire = None, self.after(moment - span)
            while fire is not None and fire <= moment.astimezone(UTC):
                found, fire = fire, self.after(fire)
            if found is not None:
                return found
        return None


def read_timetable(name: str, text: str, zone: tzinfo) -> Timetable | None:
    """What a setting says about when: a timetable, or None for `off`. Raises `bad-settings`, with the
    setting's name, for what is no expression and for one that never comes true."""
    wanted = " ".join(text.split())
    if wanted.casefold() in (OFF, ""):
        return None
    expression = _NAMED.get(wanted.casefold(), wanted)
    try:
        if len(expression.split()) != _FIELDS:
            raise CronSimError("it has not five fields")
        if next(CronSim(expression, _ANY_MOMENT), None) is None:
            raise CronSimError("such a day never comes")
    except CronSimError as error:
        raise AtocoreError(
            "bad-settings",
            f"atocore.yaml: {name} is to say when, as cron has it, not {text!r}: {error}",
            'write five fields, such as "15 3 * * *" for a quarter past three each night, or `off`',
        ) from error
    return Timetable(expression, zone)
