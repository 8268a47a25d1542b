"""EFFECTS on the truth: git, reading files, applying plans, the vault's lock and journal."""
