"""The daemon as a service of the user's: the unit, and the manager that runs it."""
