"""`python`: an interpreter that keeps its names, and shows what is worth seeing."""

import asyncio
import json

import pytest
from PIL import Image

from agents.tools.python import python
from daemon.domain.effect import Effect
from tests.agents.sandbox.test_endings import alive, until
from tests.agents.tools.conftest import Interpreter

RESTARTED = "restarted: variables are lost, files are kept"
SLEEP = "await asyncio.sleep(600)\n    later.append(1)"
PYPLOT = """
opened = {}
class Figure:
    def __init__(self, number): self.number = number
    def savefig(self, path, dpi, bbox_inches): open(path, 'w').write(f'figure {self.number} at {dpi}')
def figure(number): return opened.setdefault(number, Figure(number))
def get_fignums(): return sorted(opened)
def close(which):
    if which == 'all': opened.clear()
    else: opened.pop(which.number)
"""
"""Those functions of matplotlib that are used, as its documentation has them."""


async def test_names_stay_and_the_last_value_is_shown(run: Interpreter) -> None:
    first = await run("import math\ndef area(r):\n    return math.pi * r ** 2\nr = 2")
    assert (first.text, first.failed, first.fresh) == ("done, nothing to show", False, True)
    second = await run("print('so')\nround(area(r), 2)")
    assert (second.text, second.failed, second.fresh) == ("so\n12.57", False, False)
    assert (await run("_ + 1")).text == "13.57"
    assert (await run("r;")).text == "done, nothing to show"


async def test_the_workspace_is_where_it_works(run: Interpreter) -> None:
    (run.room.work / "input" / "a.txt").write_text("hello")
    assert (await run("open('input/a.txt').read()")).text == "'hello'"
    await run("open('output/b.txt', 'w').write('made')")
    assert (run.room.work / "output" / "b.txt").read_text() == "made"


async def test_an_error_shows_the_code_alone_and_the_names_stay(run: Interpreter) -> None:
    outcome = await run("x = 1\ndef f():\n    return 1 / 0\nf()")
    assert outcome.failed
    assert outcome.text.startswith('File "<python-1>", line 4')
    assert "return 1 / 0" in outcome.text
    assert "line 3, in f" in outcome.text
    assert "ZeroDivisionError: division by zero" in outcome.text
    assert "cell.py" not in outcome.text
    assert "\n    1 + y\n        ^\nNameError" in (await run("1 + y")).text
    assert "SyntaxError" in (await run("x = = 1")).text
    assert (await run("x")).text == "1"


async def test_await_stands_at_the_top(run: Interpreter) -> None:
    code = "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 7\nawait f()"
    assert (await run(code)).text == "7"


async def test_output_of_programs_stands_in_its_order(run: Interpreter) -> None:
    code = "import os, sys\nprint('a')\nos.system('echo b')\nprint('c', file=sys.stderr)\nsys.stdout.write('d')"
    assert (await run(code)).text == "a\nb\nc\nd1"


async def test_containers_are_laid_out_and_long_ones_clipped(run: Interpreter) -> None:
    assert len((await run("{n: list(range(30)) for n in range(5)}")).text.splitlines()) > 3
    assert (await run("list(range(5_000_000))")).text.endswith("98, 99, … 4,999,900 more]")
    assert "… 900 more: …}" in (await run("{n: n for n in range(1000)}")).text
    assert (await run("['x' * 10_000]")).text.endswith("x'… 9,000 more]")
    assert (await run("itself = [1]\nitself.append(itself)\nitself")).text == "[1, [1, [1, [1, [1, [1, …]]]]]]"


async def test_long_output_is_kept_whole_in_a_file(run: Interpreter) -> None:
    outcome = await run("for n in range(20_000): print(n)")
    assert len(outcome.text) < 6_300
    assert outcome.text.endswith("\n19999")
    assert (run.room.work / "research" / "python-1.txt").read_text().splitlines()[-1] == "19999"


