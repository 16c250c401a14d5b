"""What the bundled skills' scripts share: documents typeset to PDF, names made visible, quantities in words.

Needs the standard library and typst only, so that a script in the sandbox can import it without the rest of the house.
"""
