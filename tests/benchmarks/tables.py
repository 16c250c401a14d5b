"""CSV files of a realistic kind, made once: dates, texts, amounts with gaps, a few hundred customers."""

import csv
import random
from pathlib import Path

from tests.benchmarks.setting import Setting

_REGIONS = ("North", "South", "East", "West", "Übersee")
_PRODUCTS = tuple(f"Product {letter}{number}" for letter in "ABCDEFGH" for number in range(1, 6))


def sales(setting: Setting, rows: int) -> Path:
    """Give a table of so many sales."""
    path = setting.data / f"sales-{rows}.csv"
    if path.is_file():
        return path
    chance = random.Random(rows)
    setting.data.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("date", "order", "customer", "region", "product", "units", "price", "total"))
        for number in range(rows):
            units, price = chance.randint(1, 40), round(chance.lognormvariate(3, 0.8), 2)
            writer.writerow(
                (
                    f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
                    100_000 + number,
                    f"Customer {chance.randint(1, 400)}",
                    chance.choice(_REGIONS),
                    chance.choice(_PRODUCTS),
                    "" if chance.random() < 0.01 else units,
                    price,
                    round(units * price, 2),
                )
            )
    partial.rename(path)
    return path
