"""A skill "slow" that takes as long as it is told: until `src/go-on` is in its workspace, whose text it then says."""

SKILL = """---
name: slow
description: Takes as long as it is told
metadata:
  entry: scripts/slow.py
  triggers: slow work
---
"""
SCRIPT = """import os, time
open("src/began", "w").close()
while not os.path.exists("src/go-on"):
    time.sleep(0.02)
print(open("src/go-on").read() or "slept well")
"""
