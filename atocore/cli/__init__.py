"""The command line: a thin door that parses, calls one verb of `atocore.app`, and prints."""