async def test_pictures_become_files(run: Interpreter) -> None:
    code = """
class Picture:
    def _repr_png_(self): return b'\\x89PNG'
class Drawing:
    def _repr_svg_(self): return '<svg/>'
class Broken:
    def _repr_png_(self): raise RuntimeError
    def __repr__(self): return 'broken'
class Formula:
    def _repr_markdown_(self): return '**x**'
    def _repr_html_(self): return '<b>x</b>'
class Page:
    def _repr_html_(self): return '<b>page</b>'
import os
os.chdir('/tmp')
display(Picture(), Broken(), Formula(), Page())
Drawing()
"""
    assert (await run(code)).text.splitlines() == [
        "[picture: research/python-1-1.png]",
        "broken",
        "**x**",
        "[page: research/python-1-2.html]",
        "[picture: research/python-1-3.svg]",
    ]
    assert (run.room.work / "research" / "python-1-1.png").read_bytes() == b"\x89PNG"
    assert (run.room.work / "research" / "python-1-2.html").read_text() == "<b>page</b>"


async def test_an_image_of_pillow_becomes_a_file(run: Interpreter) -> None:
    outcome = await run("from PIL import Image\nImage.new('RGB', (3, 2), 'red')")
    assert outcome.text == "[picture: research/python-1-1.png]"
    with Image.open(run.room.work / "research" / "python-1-1.png") as image:
        assert (image.size, image.getpixel((0, 0))) == ((3, 2), (255, 0, 0))


async def test_open_figures_are_written_and_closed(run: Interpreter) -> None:
    (run.room.work / "matplotlib").mkdir()
    (run.room.work / "matplotlib" / "__init__.py").touch()
    (run.room.work / "matplotlib" / "pyplot.py").write_text(PYPLOT)
    shown = await run("from matplotlib import pyplot as plt\nplt.figure(3)\nplt.figure(7)\n'drawn'")
    assert shown.text == "'drawn'\n[picture: research/python-1-1.png]\n[picture: research/python-1-2.png]"
    assert (run.room.work / "research" / "python-1-2.png").read_text() == "figure 7 at 150"
    assert (await run("plt.figure(1)")).text == "[picture: research/python-2-1.png]"
    assert (await run("plt.get_fignums()")).text == "[]"


async def test_a_table_is_shown_with_its_size(run: Interpreter) -> None:
    code = """
class Table:
    shape = (2, 1)
    def to_string(self, max_rows, max_cols): return 'a\\n1\\n2'
Table()
"""
    assert (await run(code)).text == "a\n1\n2\n[2 × 1]"


@pytest.mark.parametrize("code", ["exit()", "import sys; sys.exit(3)", "raise SystemExit"])
async def test_exit_ends_nothing(run: Interpreter, code: str) -> None:
    await run("x = 5")
    outcome = await run(code)
    assert outcome.failed
    assert "variables are kept" in outcome.text
    assert (await run("x")).text == "5"


async def test_the_address_of_an_object_is_left_out(run: Interpreter) -> None:
    outcome = await run("class Thing: pass\n[Thing()]")
    assert outcome.text == "[<__main__.Thing object at 0x…>]"


async def test_classes_of_the_code_can_be_pickled(run: Interpreter) -> None:
    code = "import pickle\nclass Point: x = 1\npickle.loads(pickle.dumps(Point())).x"
    assert (await run(code)).text == "1"
    pool = "from multiprocessing import Pool\ndef f(x): return x * 2\nwith Pool(2) as p: print(p.map(f, [1, 2]))"
    assert (await run(pool)).text == "[2, 4]"


async def test_files_of_the_workspace_can_be_imported_but_do_not_replace_what_the_interpreter_needs(
    run: Interpreter,
) -> None:
    for name in ("json", "ast", "random", "interpreter", "sitecustomize"):
        (run.room.work / f"{name}.py").write_text("raise SystemExit('replaced')")
    (run.room.work / "mine.py").write_text("x = 3")
    assert (await run("import mine\nmine.x")).text == "3"


