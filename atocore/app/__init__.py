"""The verbs: each reads a snapshot, decides, applies one commit, and catches up. `Vault` has them all.

It is imported when first asked for: a command that opens a vault with some of the verbs must not pay for all.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atocore.app.vault import Vault

__all__ = ["Vault"]


def __getattr__(name: str) -> object:
    if name == "Vault":
        from atocore.app.vault import Vault

        return Vault
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
