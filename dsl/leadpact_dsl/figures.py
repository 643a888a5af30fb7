"""Numbers, points, dates, lengths of time and texts that are not written the language's way."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from leadpact_dsl.editing import Edit, Mistake
from leadpact_dsl.grammar import terminal_words
from leadpact_dsl.looking import Look

__all__ = [
    "no_sign",
    "odd_date",
    "odd_duration",
    "odd_number",
    "odd_quotes",
    "points_after_number",
    "points_word",
    "sign_alone",
    "unquoted",
]

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH: Final = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATES: Final = (
    rf"\b(?P<d>\d{{1,2}})\.?\s+{_MONTH}\.?,?\s+(?P<y>\d{{4}})\b",
    rf"\b{_MONTH}\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})\b",
    r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b",
    r"\b(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})\b",
    r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)",
)


def odd_date(look: Look) -> Mistake | None:
    """A date or an instant in another form than ``2026-10-01`` or ``2026-10-01 09:30``."""
    clock = re.search(
        r"(\d{4}-\d{2}-\d{2})(?:T|,?\s+at\s+|\s+)(\d{1,2}:\d{2})(?::[\d.]+)?(?:Z|[+-]\d\d:?\d\d)?",
        look.masked,
    )
    if clock:
        edit = Edit(clock.start(), clock.end(), f"{clock[1]} {clock[2]}")
        if edit.new != clock.group() and look.helps(edit):
            return _other(look, "E140", edit, "A moment is a day and a time of day")
    slashed = re.search(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b", look.masked)
    if slashed:
        message = f"`{slashed.group()}` can be read in two ways."
        help_ = "Write the year, the month and the day, as in `2026-10-01`."
        return Mistake("E140", message, slashed.start(), slashed.end(), help_)
    for pattern in _DATES:
        for match in re.finditer(pattern, look.masked, re.IGNORECASE):
            month = match["m"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
            new = f"{match['y']}-{number:02}-{int(match['d']):02}"
            edit = Edit(match.start(), match.end(), new)
            if 1 <= number <= 12 and 1 <= int(match["d"]) <= 31 and new != match.group():
                return _other(look, "E140", edit, "A date is year, month and day")
    return _no_date(look)


def _no_date(look: Look) -> Mistake | None:
    """Figures that no date is made of, where nothing but a date can stand."""
    stop = look.stop
    digits = sum(letter.isdigit() for letter in stop.word)
    if digits < 3 or not {"DAY", "CLOCK"} & stop.expected or "NUMBER" in stop.expected:
        return None
    message = f"`{stop.word}` is no date."
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", stop.word):
        message = "The time of day is missing."
    form = "`2026-10-01 09:30`" if "DAY" not in stop.expected else "`2026-10-01`"
    return Mistake("E140", message, stop.start, stop.end, f"Write it like {form}.")


_UNITS: Final = {
    "minute": ("m", "min", "mins", "minutes"),
    "hour": ("h", "hr", "hrs", "hours"),
    "day": ("d", "days", "dy", "dys"),
    "week": ("w", "wk", "wks", "weeks"),
    "month": ("mo", "mth", "mths", "mon", "mons", "months"),
}
_UNIT_WORDS: Final = ("minutes", "hours", "days", "weeks", "months")
_UNIT_OF: Final = {short: unit for unit, shorts in _UNITS.items() for short in (unit, *shorts)}


def odd_duration(look: Look) -> Mistake | None:
    """A length of time without a unit, or with a shortened one."""
    stop = look.stop
    for match in re.finditer(
        r"(?<![\w.,])(\d+)\s*(?:\(s\)|([a-z]+)(?:\(s\))?)", look.masked, re.IGNORECASE
    ):
        amount, short = match[1], (match[2] or "").lower()
        years = short in ("y", "yr", "yrs", "year", "years")
        unit = "month" if years else _UNIT_OF.get(short)
        if unit is None or not look.near(match.start(), match.end()):
            continue
        count = int(amount) * 12 if years else int(amount)
        edit = Edit(match.start(), match.end(), f"{count} {unit}{'' if count == 1 else 's'}")
        if edit.new != match.group() and look.helps(edit):
            return _other(look, "E137", edit, "Units of time are written out")
    if stop.before.replace(",", "").isdigit() and "UNIT" in stop.expected:
        amount = stop.before
        if {"TIMES", "POINTS_WORD"} & stop.expected:
            return None
        for unit in difflib.get_close_matches(stop.word, _UNIT_WORDS, 1, 0.6):
            edit = Edit(stop.start, stop.end, unit)
            if look.helps(edit):
                return _other(look, "E137", edit, "Units of time are `days`, `hours` and the like")
        if {"$END", "_AND"} & stop.expected and stop.word not in ("ago", "ahead"):
            # A plain number could stand here as well.
            return None
        unit_help = (
            f"Write `{amount} days`, `{amount} hours`, `{amount} weeks` or `{amount} months`."
        )
        message = f"{amount} what? A length of time needs a unit."
        return Mistake("E137", message, look.before, look.before + len(amount), unit_help)
    return None


_SCALES: Final = {"k": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "thousand": 3, "bn": 9}


# Lines on which percentages may stand.
_PERCENTS: Final = ("score_line", "category_line", "clause_line", "agreement_line")


def odd_number(look: Look) -> Mistake | None:
    """A number or an amount of money in another form than ``5,000,000``, ``2.5``, ``500 SEK``."""
    for edit, why in _numbers(look.masked):
        if look.near(edit.start, edit.end) and look.helps(edit):
            mistake = _other(look, "E139", edit, why)
            # `1,25` may be a decimal number or a thousand that lost a digit.
            unsure = re.fullmatch(r"\d+,\d{1,2}", look.text[edit.start : edit.end])
            return replace(mistake, guess=unsure is not None)
    dollars = re.search(r"\$\s*[\d,.]+|[\d,.]+\s*\$", look.masked)
    if dollars:
        message = "`$` could be one of many currencies."
        help_ = "Write the currency's three letters after the amount, as in `500 USD`."
        return Mistake("E139", message, dollars.start(), dollars.end(), help_)
    percent = re.search(r"[\d.,]+\s*%", look.masked)
    if percent and look.start not in _PERCENTS:
        edit = Edit(percent.end() - 1, percent.end(), "")
        edits = (edit,) if look.helps(edit) else ()
        message = "`%` is not used here."
        help_ = "Write a plain number."
        return Mistake("E139", message, percent.start(), percent.end(), help_, edits)
    return None


def _numbers(text: str) -> Iterator[tuple[Edit, str]]:
    keywords = {word for phrase in terminal_words().values() for word in phrase.split()}
    for match in re.finditer(r"(?<![\w.,-])(\d+)(?:\.(\d+))?\s?([A-Za-z]+)\b", text):
        zeros = _SCALES.get(match[3].lower())
        if zeros is not None and len(match[2] or "") <= zeros:
            whole = match[1] + (match[2] or "").ljust(zeros, "0")
            yield Edit(match.start(), match.end(), f"{int(whole):,}"), "Numbers are written out"
    for match in re.finditer(
        r"(?<![\w.,])\d{1,3}(?:([ _'.\u202f])\d{3})(?:\1\d{3})*(?![\w.,])", text
    ):
        if match[1] == " " and text[match.start() - 1 : match.start()] in ("+", "-"):
            # `+20 200 to 999`: the points of a row, and the range behind them.
            continue
        digits = re.sub(r"\D", "", match.group())
        yield (
            Edit(match.start(), match.end(), f"{int(digits):,}"),
            "Thousands are set off by commas",
        )
    for match in re.finditer(r"(?<![\w.,])(\d+),(\d{1,2})(?![\w,])", text):
        why = "A number's decimals stand behind a point"
        yield Edit(match.start(), match.end(), f"{match[1]}.{match[2]}"), why
    for match in re.finditer(r"(?<![\w.,])\d+(?:,\d{4,})+(?![\w,])", text):
        why = "The commas of a list have a blank after them"
        yield Edit(match.start(), match.end(), match.group().replace(",", ", ")), why
    for match in re.finditer(r"(?<![\w.,])\d+(?:,\d{3})+(?![\w,])", text):
        digits = re.sub(r"\D", "", match.group())
        yield (
            Edit(match.start(), match.end(), f"{int(digits):,}"),
            "Commas set off three digits each",
        )
    for match in re.finditer(r"(?<![\w.])\.(\d+)\b", text):
        yield Edit(match.start(), match.end(), f"0.{match[1]}"), "A number begins with a digit"
    for match in re.finditer(r"\b([A-Z]{3})\s?(\d[\d,]*(?:\.\d+)?)", text):
        yield Edit(match.start(), match.end(), f"{match[2]} {match[1]}"), "The currency comes last"
    for sign, code in (("€", "EUR"), ("£", "GBP")):
        for match in re.finditer(rf"{sign}\s?([\d,.]+)|([\d,.]+)\s?{sign}", text):
            amount = match[1] or match[2]
            yield (
                Edit(match.start(), match.end(), f"{amount} {code}"),
                "A currency is three letters",
            )
    for match in re.finditer(r"(?<![\w.,])([\d,.]*\d)\s?([A-Za-z]{3})\b(?<![A-Z]{3})", text):
        if match[2] in keywords:
            continue
        new = f"{match[1]} {match[2].upper()}"
        yield Edit(match.start(), match.end(), new), "A currency is three capital letters"
    for match in re.finditer(r"([+-])\s+(?=\d)", text):
        yield Edit(match.start(), match.end(), match[1]), "A sign stands right before its number"


# --- points ------------------------------------------------------------------------------------

_POINTS: Final = ("score_line", "grade_line", "category_line", "points_by_row")


def no_sign(look: Look) -> Mistake | None:
    """Points without a sign."""
    if look.start not in _POINTS or "POINTS" not in look.stop.expected:
        return None
    if not look.stop.word[:1].isdigit():
        return None
    edit = Edit(look.stop.start, look.stop.start, "+")
    message = "Points have a sign."
    help_ = (
        f"Write `+{look.stop.word}` for points that are given, `-{look.stop.word}` for points lost."
    )
    if not look.helps(edit):
        return None
    return Mistake("E136", message, look.stop.start, look.stop.end, help_, (edit,))


def sign_alone(look: Look) -> Mistake | None:
    """A sign with a blank behind it."""
    match = re.match(r"\s*([+-])\s+\d", look.masked)
    if look.start not in _POINTS or match is None:
        return None
    edit = Edit(match.end(1), match.end() - 1, "")
    message = "The sign stands right before the points."
    help_ = f"Write `{look.edited(edit).split()[0]}`."
    return Mistake("E136", message, match.start(1), match.end(), help_, (edit,))


def points_word(look: Look) -> Mistake | None:
    """``+10 points when …``"""
    match = re.match(r"\s*[+-][\d.,]+\s*(points?|pts?|p)\b\s*", look.masked)
    if look.start not in _POINTS or match is None or not match[1]:
        return None
    edit = Edit(match.start(1), match.end(), "")
    counted = re.match(r"(?:for\s+)?(?:each|every)\b", look.masked[match.end() :])
    if counted or not look.helps(edit):
        return None
    message = f"The word `{match[1]}` is not needed here."
    return Mistake("E136", message, match.start(1), match.end(1), "Leave it out.", (edit,))


def points_after_number(look: Look) -> Mistake | None:
    """``interest is 30 points``, ``from 0 to 100 points``."""
    stop = look.stop
    edit = Edit(look.before + len(stop.before), stop.end, "")
    if stop.word not in ("point", "points") or not look.reads(edit):
        return None
    message = f"The word `{stop.word}` is not needed here."
    return Mistake("E136", message, stop.start, stop.end, "Leave it out.", (edit,))


# --- texts -------------------------------------------------------------------------------------

_UNCLOSED_ENDS: Final = re.compile(
    r"\s+(?:when|because|as|within|is|from|owned by|at most|text|number|whole number|money"
    r"|yes or no|one of|any number of|date|met when|answered by|otherwise|unknown|and|or)\b"
    r"|\s*[,()]|:|\s*$"
)


def odd_quotes(look: Look) -> Mistake | None:
    """A text with single quotes, or one that is never closed."""
    single = re.search(r"(?<!\w)(['`´])([^'`´\"]*)\1(?!\w)", look.masked)
    if single:
        edits = tuple(Edit(at, at + 1, '"') for at in (single.start(), single.end() - 1))
        message = "Texts stand in double quotes."
        new = f'"{single[2]}"'
        return Mistake("E133", message, single.start(), single.end(), f"Write `{new}`.", edits)
    if look.text.count('"') % 2 == 0:
        return None
    start = look.text.rindex('"')
    for end in _UNCLOSED_ENDS.finditer(look.text, start + 2):
        edit = Edit(end.start(), end.start(), '"')
        if look.reads(edit):
            return Mistake("E134", _UNCLOSED, start, end.start(), _CLOSE, (edit,))
    return Mistake("E134", _UNCLOSED, start, len(look.text), _CLOSE)


_UNCLOSED: Final = "This text is never closed."
_CLOSE: Final = 'Put a `"` where the text ends.'


def unquoted(look: Look) -> Mistake | None:
    """A text or label without quotes: quoted from here to where the line reads on."""
    stop, text = look.stop, look.text
    if look.start == "list_member" or (look.start == "list_header" and ":" in look.masked):
        start = look.masked.find(":") + 1 if look.start == "list_header" else 0
        parts = re.finditer(r'[^,"\s](?:[^,"]*[^,"\s])?', look.masked[start:])
        edits = [
            Edit(part.start() + start, part.end() + start, f'"{part.group()}"')
            for part in parts
            if "\x01" not in part.group()
        ]
        if edits and look.reads(*edits):
            return Mistake(
                "E135", _NO_QUOTES, edits[0].start, edits[0].end, _QUOTE_IT, tuple(edits), True
            )
    for start in dict.fromkeys((stop.start, look.before)):
        ends = re.finditer(r"(?=\s*,|\s+\(|\s+[a-z(]|\s*$)", text[start + 1 :])
        for end in ends:
            at = start + 1 + end.start()
            said = text[start:at]
            if _NO_TEXT.search(said) or len(said) < 2 or said.strip(" ,") != said:
                continue
            edit = Edit(start, at, f'"{said}"')
            if look.reads(edit) and not _is_ours(said):
                return Mistake("E135", _NO_QUOTES, start, at, f'Write `"{said}"`.', (edit,), True)
    return None


_NO_TEXT: Final = re.compile(r'["{}\[\]<>;?*$%=|\\]')


def _is_ours(said: str) -> bool:
    """Whether this is a name, or begins like a clause or with a number: then quotes are not what
    is missing.
    """
    keywords = {word.split()[0] for word in terminal_words().values()}
    ours = re.match(r"[a-z][a-z0-9_]*$|[\d,.]+(?:\s|$)", said)
    return ours is not None or said.split()[0] in keywords


_NO_QUOTES: Final = "Texts and labels stand in double quotes."
_QUOTE_IT: Final = 'Put a `"` before and after each.'


def _other(look: Look, code: str, edit: Edit, why: str) -> Mistake:
    said = look.text[edit.start : edit.end]
    message = f"{why}; `{said.strip()}` is not."
    if code in ("E137", "E139", "E140"):
        message = f"`{said.strip()}` cannot be read. {why}."
    return Mistake(code, message, edit.start, edit.end, f"Write `{edit.new.strip()}`.", (edit,))