async def test_input_says_why_it_cannot_be(run: Interpreter) -> None:
    outcome = await run("name = input('name? ')")
    assert outcome.failed
    assert "EOFError: nobody can type here; write the value into the code" in outcome.text


async def test_chance_is_the_same_in_each_interpreter_of_a_run(run: Interpreter) -> None:
    code = "import os, random\nrandom.random(), hash('a'), os.environ['AGENT_NOW']"
    first = await run(code)
    await run.held.close()
    assert (await run(code)).text == f"{RESTARTED}\n{first.text}"


async def test_after_its_seconds_code_is_interrupted_and_the_names_stay(run: Interpreter) -> None:
    await run("x = 5")
    outcome = await run("print('so far')\nwhile True: pass", seconds=1)
    assert outcome.failed
    assert outcome.text.startswith('so far\nstopped after 1 seconds; variables are kept\nFile "<python-2>", line 2')
    assert (await run("x")).text == "5"


@pytest.mark.parametrize(
    ("line", "how"),
    [("while True: pass", "await f()"), ("while True: pass", "asyncio.run(f())"), (SLEEP, "await f()")],
)
async def test_what_is_awaited_is_interrupted_too_and_does_not_go_on(run: Interpreter, line: str, how: str) -> None:
    code = f"import asyncio\nlater = []\nasync def f():\n    {line}\n{how}"
    assert "stopped after 1 seconds" in (await run(code, seconds=1)).text
    assert (await run("await asyncio.sleep(0, (later, len(asyncio.all_tasks())))")).text == "([], 1)"


async def test_code_that_will_not_stop_is_ended(run: Interpreter) -> None:
    code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    outcome = await run(code, seconds=1)
    assert outcome.failed
    assert "did not stop within 1 seconds" in outcome.text
    assert (await run("1")).text == f"{RESTARTED}\n1"


async def test_what_a_thread_prints_later_comes_with_the_next_answer(run: Interpreter) -> None:
    code = """
import threading
go, gone = threading.Event(), threading.Event()
def later():
    go.wait()
    print('later')
    gone.set()
threading.Thread(target=later, daemon=True).start()
print('now')
"""
    assert (await run(code)).text == "now"
    assert (await run("go.set()\ngone.wait()")).text == "later\nTrue"
    assert (await run("1")).text == "1"


async def test_a_cancelled_call_leaves_nothing_alive(run: Interpreter) -> None:
    mark = f"of {run.room.top.name}"
    code = f"import subprocess\nsubprocess.run(['bash', '-c', 'exec -a \"{mark}\" sleep 600'])"
    calling = asyncio.create_task(run(code))
    await until(lambda: len(alive(mark)) > 0)
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert alive(mark) == []
    assert (await run("1")).text == f"{RESTARTED}\n1"


async def test_between_two_calls_nothing_of_it_runs(run: Interpreter) -> None:
    code = """
import os, threading
def write():
    number = 0
    while True:
        number += 1
        with open('output/beat', 'w') as file: file.write(str(number))
        os.replace('output/beat', 'output/pulse')
threading.Thread(target=write, daemon=True).start()
while not os.path.exists('output/pulse'): pass
"""
    await run(code)
    pulse = run.room.work / "output" / "pulse"
    before = pulse.read_text()
    # Another sandbox works meanwhile: time in which a thread would have written.
    other = Interpreter(run.room)
    await other("sum(range(3_000_000))")
    await other.held.close()
    assert pulse.read_text() == before
    beat = "import time\nbefore = open('output/pulse').read()\nwhile open('output/pulse').read() == before: pass\n'on'"
    assert (await run(beat)).text == "'on'"


def test_its_schema_is_short_and_it_only_computes() -> None:
    assert python.aliases == ("pyexe",)
    assert python.effect({"code": "x"}) is Effect.COMPUTE
    assert len(json.dumps({"description": python.description, **python.schema})) < 300
