"""The daemon: keeps the indexes in step while it runs, and answers searches from what it holds in memory.

It does nothing that a verb cannot do, and it holds no truth: it may be killed at any moment. Events only say
when to look; what to do is decided by comparing the vault with what the indexes hold.
"""
