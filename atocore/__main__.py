"""`python -m atocore` is the `atocore` command."""

from atocore.cli import main

main()
