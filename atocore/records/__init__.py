"""PURE: what a record is. No clock, no file, no git, no network."""
