"""The frame of a skill's script: its arguments, its clock, its progress, and errors that a person can act on."""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from skills.report.visible import visible

EXIT_PROBLEM = 1


class Unusable(Exception):
    """What was given cannot be used: says what happened and why, and what to do next."""

    def __init__(self, message: str, fix: str) -> None:
        """Say what happened and why in `message`, and what to do next in `fix`."""
        super().__init__(message)
        self.message = message
        self.fix = fix


def slots(description: str, *names: str) -> dict[str, str]:
    """Read `--name value` pairs from the command line; a name that is not given is an empty text."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    for name in names:
        parser.add_argument(f"--{name}", default="")
    return {key: str(value) for key, value in vars(parser.parse_args()).items()}


def workspace_file(value: str) -> Path:
    """Find an attached file by the value of its slot; raises Unusable where it is none or lies elsewhere."""
    shown = visible(value)
    if not value:
        raise Unusable("No file was given.", "Attach a file, or name one that is in the input folder.")
    parts = PurePosixPath(value.replace("\0", "")).parts
    if value.startswith("/") or ".." in parts or "\0" in value:
        raise Unusable(f"“{shown}” is not in the workspace.", "Attach the file, and name it without a path.")
    path = Path(value)
    if not path.is_file():
        why = "is a folder" if path.is_dir() else "is no regular file" if path.exists() else "does not exist"
        raise Unusable(f"“{shown}” {why}, so it cannot be read.", "Attach the file that is meant.")
    return path


def now() -> int:
    """Give the time that the run was given (AGENT_NOW, seconds since the epoch), so that results are repeatable."""
    return int(float(os.environ.get("AGENT_NOW") or time.time()))


def seed() -> int:
    """Give the run's seed (AGENT_SEED, 0 without one) for whatever is drawn at random."""
    digits = re.sub(r"\D", "", os.environ.get("AGENT_SEED", ""))
    return int(digits or 0) % 2**32


def progress(percent: float, text: str) -> None:
    """Tell whoever waits how far the work is, `percent` of 100."""
    sys.stderr.write(f"::progress {max(0, min(100, round(percent)))} {visible(text)}\n")
    sys.stderr.flush()


def result_path(stem: str, ending: str) -> Path:
    """Give the path of a result in the output folder, which is made; `stem` is made a safe file name."""
    folder = Path("output")
    folder.mkdir(exist_ok=True)
    return folder / f"{safe_name(stem)}{ending}"


def safe_name(text: str) -> str:
    """Give `text` as a file name that every system takes: no separators, controls or leading dots, 120 bytes."""
    name = re.sub(r'[\\/:*?"<>|\s]+', " ", visible(text.replace("\n", " "))).strip(" .-")
    return name.encode("utf-8", "replace")[:120].decode("utf-8", "ignore").strip() or "unnamed"


def run(main: Callable[[], str]) -> None:
    """Run `main`, print the summary it returns, and end the process; errors end it with words, not a traceback."""
    try:
        summary = main()
    except Unusable as problem:
        _fail(problem.message, problem.fix)
    except MemoryError:
        _fail("The memory of this run was not enough.", "Give it a smaller file, or a higher limit.")
    except OSError as problem:
        reason = problem.strerror or str(problem)
        name = f" ({visible(str(problem.filename))})" if problem.filename else ""
        _fail(f"A file could not be read or written: {reason}{name}.", "Check that it can be read; try again.")
    except Exception as problem:  # noqa: BLE001 - the edge of the process: the owner reads what is printed
        what = f"{type(problem).__name__}: {visible(str(problem))[:500]}"
        _fail(f"The script met something that it does not know ({what}).", "Please report it with the file.")
    else:
        sys.stdout.buffer.write((summary.rstrip("\n") + "\n").encode("utf-8", "replace"))
        sys.stdout.flush()


def _fail(message: str, fix: str) -> None:
    sys.stderr.buffer.write(f"{message}\n{fix}\n".encode("utf-8", "replace"))
    sys.stderr.flush()
    sys.exit(EXIT_PROBLEM)
