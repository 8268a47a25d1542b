"""Rules for plain speech: what a sentence says by its own words, where no structure speaks for it."""

from __future__ import annotations

from atocore.knowledge.rule import Rule

SPOKEN: tuple[Rule, ...] = ()
