"""Backups as verbs: making, reading, pruning and restoring them, and rehearsing that.

What a backup is, and how its files are written and read, is in `atocore.store.backups`.
"""
