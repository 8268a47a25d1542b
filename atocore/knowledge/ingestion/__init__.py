"""PURE: documents and captures opened, cut and kept as sources, and what becomes a candidate."""
