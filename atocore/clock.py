"""The only module that reads the clock: everything that decides takes the time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def now() -> datetime:
    """The present time, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251


def zone() -> tzinfo:
    """The machine's time zone as it is set now, clock changes included; UTC where it cannot be told."""
    import warnings

    import tzlocal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where it takes UTC instead, too
        try:
            return tzlocal.reload_localzone()
        except (LookupError, OSError, ValueError):
            return UTC
