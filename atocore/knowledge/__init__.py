"""PURE: what may be concluded. Each function takes a snapshot and returns a plan or findings."""
