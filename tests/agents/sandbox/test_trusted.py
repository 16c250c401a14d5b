"""What programs outside would act on is only read, or put out of action, in a folder of the owner's."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.trusted import NAMES, trusted_in
from daemon.domain.sandbox import Box, Command, Completed
from daemon.domain.task import Folder
from tests.agents.sandbox.conftest import Ground, Runs

HOOK = "#!/bin/sh\necho GOT\n"


@pytest.fixture
def repository(ground: Ground) -> Path:
    """Make a repository of the owner's, in a folder within the one that is given to the command."""
    path = ground.open / "project"
    subprocess.run(["git", "init", "-q", str(path)], check=True)
    for name in ("user.name", "user.email"):
        subprocess.run(["git", "-C", str(path), "config", name, "a@b"], check=True)
    (path / "file").write_text("text")
    (path / ".envrc").write_text("owner")
    (path / ".vscode").mkdir()
    (path / ".vscode" / "tasks.json").write_text("owner")
    for each in (ground.open, *ground.open.rglob("*")):
        each.chmod(each.stat().st_mode | 0o666 | (0o111 if each.is_dir() else 0))  # modes must not be what holds
    return path


def shown(ground: Ground) -> list[Folder]:
    return [Folder(str(ground.open), writable=True)]


async def bash(run: Runs, ground: Ground, code: str) -> Completed:
    return await run(["bash", "-c", code], shown(ground))


CHANGES = {
    "a hook": "echo x > .git/hooks/pre-commit",
    "the configuration": "git config core.fsmonitor ./evil || echo x >> .git/config",
    "the configuration in place": "echo x >> .git/config",
    "the configuration by a new file": "echo x > new; mv new .git/config",
    "the hooks in another place": "mv .git/hooks .git/old && mkdir .git/hooks && echo x > .git/hooks/pre-commit",
    "the repository in another place": "mv .git old && cp -r old .git && echo x > .git/hooks/pre-commit",
    "the project in another place": "cd .. && mv project old && mkdir -p project/.vscode",
    "an editor's tasks": "echo x > .vscode/tasks.json",
    "a new task of the editor": "echo x > .vscode/launch.json",
    "the editor's folder": "rm -rf .vscode; mkdir .vscode",
    "the environment": "echo x > .envrc",
    "the environment by a link": "ln -sf /work/evil .envrc",
}


def state(repository: Path) -> dict[str, bytes]:
    found = [repository / ".envrc", *(repository / ".vscode").iterdir(), *(repository / ".git/hooks").iterdir()]
    return {str(path): path.read_bytes() for path in [*found, repository / ".git/config"]}


@pytest.mark.parametrize("name", CHANGES)
async def test_what_is_there_stays_as_it_is(name: str, run: Runs, ground: Ground, repository: Path) -> None:
    before = state(repository)
    await bash(run, ground, f"cd {repository}; {CHANGES[name]}")
    assert state(repository) == before


@pytest.mark.parametrize("name", CHANGES)
def test_outside_it_would_be_changed(name: str, repository: Path) -> None:
    before = state(repository)
    subprocess.run(["bash", "-c", CHANGES[name]], cwd=repository, check=False, capture_output=True)
    assert not (repository / ".envrc").exists() or state(repository) != before


async def test_work_in_the_repository_goes_on(run: Runs, ground: Ground, repository: Path) -> None:
    safe = "export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'"
    code = f"{safe}; cd {repository} && git add file && git commit -qm first && git checkout -qb other && echo x > more"
    completed = await bash(run, ground, code)
    assert completed.status == 0, completed
    assert (repository / ".git/refs/heads/other").exists()


