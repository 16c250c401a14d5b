"""Texts with secrets and without, made anew from a seed: no key that ever was one stands in the repository."""
