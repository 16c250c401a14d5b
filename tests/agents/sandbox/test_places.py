"""Which folders a command sees, and which never."""

import os
import subprocess
from pathlib import Path

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from agents.sandbox.places import HOME
from agents.sandbox.secrets import WELL_KNOWN, find_secrets, is_secret
from daemon.domain.errors import BadInput
from daemon.domain.sandbox import Box, Command, Completed
from daemon.domain.task import Folder
from tests.agents.sandbox.conftest import Ground, Runs


async def test_a_folder_is_seen_at_its_own_place_and_only_read(run: Runs, ground: Ground) -> None:
    shown = Folder(str(ground.home))
    completed = await run(["bash", "-c", f"cat {ground.home}/token; touch {ground.home}/new"], [shown])
    assert completed.stdout == b"SESAME-home"
    assert b"Read-only file system" in completed.stderr
    assert not (ground.home / "new").exists()


async def test_a_writable_folder_is_written_to(run: Runs, ground: Ground) -> None:
    completed = await run(["touch", f"{ground.open}/new"], [Folder(str(ground.open), writable=True)])
    assert completed.status == 0
    assert (ground.open / "new").exists()


async def test_the_neighbours_of_a_folder_are_not_seen(run: Runs, ground: Ground) -> None:
    completed = await run(["ls", str(ground.top)], [Folder(str(ground.open))])
    assert completed.stdout == b"open\n"


async def test_an_inner_folder_may_be_writable_in_one_that_is_not(run: Runs, ground: Ground) -> None:
    folders = [Folder(str(ground.open), writable=True), Folder(str(ground.top))]
    completed = await run(["touch", f"{ground.open}/new", f"{ground.home}/new"], folders)
    assert b"home/new" in completed.stderr
    assert b"open/new" not in completed.stderr


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/proc", "/proc/self", "/sys", "/dev", "/dev/pts", "/etc", "/etc/ssl", "/usr", "/usr/share", "/boot"),
        *("/run", "/bin", "/lib", HOME, "/work", "relative", "/no/such/folder", "/etc/passwd", "/a\0b"),
    ],
)
async def test_a_folder_of_the_system_is_refused(path: str, sandbox: Bubblewrap, ground: Ground) -> None:
    with pytest.raises(BadInput) as refused:
        await sandbox.run(Command(("true",)), Box(ground.workspace, folders=(Folder(path),)))
    assert refused.value.fix


@pytest.mark.parametrize("inner", [".", "runs"])
async def test_the_state_folder_is_refused(inner: str, sandbox: Bubblewrap, ground: Ground) -> None:
    (ground.state / "runs").mkdir()
    with pytest.raises(BadInput, match="secrets"):
        await sandbox.run(Command(("true",)), Box(ground.workspace, folders=(Folder(str(ground.state / inner)),)))


async def test_a_folder_by_a_link_is_refused(sandbox: Bubblewrap, ground: Ground) -> None:
    (ground.top / "link").symlink_to(ground.home)
    with pytest.raises(BadInput, match="by a link"):
        await sandbox.run(Command(("true",)), Box(ground.workspace, folders=(Folder(str(ground.top / "link")),)))


async def test_a_folder_where_the_command_could_put_a_link_is_refused(sandbox: Bubblewrap, ground: Ground) -> None:
    (ground.open / "inner").mkdir()
    (ground.workspace / "inner").mkdir()
    outer = Folder(str(ground.open), writable=True)
    for path, others in ((ground.open / "inner", [outer]), (ground.workspace / "inner", [])):
        with pytest.raises(BadInput, match="may write to"):
            await sandbox.run(Command(("true",)), Box(ground.workspace, folders=(Folder(str(path)), *others)))


