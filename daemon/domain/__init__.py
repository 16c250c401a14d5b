"""The words of the house: facts as frozen dataclasses, errors, and the ports between the parts.

This package imports nothing of ours and nothing from outside the standard library.
"""
