"""What is kept. The only importer of peewee; every function here is synchronous.

Functions that write expect to be called within `database.transaction()`; the verbs of the engine decide what is
written together.
"""
