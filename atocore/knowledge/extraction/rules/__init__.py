"""PURE: rules that go by structure: headings, labels, identifiers, tables; and the table of all rules."""
