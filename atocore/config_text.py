"""The documented `atocore.yaml` that `init` writes, made from the table of settings."""

from __future__ import annotations

from atocore.config import SETTINGS


def settings_text() -> str:
    """The documented `atocore.yaml` that `init` writes: every setting with its default."""
    lines = [
        "# AtoCore: this vault's settings. Every key has the default shown; delete what you do not change.",
        "",
    ]
    group = ""
    for row in SETTINGS:
        head, _, leaf = row.name.rpartition(".")
        if head != group:
            lines += ["", f"{head}:"]
            group = head
        indent = "  " if head else ""
        choices = f" ({' | '.join(row.choices)})" if row.choices else ""
        lines.append(f"{indent}# {row.meaning}{choices}")
        lines.append(f"{indent}{leaf}:{_written(row.default, indent)}")
    return "\n".join(lines) + "\n"


def _written(value: bool | int | float | str | tuple[str, ...], indent: str) -> str:
    match value:
        case bool():
            return " true" if value else " false"
        case tuple():
            return "".join(f'\n{indent}  - "{entry}"' for entry in value) if value else " []"
        case str() if not value.replace("-", "").isalpha():
            return f' "{value}"'
        case _:
            return f" {value}"
