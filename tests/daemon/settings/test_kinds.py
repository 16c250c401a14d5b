import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.settings.keys import default, kinds
from daemon.settings.kinds import Choice, Dollars, Duration, Folder, Kind, Name, Real, Several, Size, Unless, Url, Whole

DAYS = Duration(1, 365, "day")
SECONDS = Duration(1, 10**7)
SIZE = Size(1, 1024**4)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Whole(1, 9_999), "12", 12),
        (Whole(1, 9_999), "1_000", 1000),
        (SECONDS, "90", 90),
        (SECONDS, "90 s", 90),
        (SECONDS, "5 min", 300),
        (SECONDS, "5min", 300),
        (SECONDS, "2 Hours", 7200),
        (SECONDS, "1.5 h", 5400),
        (SECONDS, "7 days", 604_800),
        (SECONDS, "1 week", 604_800),
        (DAYS, "7", 7),
        (DAYS, "2 weeks", 14),
        (DAYS, "48 hours", 2),
        (SIZE, "512 MB", 512 * 1024**2),
        (SIZE, "2gb", 2 * 1024**3),
        (SIZE, "1.5 KiB", 1536),
        (SIZE, "64M", 64 * 1024**2),
        (SIZE, "100", 100),
        (Dollars(100), "1", 1_000_000),
        (Dollars(100), "$1.50", 1_500_000),
        (Dollars(100), "0.000001", 1),
        (Dollars(100), "0", 0),
        (Real(0, 2), "0.7", 0.7),
        (Choice(("info", "error")), "INFO", "info"),
        (Name(), "qwen3:8b", "qwen3:8b"),
        (Url(), "http://[::1]:8080/v1/", "http://[::1]:8080/v1"),
        (Unless("never", DAYS), "never", None),
        (Unless("never", DAYS), "3 days", 3),
        (Several(Folder()), "/a:/b", ("/a", "/b")),
    ],
)
def test_what_people_write_is_understood(kind: Kind, text: str, value: object) -> None:
    assert kind.read(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Whole(1, 9), "0"),
        (Whole(1, 9), "10"),
        (Whole(1, 9), "-1"),
        (Whole(1, 9), "1.0"),
        (Whole(1, 9), "yes"),
        (Whole(1, 9), ""),
        (Whole(1, 9), "٣"),
        (Whole(1, 9), "_1_"),
        (Whole(1, 9), "9" * 10_000),
        (SECONDS, "soon"),
        (SECONDS, "0"),
        (SECONDS, "-5 min"),
        (SECONDS, "5 minutes 3"),
        (SECONDS, "1.5 s"),
        (SECONDS, "1e9"),
        (SECONDS, "s"),
        (DAYS, "36 hours"),
        (DAYS, "366"),
        (SIZE, "2 TBB"),
        (SIZE, "2 TB"),
        (SIZE, "0.5"),
        (SIZE, "9" * 10_000),
        (Dollars(100), "100.01"),
        (Dollars(100), "1.0000001"),
        (Dollars(100), "-1"),
        (Dollars(100), "1,50"),
        (Dollars(100), "nan"),
        (Real(0, 2), "2.1"),
        (Real(0, 2), "inf"),
        (Choice(("info", "error")), "verbose"),
        (Name(), "two words"),
        (Name(), ""),
        (Name(), "x" * 201),
        (Name(), "a\x1b[31m"),
        (Url(), "127.0.0.1:11434"),
        (Url(), "file:///etc/passwd"),
        (Url(), "http://"),
        (Url(), "http://host:99999"),
        (Url(), "http://[::1"),
        (Url(), "http://owner:hunter2@host"),
        (Url(), "http://host/v1?key=hunter2"),
        (Folder(), "relative"),
        (Folder(), "~nobody-of-this-name/x"),
        (Folder(), "/a\0b"),
        (Folder(), "/a\nb"),
        (Unless("never", DAYS), "no"),
        (Several(Folder()), ":".join(["/a"] * 33)),
    ],
)
def test_anything_else_is_refused_with_the_end_of_a_sentence(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be") as caught:
        kind.read(text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("dotted", [dotted for dotted in kinds() if dotted != "skills.folders"])
def test_each_default_is_written_as_it_is_read(dotted: str) -> None:
    kind = kinds()[dotted]
    assert kind.read(kind.spoken(default(dotted))) == default(dotted)


@settings(deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 1024**4), st.integers(0, 100_000_000))
def test_every_amount_survives_being_written_and_read(seconds: int, size: int, micros: int) -> None:
    assert SECONDS.read(SECONDS.spoken(seconds)) == seconds
    assert SIZE.read(SIZE.spoken(size)) == size
    assert Dollars(100).read(Dollars(100).spoken(micros)) == micros


@settings(deadline=None)
@given(st.sampled_from(sorted(kinds())), st.text())
def test_no_text_makes_a_kind_fail_otherwise(dotted: str, text: str) -> None:
    try:
        kinds()[dotted].read(text)
    except ValueError as error:
        assert "must be" in str(error)
