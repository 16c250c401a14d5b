"""Money and sizes, for people and for programs. The house counts money in micro-dollars, sizes in bytes."""

MICROS = 1_000_000


def dollars(micros: int) -> float:
    """Give an amount as a number of dollars, for JSON."""
    return micros / MICROS


def money(micros: int) -> str:
    """Say an amount: "$0.31"; below a cent with all its digits."""
    amount = micros / MICROS
    return f"${amount:,.2f}" if micros == 0 or micros >= MICROS // 100 else f"${amount:.6f}".rstrip("0")


def size(count: int) -> str:
    """Say a number of bytes: "12 B", "1.4 MB" (powers of 1000)."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def counted(count: int, noun: str) -> str:
    """Say how many: "1 run", "2 runs"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
