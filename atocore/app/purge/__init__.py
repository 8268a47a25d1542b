"""Taking secrets out of a vault's whole history, and keeping them out."""
