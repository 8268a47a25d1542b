"""Freshness by the documents' own dates."""

from __future__ import annotations

import pytest

from atocore.knowledge.ingestion.freshness import FRESH_DAYS, freshness, stated_date


@pytest.mark.parametrize(
    ("header", "body", "date"),
    [
        ({"date": "2031-04-05"}, "Date: 2030-01-01\n", "2031-04-05"),
        ({"Updated": "2031-04-05T06:07:08Z"}, "", "2031-04-05T06:07:08Z"),
        ({"date": "soon"}, "# Weld\n\nDate: 2031-04-05\n", "2031-04-05"),
        ({}, "# Weld\n\n* **Date:** 2031-04-05\n", "2031-04-05"),
        ({}, "| Date | 2031-04-05 |\n", "2031-04-05"),
        ({}, "Date: 2031-99-99\n", ""),
        ({}, "We met on date: 2031-04-05.\n", ""),
        ({}, "x\n" * 60 + "Date: 2031-04-05\n", ""),
    ],
)
def test_the_date_that_a_document_gives_itself(header: dict[str, str], body: str, date: str) -> None:
    assert stated_date(header, body) == date


@pytest.mark.parametrize(
    ("date", "latest", "fresh"),
    [
        ("2031-04-05", "2031-04-05", 1.0),
        ("2031-04-05T23:00:00+02:00", "2031-04-05", 1.0),
        ("2030-04-05", "2031-04-05", 0.5),
        ("2001-04-05", "2031-04-05", 0.0),
        ("", "2031-04-05", 0.0),
        ("2031-04-05", "", 0.0),
    ],
)
def test_freshness_falls_with_the_days(date: str, latest: str, fresh: float) -> None:
    assert freshness(date, latest) == fresh
    assert FRESH_DAYS == 730
