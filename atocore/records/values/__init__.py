"""Values: what the texts that stand in a slot mean, where that is certain; else they are compared as texts.
Knows numbers, units, dates and versions; must not know records or slots."""
