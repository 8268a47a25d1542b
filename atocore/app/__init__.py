"""The verbs: each reads a snapshot, decides, applies one commit, and catches up. `Vault` has them all."""

from atocore.app.vault import Vault

__all__ = ["Vault"]
