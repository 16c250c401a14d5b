"""A file slot that takes only files of certain endings."""

from dataclasses import dataclass

from daemon.domain.skill import Slot


@dataclass(frozen=True, slots=True)
class FileSlot(Slot):
    """A slot of kind file; `endings` are small letters with their dot, none for any file.

    They say what words mean: "report on x.pdf" is no CSV report. Who calls a skill by its name may give any file.
    """

    endings: tuple[str, ...] = ()


def suits(slot: Slot, value: str) -> bool:
    """Say whether words can mean `value` by `slot`; an empty value leaves the slot out."""
    endings = slot.endings if isinstance(slot, FileSlot) else ()
    return not (value and endings) or value.lower().endswith(endings)
