"""Who the people of the sample are, and how they behave. All are invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

Record = dict[str, object]

FIRST_NAMES: Final = (
    *("Ada", "Alva", "Anton", "Astrid", "Axel", "Bea", "Bo", "Carin", "Dana", "Edvin", "Elin"),
    *("Emil", "Fatima", "Filip", "Freja", "Greta", "Hamid", "Hugo", "Ida", "Jonas", "Karin"),
    *("Lars", "Leila", "Linnea", "Maja", "Milo", "Nils", "Noor", "Olle", "Petra", "Rania"),
    *("Saga", "Sixten", "Tove", "Ulf", "Vera", "Wilma", "Yusuf"),
)
LAST_NAMES: Final = (
    *("Almkvist", "Bergdal", "Björkhage", "Dahlmo", "Ekvall", "Forsby", "Granmark", "Hedlöv"),
    *("Ivarsdal", "Kvistlund", "Lindmo", "Malmhed", "Norrby", "Okafor", "Palmdal", "Rosenhed"),
    *("Sjöbacke", "Tallmark", "Udin", "Vallmo", "Wikhage", "Åkerby", "Östmark"),
)
COMPANY_WORDS: Final = (
    *("alder", "amber", "birch", "cedar", "clover", "copper", "falcon", "fjord", "granite"),
    *("harbour", "heron", "juniper", "lantern", "linden", "maple", "meadow", "osprey", "pine"),
    *("quartz", "rowan", "saffron", "slate", "spruce", "tern", "willow"),
)
COMPANY_TRADES: Final = {
    "manufacturing": ("works", "metal", "tools", "plastics"),
    "logistics": ("freight", "cargo", "storage"),
    "retail": ("stores", "market"),
    "software": ("soft", "data"),
    "other": ("partners", "clinic", "school", "office"),
}
NEEDS: Final = (
    "Three suppliers, and an invoice from each every week",
    "Chairs and desks for a new floor",
    "Delivery within a day to four sites",
    "One price list for the whole group",
    "Paper and ink arrive too late",
    "Wants to buy with a lower carbon footprint",
)

SENIORITIES: Final = ("c_level", "vp", "director", "manager", "staff", "student")
HABITS: Final = (
    *("other_page", "product", "pricing", "careers", "open", "click", "webinar", "fair", "demo"),
    "unsubscribe",
)


@dataclass(frozen=True, slots=True)
class Persona:
    """What kind of person a lead is. All but ``events`` (least and most) are percentages.

    ``habits`` and ``seniority`` stand in the order of ``HABITS`` and ``SENIORITIES``.
    """

    name: str
    share: int
    events: tuple[int, int]
    habits: tuple[int, ...]
    seniority: tuple[int, ...]
    phone_known: int
    private_address: int


PERSONAS: Final = (
    Persona(
        name="visitor",
        share=46,
        events=(3, 14),
        habits=(45, 30, 4, 0, 18, 3, 0, 0, 0, 0),
        seniority=(5, 6, 10, 24, 45, 10),
        phone_known=25,
        private_address=25,
    ),
    Persona(
        name="reader",
        share=25,
        events=(8, 30),
        habits=(15, 14, 2, 0, 42, 22, 4, 0, 0, 1),
        seniority=(5, 6, 10, 24, 45, 10),
        phone_known=40,
        private_address=20,
    ),
    Persona(
        name="buyer",
        share=22,
        events=(12, 40),
        habits=(14, 28, 18, 0, 18, 12, 5, 2, 3, 0),
        seniority=(14, 14, 22, 32, 18, 0),
        phone_known=85,
        private_address=10,
    ),
    Persona(
        name="job seeker",
        share=7,
        events=(3, 14),
        habits=(35, 10, 0, 45, 10, 0, 0, 0, 0, 0),
        seniority=(0, 0, 0, 0, 40, 60),
        phone_known=50,
        private_address=95,
    ),
)


def who_they_are(persona: Persona, rng: Random) -> Record:
    """The fields. What is missing is left out, null or blank, as in any real CRM."""
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    industry = rng.choice(tuple(COMPANY_TRADES))
    company = rng.choice(COMPANY_WORDS) + rng.choice(COMPANY_TRADES[industry])
    private = rng.randrange(100) < persona.private_address
    fields: Record = {"email": email_address(first, last, company, private, rng)}
    known = 85 if persona.name == "buyer" else 60
    maybe(fields, "phone", phone_number(rng), persona.phone_known, rng)
    maybe(fields, "seniority", rng.choices(SENIORITIES, persona.seniority)[0], known, rng)
    maybe(fields, "industry", industry, known, rng)
    maybe(fields, "employees", number_of_employees(rng), known, rng)
    maybe(fields, "is_customer", rng.randrange(100) < 6, 70, rng)
    if persona.name == "buyer":
        maybe(fields, "budget", rng.choice((20_000, 49_999, 50_000, 75_000.5, 240_000)), 30, rng)
        maybe(fields, "timeframe", rng.choice((1, 3, 6, 6, 9, 12, 12.5, 18)), 40, rng)
        maybe(fields, "need", rng.choice(NEEDS), 40, rng)
        maybe(fields, "has_authority", rng.randrange(100) < 60, 35, rng)
    return fields


def maybe(fields: Record, name: str, value: object, percent: int, rng: Random) -> None:
    """Fills a field in ``percent`` of all leads; the others say nothing, null or a blank."""
    if rng.randrange(100) < percent:
        fields[name] = value
    elif rng.randrange(4) == 0:
        fields[name] = rng.choice((None, "", "  ")) if isinstance(value, str) else None


def email_address(first: str, last: str, company: str, private: bool, rng: Random) -> str:
    plain = str.maketrans("åäöÅÄÖ", "aaoAAO")
    person = f"{first}.{last}".translate(plain)
    domain = "gmail.com" if private else f"{company}.example"
    address = f"{person}@{domain}".lower()
    match rng.randrange(200):
        case 0:
            return f" {address} "
        case 1:
            return f"{person}@{domain.upper()}"
        case 2:
            return f"{person} at {domain}"
        case _:
            return address


def phone_number(rng: Random) -> str:
    """A number of the ranges that are kept free for films and books."""
    if rng.randrange(2):
        return f"+46 8 465 004 {rng.randrange(100):02d}"
    return f"+46 70 174 06 {rng.randrange(5, 100):02d}"


def number_of_employees(rng: Random) -> int:
    low, high = rng.choice(((1, 49), (1, 49), (50, 199), (200, 999), (1000, 9000)))
    return rng.choice((low, high, rng.randint(low, high), rng.randint(low, high)))
