"""Backups of a vault: what one holds, where it is kept, and how it is made and read again.

Knows git, files and manifests; knows nothing of indexes. What it is told of records and answers it keeps and
compares, and does not judge.
"""
