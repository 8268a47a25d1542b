"""PURE: from a text to proposals, each with the passage it rests on, its claim and its confidence."""
