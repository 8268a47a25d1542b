"""PURE: what people and assistants read: ranking and context packs."""
