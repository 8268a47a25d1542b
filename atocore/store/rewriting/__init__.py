"""Rewriting history, object by object: what need not change keeps its id, its bytes and its signature."""
