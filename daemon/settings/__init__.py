"""Configuration: what the owner wrote, checked, with the line of every mistake.

`places` knows the folders and is cheap to import; `loader` gives the settings; `policy` gives the rules of
the policy file; `secret` gives one secret by its name; `defaults` writes the files that an owner starts from.
"""