@pytest.mark.parametrize("writable", [False, True])
async def test_the_state_folder_within_a_folder_is_empty(writable: bool, run: Runs, ground: Ground) -> None:
    code = f"ls -A {ground.state}; cat {ground.home}/token; touch {ground.state}/new; mv {ground.state} {ground.open}/x"
    completed = await run(["bash", "-c", code], [Folder(str(ground.top), writable)])
    assert completed.stdout == b"SESAME-home"
    assert sorted(path.name for path in ground.state.iterdir()) == ["token"]


@pytest.mark.parametrize("name", ["/".join(name) for name in WELL_KNOWN])
def test_every_well_known_secret_is_found(name: str, tmp_path: Path) -> None:
    (tmp_path / "user" / name).mkdir(parents=True)
    expected = (tmp_path / "user" / name,)
    assert find_secrets(tmp_path / "user", ()) == expected, "in a home folder"
    assert find_secrets(tmp_path, ()) == expected, "in the folder of home folders"
    assert is_secret(tmp_path / "user" / name / "inner")
    assert not is_secret(tmp_path / "user")


def test_a_secret_is_found_from_the_middle_of_a_home_folder(tmp_path: Path) -> None:
    (tmp_path / ".config" / "gh").mkdir(parents=True)
    assert find_secrets(tmp_path / ".config", ()) == (tmp_path / ".config" / "gh",)


def test_a_secret_is_found_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "dotfiles" / "ssh").mkdir(parents=True)
    (tmp_path / ".ssh").symlink_to("dotfiles/ssh")
    assert find_secrets(tmp_path, ()) == (tmp_path / "dotfiles" / "ssh",)


@pytest.fixture
def home(ground: Ground) -> Path:
    (ground.home / ".ssh").mkdir()
    (ground.home / ".ssh" / "id_ed25519").write_text("SESAME")
    (ground.home / ".config" / "gh").mkdir(parents=True)
    for path in (ground.home, ground.home / ".config"):
        path.chmod(0o777)  # so that the modes are not what holds
    (ground.home / ".config" / "gh" / "hosts.yml").write_text("SESAME")
    (ground.home / ".netrc").write_text("SESAME")
    return ground.home


def _everything(home: Path) -> list[str]:
    return ["grep", "-r", "-h", "", str(home)]


@pytest.mark.parametrize("writable", [False, True])
async def test_keys_within_a_folder_are_not_seen(writable: bool, run: Runs, home: Path) -> None:
    completed = await run(_everything(home), [Folder(str(home), writable)])
    assert completed.stdout == b"SESAME-home\n"


def test_outside_the_keys_would_be_seen(home: Path) -> None:
    seen = subprocess.run(_everything(home), capture_output=True, check=True).stdout
    assert seen.splitlines().count(b"SESAME") == 3


async def test_a_place_of_keys_is_refused_as_a_folder(sandbox: Bubblewrap, ground: Ground, home: Path) -> None:
    for path in (home / ".ssh", home / ".config" / "gh"):
        with pytest.raises(BadInput, match="secrets"):
            await sandbox.run(Command(("true",)), Box(ground.workspace, folders=(Folder(str(path)),)))


async def test_keys_cannot_be_moved_to_where_the_next_command_sees_them(run: Runs, home: Path) -> None:
    shown = [Folder(str(home), writable=True)]
    for name in (".config", ".ssh", ".netrc"):
        completed = await run(["mv", f"{home}/{name}", f"{home}/moved{name}"], shown)
        assert b"busy" in completed.stderr, name
    completed = await run(_everything(home), shown)
    assert b"SESAME" not in completed.stdout.splitlines()


async def test_what_may_be_moved_shows_that_the_keys_are_held(run: Runs, home: Path) -> None:
    assert (await run(["mkdir", f"{home}/a"], [Folder(str(home), writable=True)])).status == 0
    assert (await run(["mv", f"{home}/a", f"{home}/b"], [Folder(str(home), writable=True)])).status == 0


async def mounted(sandbox: Bubblewrap, ground: Ground, place: str, source: Path) -> Completed:
    return await sandbox.run(Command(("cat", f"{place}/token")), Box(ground.workspace, mounts={place: source}))


