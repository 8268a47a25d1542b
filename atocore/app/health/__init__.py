"""Whether a vault is kept as it should be: one answer for operators and monitors, put together of parts."""
