"""PURE: the assistants' settings, and AtoCore's own entries in them."""
