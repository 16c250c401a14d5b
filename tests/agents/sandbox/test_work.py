"""Ordinary work goes on as if there were no sandbox."""

import shutil

import pytest

from agents.sandbox.bubblewrap import Bubblewrap
from daemon.domain.sandbox import Command
from tests.agents.sandbox.conftest import Ground, Runs

THREADS = """
import threading
found = []
workers = [threading.Thread(target=found.append, args=(n,)) for n in range(20)]
for worker in workers: worker.start()
for worker in workers: worker.join()
print(sorted(found) == list(range(20)))"""
SUBPROCESS = """
import subprocess
print(subprocess.run(['cat'], input='True', capture_output=True, text=True).stdout)"""
ASYNCIO = """
import asyncio
async def main():
    process = await asyncio.create_subprocess_exec('cat', stdin=-1, stdout=-1)
    out, _ = await process.communicate(b'True')
    print(await asyncio.to_thread(out.decode))
asyncio.run(main())"""
POOL = """
from multiprocessing import Pool
def square(n): return n * n
if __name__ == '__main__':
    with Pool(4) as pool:
        print(pool.map(square, range(5)) == [0, 1, 4, 9, 16])"""
EXECUTOR = """
from concurrent.futures import ProcessPoolExecutor
if __name__ == '__main__':
    with ProcessPoolExecutor(2) as pool:
        print(list(pool.map(abs, [-1, -2])) == [1, 2])"""
SHARED = """
from multiprocessing import shared_memory
block = shared_memory.SharedMemory(create=True, size=1000)
block.buf[0] = 7
print(block.buf[0] == 7)
block.close(); block.unlink()"""
SQLITE = """
import sqlite3
with sqlite3.connect('work.db') as db:
    db.execute('pragma journal_mode=wal'); db.execute('create table t (n)'); db.execute('insert into t values (1)')
print(sqlite3.connect('work.db').execute('select count(*) from t').fetchone() == (1,))"""
TERMINAL = """
import os, pty
read = []
def take(fd):
    piece = os.read(fd, 100); read.append(piece); return piece
status = pty.spawn(['tty'], take)
print(status == 0)"""
FILES = """
import os, pathlib, shutil, tempfile
with tempfile.NamedTemporaryFile() as file: file.write(b'x')
pathlib.Path('~/note').expanduser().write_text('x')
pathlib.Path('tree/branch').mkdir(parents=True); pathlib.Path('tree/branch/leaf').touch()
os.symlink('branch', 'tree/link'); os.chmod('tree/branch/leaf', 0o750); os.utime('tree/branch/leaf')
shutil.copytree('tree', 'copy', symlinks=True); shutil.move('copy', 'moved'); shutil.rmtree('tree')
print(os.path.islink('moved/link'))"""
WHO = """
import getpass, locale, os, pathlib, socket, time
print((os.getuid(), getpass.getuser(), str(pathlib.Path.home()), socket.gethostname(), locale.getpreferredencoding())
      == (1000, 'agent', '/tmp/home', 'agent', 'utf-8') or (os.getuid(), getpass.getuser(), socket.gethostname()))"""


@pytest.mark.parametrize(
    "code",
    [THREADS, SUBPROCESS, ASYNCIO, POOL, EXECUTOR, SHARED, SQLITE, FILES, WHO],
    ids=["threads", "subprocess", "asyncio", "pool", "executor", "shared memory", "sqlite", "files", "who"],
)
async def test_python_works(code: str, run: Runs, ground: Ground) -> None:
    (ground.workspace / "program.py").write_text(code)
    completed = await run(["python3", "program.py"])
    assert completed.stdout == b"True\n", completed


async def test_a_terminal_of_its_own_works(run: Runs) -> None:
    completed = await run(["python3", "-c", TERMINAL])
    assert completed.stdout.splitlines()[-1] == b"True", completed
    assert b"/dev/pts/0" in completed.stdout


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("seq 100 | sort -rn | head -1 | tee result", "100"),
        ("cat <(echo one) <(echo two) | paste -sd+", "one+two"),
        ("printf '%s\n' b a | sort | tr -d '\n'; wait", "ab"),
        ("(sleep 0.01; echo late) & wait $!; [ -r /etc/ssl/certs ] && date +%Z >/dev/null", "late"),
        ("umask; ulimit -c; [ -w /tmp ] && [ -w $HOME ] && [ ! -w /usr ] && echo ok", "0022\n0\nok"),
    ],
)
async def test_bash_works(code: str, expected: str, run: Runs) -> None:
    completed = await run(["bash", "-c", code])
    assert completed.stdout.decode().strip() == expected, completed


async def test_git_works_in_the_workspace(run: Runs, ground: Ground) -> None:
    code = """
set -e
git init -q . && git config user.email a@b && git config user.name a
echo text > file && git add file && git commit -qm first
git checkout -q -b branch && git mv file other && git commit -qam second && git gc -q && git log --oneline | wc -l
"""
    completed = await run(["bash", "-c", code])
    assert completed.stdout.split() == [b"2"], completed
    assert (ground.workspace / ".git" / "HEAD").read_text() == "ref: refs/heads/branch\n"


@pytest.mark.skipif(shutil.which("node", path="/usr/bin:/usr/local/bin") is None, reason="no node on this machine")
async def test_node_works(run: Runs) -> None:
    code = """
const { execFileSync } = require('child_process'), { Worker, isMainThread } = require('worker_threads');
new Worker("require('worker_threads').parentPort.postMessage(6)", { eval: true })
  .on('message', n => console.log(n * Number(execFileSync('echo', ['7']))));
"""
    completed = await run(["node", "-e", code])
    assert completed.stdout == b"42\n", completed


async def test_the_interpreter_is_the_agents_own_with_its_libraries(sandbox: Bubblewrap, ground: Ground) -> None:
    code = """
import numpy, typst
numpy.save('sum.npy', numpy.arange(4).sum())
open('report.typ', 'w').write('= Report')
typst.compile('report.typ', output='report.pdf')
"""
    completed = await sandbox.run(Command(("python3", "-c", code)), ground.box)
    assert completed.status == 0, completed
    assert (ground.workspace / "sum.npy").read_bytes().startswith(b"\x93NUMPY")
    assert (ground.workspace / "report.pdf").read_bytes().startswith(b"%PDF")


async def test_what_is_written_belongs_to_us(sandbox: Bubblewrap, ground: Ground) -> None:
    await sandbox.run(Command(("touch", "mine")), ground.box)
    mine = (ground.workspace / "mine").stat()
    assert mine.st_uid == ground.top.stat().st_uid


async def test_nothing_stays_in_the_workspace_but_what_was_written(sandbox: Bubblewrap, ground: Ground) -> None:
    await sandbox.run(Command(("python3", "-c", "import json")), ground.box)
    assert list(ground.workspace.iterdir()) == []
