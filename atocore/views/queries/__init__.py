"""The named queries: what can be asked of committed knowledge. One row in `table` and one function each.

They read a `Graph` of briefs, and what else the app hands over; they know no file, no git and no clock.
"""
