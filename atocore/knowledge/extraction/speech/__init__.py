"""PURE: cues of plain speech: what a sentence says by its own words."""
