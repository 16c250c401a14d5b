import re
import threading
from pathlib import Path

import pytest

from daemon.domain.errors import ConfigError
from daemon.settings.defaults import write_default
from daemon.settings.document import parse
from daemon.settings.keys import kinds, tree
from daemon.settings.loader import explain, load
from daemon.settings.mistakes import Mistakes
from daemon.settings.nodes import Entries
from daemon.settings.places import shipped
from daemon.settings.policy import load_policy
from daemon.settings.sections import Settings

from .conftest import Write

_KEY_IN_COMMENT = re.compile(r"^( *)# ([a-z_]+: \S.*)$", re.MULTILINE)


def _text() -> str:
    return shipped("config/config.yaml").read_text()


def _uncommented() -> str:
    """Give the shipped file with each commented key made real, as a person would do it."""
    return _KEY_IN_COMMENT.sub(r"\1\2", _text())


def _keys(entries: Entries, prefix: str = "") -> list[str]:
    found = []
    for key, node in entries.entries:
        found += _keys(node, f"{prefix}{key.text}.") if isinstance(node, Entries) else [prefix + key.text]
    return found


def test_the_shipped_file_changes_nothing_as_it_stands(write_config: Write) -> None:
    write_config(_text())
    assert load() == Settings()
    assert {explained.source for explained in explain()} == {"default"}


def test_the_values_in_the_shipped_file_are_the_defaults_of_the_sections(write_config: Write) -> None:
    write_config(_uncommented())
    assert load() == Settings()
    assert all(explained.source.startswith("config.yaml, line ") for explained in explain())


def test_every_key_stands_in_the_shipped_file_in_order_and_no_other_does() -> None:
    mistakes = Mistakes()
    assert _keys(parse(_uncommented(), "config.yaml", mistakes)) == list(kinds())
    assert mistakes.found == []


def test_every_key_and_section_of_the_shipped_file_has_a_sentence_before_it() -> None:
    lines = _text().splitlines()
    for number, line in enumerate(lines):
        if re.fullmatch(r" *(# )?[a-z_]+:( .*)?", line):
            above = lines[number - 1].strip()
            assert re.fullmatch(r"# [A-Z].*[.:\w\])]", above), line


def test_the_words_of_the_introduction_are_true() -> None:
    text = _text()
    assert set(tree()) == set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert "AGENT_RUNS_AT_ONCE" in text


def test_the_copies_are_whole_and_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep" / "new"
    written = write_default(folder)
    assert [path.name for path in written] == ["config.yaml", "models.yaml", "policy.yaml", "tools.yaml"]
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in written:
        assert path.read_bytes() == shipped(f"config/{path.name}").read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["config.yaml", "models.yaml", "policy.yaml", "tools.yaml"]
    shipped_rules = load_policy().rules
    monkeypatch.setenv("AGENT_CONFIG", str(folder))
    assert load() == Settings()
    assert [rule.reason for rule in load_policy().rules] == [rule.reason for rule in shipped_rules]


def test_what_is_there_stays(folder: Path, write_config: Write) -> None:
    write_config("runs: {at_once: 5}\n")
    assert [path.name for path in write_default(folder)] == ["models.yaml", "policy.yaml", "tools.yaml"]
    assert write_default(folder) == ()
    assert load().runs.at_once == 5


def test_a_file_that_appears_at_the_last_moment_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config.yaml", "models.yaml", "policy.yaml", "tools.yaml"):
        (folder / name).write_text("# mine\n")
    monkeypatch.setattr("os.path.lexists", lambda _: False)
    assert write_default(folder) == ()
    assert (folder / "config.yaml").read_text() == "# mine\n"
    assert sorted(path.name for path in folder.iterdir()) == ["config.yaml", "models.yaml", "policy.yaml", "tools.yaml"]


def test_a_link_that_leads_nowhere_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "config.yaml").symlink_to(tmp_path / "elsewhere")
    assert [path.name for path in write_default(folder)] == ["models.yaml", "policy.yaml", "tools.yaml"]
    assert not (tmp_path / "elsewhere").exists()


def test_two_at_once_write_each_file_once(folder: Path) -> None:
    written: list[Path] = []
    threads = [threading.Thread(target=lambda: written.extend(write_default(folder))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in written) == ["config.yaml", "models.yaml", "policy.yaml", "tools.yaml"]
    assert (folder / "config.yaml").read_bytes() == shipped("config/config.yaml").read_bytes()


def test_a_folder_where_others_may_write_is_refused(folder: Path) -> None:
    folder.chmod(0o777)
    with pytest.raises(ConfigError, match="other users can write"):
        write_default(folder)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error_with_a_fix(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written") as caught:
        write_default(folder / "file" / "below")
    assert "AGENT_CONFIG" in caught.value.fix
