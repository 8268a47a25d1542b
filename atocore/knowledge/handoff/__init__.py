"""PURE: what engineering tools hand over: the format, and how its facts become candidates."""
