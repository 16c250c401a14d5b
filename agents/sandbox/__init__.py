"""The sandbox: runs a command where it can do no harm."""
