"""The text of a PDF, taken out of it in the sandbox: whoever made the file must not meet our process."""

from dataclasses import replace
from typing import BinaryIO

from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import MIB, Command, Ending

_LARGEST = 64 * MIB
_NOT_FOUND = 127


async def pdf_text(file: BinaryIO, shown: str, at: Circumstances) -> str:
    """Give the text, each page below a line with its number; raises ToolError, SandboxUnavailable."""
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ToolError(f"{shown} is a PDF of more than {_LARGEST // MIB} MB; take its text out page by page.")
    # The bytes come by standard input, so the command needs to see no folder of the owner's.
    box = replace(at.box, folders=(), limits=replace(at.box.limits, seconds=60.0))
    done = await at.sandbox.run(Command(("pdftotext", "-layout", "-enc", "UTF-8", "-", "-"), stdin=content), box)
    if done.status == _NOT_FOUND:
        raise ToolError(f"{shown} is a PDF, and pdftotext is not installed here (Debian: poppler-utils).")
    if done.ending is Ending.OUTPUT:
        return _paged(done.stdout) + "\n(more text than is taken out at once)"
    if done.ending is not Ending.EXITED or done.status != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ToolError(f"{shown} is a PDF whose text cannot be taken out: {''.join(said)[:200] or done.ending}.")
    return _paged(done.stdout)


def _paged(output: bytes) -> str:
    pages = output.decode("utf-8", "replace").removesuffix("\f").split("\f")
    return "\n".join(f"[page {number}]\n{page.rstrip()}" for number, page in enumerate(pages, 1))