@pytest.mark.parametrize(
    "name", [".vscode/tasks.json", ".envrc", ".mcp.json", ".claude/settings.json", ".bashrc", ".hg/hgrc"]
)
async def test_what_is_new_is_put_out_of_action_and_that_is_said(name: str, run: Runs, ground: Ground) -> None:
    (ground.open / "deep").mkdir(mode=0o777)
    (ground.open / "deep").chmod(0o777)
    path = ground.open / "deep" / "er" / name
    completed = await bash(run, ground, f"mkdir -p {path.parent}; echo x > {path}")
    assert not path.exists()
    top = name.split("/", maxsplit=1)[0]
    assert f"{top}.made-in-sandbox" in completed.stderr.decode()
    away = ground.open / "deep" / "er" / f"{top}.made-in-sandbox"
    assert (away if away.is_file() else away / Path(name).name).read_text() == "x\n", "nothing is lost"


async def test_a_link_in_such_a_place_is_put_out_of_action(run: Runs, ground: Ground) -> None:
    await bash(run, ground, f"cd {ground.open}; mkdir evil; ln -s evil .vscode; ln -s /work/x .envrc")
    names = {path.name for path in ground.open.iterdir()}
    assert names == {"evil", ".vscode.made-in-sandbox", ".envrc.made-in-sandbox"}


async def test_what_a_link_of_the_owners_leads_to_is_only_read(run: Runs, ground: Ground) -> None:
    (ground.open / "shared").write_text("owner")
    (ground.open / "shared").chmod(0o666)
    (ground.open / ".envrc").symlink_to("shared")
    (ground.open / ".bashrc").symlink_to("not-there-yet")
    completed = await bash(run, ground, f"cd {ground.open}; echo x > .envrc; echo x > shared; echo x > not-there-yet")
    assert (ground.open / "shared").read_text() == "owner"
    assert b".bashrc is called .bashrc.made-in-sandbox" in completed.stderr


async def test_a_new_repository_works_but_starts_nothing(run: Runs, ground: Ground) -> None:
    init = f"cd {ground.open}; git init -q new; cd new"
    assert b"made-in-sandbox" not in (await bash(run, ground, init)).stderr
    assert (ground.open / "new/.git/config").exists()
    await bash(run, ground, f"{init}; echo x > .git/hooks/pre-commit; git config core.fsmonitor ./evil")
    assert b"fsmonitor" not in (ground.open / "new/.git/config").read_bytes()
    assert not (ground.open / "new/.git/hooks/pre-commit").exists()


@pytest.mark.parametrize("bare", [False, True])
async def test_a_hostile_repository_starts_nothing(bare: bool, run: Runs, ground: Ground) -> None:
    where = "x" if bare else "x/.git"
    code = f"""cd {ground.open}; git init -q {"--bare" if bare else ""} x; printf '{HOOK}' > {where}/hooks/post-checkout
chmod +x {where}/hooks/post-checkout; git --git-dir={where} config core.fsmonitor 'echo GOT'"""
    await bash(run, ground, code)
    assert not (ground.open / where / "hooks").exists()
    assert not (ground.open / where / "config").exists()
    assert (ground.open / where / "hooks.made-in-sandbox").is_dir()


async def test_a_cancelled_command_is_cleared_up_after(ground: Ground, sandbox: Bubblewrap) -> None:
    begun = asyncio.Event()
    box = Box(ground.workspace, folders=tuple(shown(ground)))
    code = f"echo x > {ground.open}/.envrc; echo x; sleep 600"
    running = asyncio.create_task(sandbox.run(Command(("bash", "-c", code)), box, lambda name, piece: begun.set()))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not (ground.open / ".envrc").exists()


async def test_what_was_there_before_is_not_touched_by_the_clearing(run: Runs, ground: Ground) -> None:
    (ground.open / ".vscode").mkdir()
    (ground.open / ".envrc").symlink_to("elsewhere")
    assert b"made-in" not in (await bash(run, ground, "true")).stderr
    assert sorted(path.name for path in ground.open.iterdir()) == [".envrc", ".vscode"]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_is_found_wherever_it_lies(name: str, tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b" / name).touch()
    assert tuple(trusted_in(tmp_path)) == (tmp_path / "a/b" / name,)
