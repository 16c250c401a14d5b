"""The skill library: loads, matches, validates and writes skill folders; never executes anything."""
