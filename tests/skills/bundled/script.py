"""Runs a bundled skill's script as the sandbox does: its own process, its own folder, few variables, 1 GiB."""

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from pypdf import PdfReader

ROOT = Path(__file__).parents[3]
BUNDLED = ROOT / "skills" / "bundled"
NOW = 1_795_673_333  # 26 Nov 2026, 06:08 UTC
GIBIBYTE = 1 << 30
_INTERPRETERS = {".py": (sys.executable, "-W", "error"), ".mjs": ("node",), ".sh": ("bash",)}


@dataclass(frozen=True)
class Ended:
    """How a script ended, and what it said."""

    status: int
    summary: str
    errors: str
    progress: tuple[int, ...]


class Desk:
    """A workspace with `input/` and `output/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "input").mkdir(parents=True)

    def put(self, name: str, data: bytes) -> str:
        """Attach a file; gives the value of its slot."""
        (self.folder / "input" / name).write_bytes(data)
        return f"input/{name}"

    def run(self, skill: str, *arguments: str | bytes) -> Ended:
        """Run the skill's script by its ending; warnings are errors."""
        script = entry(skill)
        program, *options = _INTERPRETERS[script.suffix]
        done = subprocess.run(
            [shutil.which(program) or program, *options, str(script), *arguments],
            cwd=self.folder,
            env={
                "PATH": "/usr/bin:/bin",
                "AGENT_NOW": str(NOW),
                "AGENT_SEED": "7",
                "TZ": "UTC",
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            check=False,
            preexec_fn=_limit if script.suffix == ".py" else _limit_data,
        )
        lines = done.stderr.decode().splitlines()
        told = [line.split(" ", 2) for line in lines if line.startswith("::progress ")]
        errors = "\n".join(line for line in lines if not line.startswith("::progress "))
        return Ended(done.returncode, done.stdout.decode(), errors, tuple(int(parts[1]) for parts in told))

    def results(self) -> dict[str, bytes]:
        """Give the names and bytes of what was written."""
        folder = self.folder / "output"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.exists() else {}

    def pdf(self) -> Path:
        """Give the only PDF that was written."""
        (found,) = (self.folder / "output").glob("*.pdf")
        return found


def entry(skill: str) -> Path:
    """Give the script of a skill."""
    (found,) = (BUNDLED / skill / "scripts").glob("report.*")
    return found


def pages(pdf: Path) -> list[str]:
    """Give the text of each page."""
    return [page.extract_text() for page in PdfReader(pdf).pages]


def text(pdf: Path) -> str:
    """Give all text with single spaces, as breaks within lines say nothing; break opportunities are left out."""
    return " ".join("\n".join(pages(pdf)).replace("\u200b", "").replace("\u00a0", " ").split())


def laid_out(pdf: Path) -> str:
    """Give the text as another reader (poppler) sees it."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\u200b", "")


def load(skill: str, module: str) -> ModuleType:
    """Load a module of a skill that needs no other of its folder."""
    path = BUNDLED / skill / "scripts" / f"{module}.py"
    spec = spec_from_file_location(f"{skill}.{module}".replace("-", "_"), path)
    assert spec is not None and spec.loader is not None
    loaded = module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (GIBIBYTE, GIBIBYTE))
    os.umask(0o077)


def _limit_data() -> None:
    """Limit as the sandbox does; node reserves more addresses than it uses."""
    resource.setrlimit(resource.RLIMIT_DATA, (GIBIBYTE, GIBIBYTE))
    os.umask(0o077)