async def test_a_mount_is_read_where_it_is_put(sandbox: Bubblewrap, ground: Ground) -> None:
    assert (await mounted(sandbox, ground, "/skill", ground.home)).stdout == b"SESAME-home"
    written = await sandbox.run(Command(("touch", "/skill/new")), Box(ground.workspace, mounts={"/skill": ground.home}))
    assert b"Read-only" in written.stderr


@pytest.mark.parametrize(
    "place", ["/", "/etc", "/usr/x", "/work", "/work/input", "/proc/x", "/dev/x", "x", "/a/../etc", "//a", "/a\0b"]
)
async def test_a_mount_elsewhere_is_refused(place: str, sandbox: Bubblewrap, ground: Ground) -> None:
    with pytest.raises(BadInput):
        await mounted(sandbox, ground, place, ground.home)


async def test_a_mount_of_the_state_folder_is_refused_but_not_of_a_folder_in_it(
    sandbox: Bubblewrap, ground: Ground
) -> None:
    for source in (ground.state, ground.top, Path("/proc"), Path("/etc")):
        with pytest.raises(BadInput):
            await mounted(sandbox, ground, "/skill", source)
    (ground.state / "skill").mkdir()
    (ground.state / "skill" / "token").write_text("given")
    assert (await mounted(sandbox, ground, "/skill", ground.state / "skill")).stdout == b"given"


@pytest.mark.parametrize("cwd", ["..", "a/../..", "/", "/etc", "/work", "link", "deep/link", "none", "file", "a\0b"])
async def test_a_working_folder_that_leaves_the_workspace_is_refused(
    cwd: str, sandbox: Bubblewrap, ground: Ground
) -> None:
    (ground.workspace / "deep").mkdir()
    (ground.workspace / "link").symlink_to("/etc")
    (ground.workspace / "deep" / "link").symlink_to("../..")
    (ground.workspace / "file").touch()
    with pytest.raises(BadInput):
        await sandbox.run(Command(("pwd",), cwd=cwd), ground.box)


@pytest.mark.parametrize(("cwd", "place"), [(".", "/work"), ("deep", "/work/deep"), ("deep/er", "/work/deep/er")])
async def test_a_working_folder_is_below_work(cwd: str, place: str, sandbox: Bubblewrap, ground: Ground) -> None:
    (ground.workspace / "deep" / "er").mkdir(parents=True)
    assert (await sandbox.run(Command(("pwd",), cwd=cwd), ground.box)).stdout.decode() == f"{place}\n"


@pytest.mark.parametrize("path", ["/", "/etc", "/usr", "/usr/local", "/root", "/proc/self", "/no/such", "/etc/passwd"])
async def test_a_workspace_that_shows_more_than_a_workspace_is_refused(
    path: str, sandbox: Bubblewrap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/root")
    with pytest.raises(BadInput):
        await sandbox.run(Command(("true",)), Box(Path(path)))


async def test_a_workspace_holds_no_state_but_may_lie_in_it(sandbox: Bubblewrap, ground: Ground) -> None:
    for path in (ground.state, ground.top):
        with pytest.raises(BadInput, match="cannot be a workspace"):
            await sandbox.run(Command(("true",)), Box(path))
    inner = ground.state / "run-1"
    inner.mkdir()
    completed = await sandbox.run(Command(("ls", "-A", "..", ".")), Box(inner))
    assert b"token" not in completed.stdout


async def test_names_may_be_odd(sandbox: Bubblewrap, ground: Ground) -> None:
    odd = ground.workspace / "-a b\nc ü\u202e"
    odd.mkdir()
    (odd / os.fsdecode(b"\xff")).write_text("x")
    completed = await sandbox.run(Command(("ls",), cwd=odd.name), Box(odd.parent))
    assert completed.stdout == b"\xff\n"
    assert (await sandbox.run(Command(("ls",)), Box(odd))).stdout == b"\xff\n"
