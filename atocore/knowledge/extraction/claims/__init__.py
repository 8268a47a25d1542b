"""PURE: the subject, attribute and value that a sentence states."""
