"""The table that the README's first command reports on: a year of a small coffee roaster's sales, made up."""

import csv
import io
import math
import random
from datetime import date, timedelta

SEED = 12
ROWS = 240
FIRST_DAY = date(2025, 1, 2)
DAYS = 363
HEAD = ("date", "region", "product", "units", "revenue", "note")

Order = tuple[date, str, str, int, str]
"""Day, region, product, units and note."""

REGIONS = {"North": 5, "South": 4, "West": 3, "East": 2}
"""How often a region orders, against the others."""

PRODUCTS: dict[str, tuple[float, float, int]] = {
    "Espresso 1 kg": (21.50, 24, 6),
    "Filter coffee 1 kg": (19.80, 18, 5),
    "Decaf 500 g": (12.40, 16, 3),
    "Cold brew, 12 bottles": (34.00, 8, 2),
    "Paper filters": (4.90, 30, 2),
    "Hand grinder": (79.00, 4, 1),
}
"""Price of one, how many an order has on average, and how often it is ordered, against the others."""

NOTES = {
    "repeat order": 6,
    "new customer": 5,
    "gift wrapping": 3,
    "paid in advance": 2,
    "delivered to the back door": 1,
    "wants the darker roast next time": 1,
    "Café Müller, Köln": 2,
    "Кафе «Берёза»": 2,
    "Καφενείο «Η Αυλή»": 2,
    "喫茶店みどり、追加注文": 2,
    "مقهى النخيل": 2,
}
"""What is noted, and how often, against the others."""

NOTED = 0.22
"""The share of orders that somebody wrote a note to."""

LARGE_ORDER: Order = (date(2025, 11, 20), "North", "Espresso 1 kg", 90, "hotel group, first delivery")
DISCOUNT_FROM = 60
DISCOUNT = 0.1


def sales_csv() -> str:
    """Give the table as CSV text, the same each time."""
    dice = random.Random(SEED)
    orders = [*(_order(dice, _day(dice, number)) for number in range(ROWS - 1)), LARGE_ORDER]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEAD)
    for day, region, product, units, note in sorted(orders, key=lambda order: order[0]):
        revenue = units * PRODUCTS[product][0] * (1 - DISCOUNT * (units >= DISCOUNT_FROM))
        table.writerow((day.isoformat(), region, product, units, f"{revenue:.2f}", note))
    return text.getvalue()


def _day(dice: random.Random, number: int) -> date:
    """Draw the working day of an order; they come twice as often at the end of the year as at its start."""
    share = (number + dice.random()) / ROWS
    day = FIRST_DAY + timedelta(days=int(DAYS * (math.sqrt(1 + 3 * share) - 1)))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _order(dice: random.Random, day: date) -> Order:
    region = dice.choices(list(REGIONS), list(REGIONS.values()))[0]
    product = dice.choices(list(PRODUCTS), [often for _, _, often in PRODUCTS.values()])[0]
    season = 1.8 if product.startswith("Cold brew") and 6 <= day.month <= 8 else 1
    units = max(1, round(dice.lognormvariate(0, 0.4) * PRODUCTS[product][1] * season))
    note = dice.choices(list(NOTES), list(NOTES.values()))[0] if dice.random() < NOTED else ""
    return day, region, product, units, note
