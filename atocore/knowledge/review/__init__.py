"""PURE: what a person sees of a candidate, and the plans of a person's steps."""
