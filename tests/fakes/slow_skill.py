"""A skill "slow" that takes as long as it is told: until `src/go-on` is in its workspace, whose text it then says."""

from pathlib import Path

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


def add_slow_skill(config: Path) -> None:
    """Put it among the owner's skills of a configuration folder."""
    folder = config / "skills" / "slow"
    (folder / "scripts").mkdir(parents=True)
    (folder / "SKILL.md").write_text(SKILL)
    (folder / "scripts" / "slow.py").write_text(SCRIPT)
