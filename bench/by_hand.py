"""The yardstick: Kontor's policy as a good engineer would write it by hand, for speed.

``prepare`` works out once what depends on ``as_of`` alone; the function that it returns goes over
a lead's events once. It takes valid leads (``RecordTypes.lead``) and answers with a dict that
encodes to the same JSON as a decision without reasons. All of Kontor's points are whole, so plain
whole numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol
from zoneinfo import ZoneInfo

BLANKS = " \t\n\r\v\f"
A_TO_Z = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"})
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEVER = datetime.max.replace(tzinfo=UTC)
DAYS_30, DAYS_60, DAYS_90, DAYS_180 = (timedelta(days=days) for days in (30, 60, 90, 180))

SENIORITY_POINTS = {"c_level": 40, "vp": 40, "director": 30, "manager": 15}
INDUSTRY_POINTS = {"manufacturing": 30, "logistics": 30, "retail": 15}

event_id = attrgetter("id")


class RecordTypes(Protocol):
    """The part of the policy's record types that is needed here: a class a base kind."""

    @property
    def events(self) -> Mapping[str, type[Any]]: ...


def fold(text: str) -> str:
    """A text as it is compared: surrounding blanks and the case of A–Z do not count."""
    text = text.strip(BLANKS)
    return text.lower() if text.isascii() else text.translate(A_TO_Z)


def without_duplicates(
    activities: Sequence[Any], actions: Sequence[Any], as_of: datetime
) -> tuple[list[Any], list[Any]]:
    """The events without those that repeat the id of an earlier event of the lead.

    What lies after ``as_of`` does not exist yet, so it repeats nothing.
    """

    def order(event: Any) -> tuple[datetime, str, str]:
        names = [name for name in event.__struct_fields__ if name not in ("at", "id", "by")]
        properties = repr([getattr(event, name) for name in names])
        return event.at, event.__struct_config__.tag, properties

    first: dict[str, Any] = {}
    for event in sorted([*activities, *actions], key=order):
        if event.at <= as_of and event.id is not None and event.id.strip(BLANKS):
            first.setdefault(event.id, event)

    def counts(event: Any) -> bool:
        return event.at > as_of or first.get(event.id, event) is event

    return list(filter(counts, activities)), list(filter(counts, actions))


def prepare(types: RecordTypes, as_of: datetime, digest: str) -> Callable[[Any], dict[str, object]]:
    """The function that decides leads at ``as_of``. ``digest`` is the policy's, for the answer."""
    page_view = types.events["page_view"]
    email_open = types.events["email_open"]
    email_click = types.events["email_click"]
    webinar = types.events["webinar"]
    trade_fair_scan = types.events["trade_fair_scan"]
    demo_request = types.events["demo_request"]
    contacted = types.events["contacted"]
    rejected = types.events["rejected"]
    opportunity_created = types.events["opportunity_created"]
    believes = types.events["bant.believes"]

    as_of = as_of.astimezone(UTC)
    before_30, before_60 = as_of - DAYS_30, as_of - DAYS_60
    before_90, before_180 = as_of - DAYS_90, as_of - DAYS_180
    policy = {"name": "kontor", "version": 1, "digest": digest}

    def decide(lead: Any) -> dict[str, object]:
        activities, actions = lead.activities, lead.actions
        ids = {*map(event_id, activities), *map(event_id, actions)}
        if len(ids) < len(activities) + len(actions) and ids != {None}:
            activities, actions = without_duplicates(activities, actions, as_of)

        # The earliest event inside each window, for `valid_until`.
        first_30 = first_60 = first_90 = first_180 = next_event = NEVER
        pricing_days, clicked, attended = set(), set(), set()
        products = clicks = webinars = 0
        careers = engaged = scanned = asked = False
        for event in activities:
            at = event.at
            if at.tzinfo is not UTC:
                at = at.astimezone(UTC)
            if at > as_of:
                if at < next_event:
                    next_event = at
                continue
            kind = event.__class__
            if kind is page_view:
                if at > before_90:
                    if at < first_90:
                        first_90 = at
                    if at > before_30 and at < first_30:
                        first_30 = at
                    url = event.url
                    if url is not None:
                        # No letter outside A–Z becomes one of these words by lower().
                        url = url.strip(BLANKS).lower()
                        if url.startswith("/products"):
                            products += 1
                        elif url.startswith("/pricing"):
                            if at > before_30:
                                pricing_days.add(at.astimezone(STOCKHOLM).date())
                        elif url.startswith("/careers"):
                            careers = True
            elif kind is email_open:
                engaged = True
                if at > before_60 and at < first_60:
                    first_60 = at
            elif kind is email_click:
                engaged = True
                if at > before_90:
                    if at < first_90:
                        first_90 = at
                    if at > before_60 and at < first_60:
                        first_60 = at
                    email_id = event.email_id
                    if email_id is not None and (email_id := fold(email_id)):
                        clicked.add(email_id)
                    else:
                        clicks += 1
            elif kind is webinar:
                if at > before_180:
                    if at < first_180:
                        first_180 = at
                    webinar_id = event.webinar_id
                    if webinar_id is not None and (webinar_id := fold(webinar_id)):
                        attended.add(webinar_id)
                    else:
                        webinars += 1
            elif kind is trade_fair_scan:
                if at > before_180:
                    scanned = True
                    if at < first_180:
                        first_180 = at
            elif kind is demo_request and at > before_30:
                asked = True
                if at < first_30:
                    first_30 = at

        since = lead.stage_since
        spoken = refused = opportunity = False
        newest = None
        for action in actions:
            at = action.at
            if at.tzinfo is not UTC:
                at = at.astimezone(UTC)
            if at > as_of:
                if at < next_event:
                    next_event = at
                continue
            kind = action.__class__
            if kind is believes:
                answer = (at, action.id or "", action.answer)
                if newest is None or answer > newest:
                    newest = answer
            elif since is not None and at >= since:
                if kind is contacted:
                    spoken = True
                elif kind is rejected:
                    refused = True
                elif kind is opportunity_created:
                    opportunity = True

        web = 15 * len(pricing_days) + (3 * products if products < 4 else 12)
        if careers:
            web -= 10
        mail = 2 * (clicks + len(clicked))
        if engaged and first_60 is NEVER:
            mail -= 20
        webinars += len(attended)
        events = 12 * webinars if webinars < 2 else 24
        if scanned:
            events += 15
        if asked:
            events += 40
        interest = (
            (web if web < 40 else 40)
            + (mail if mail < 20 else 20)
            + (events if events < 40 else 40)
        )
        if interest < 0:
            interest = 0

        seniority, employees = lead.seniority, lead.employees
        fit = SENIORITY_POINTS.get(seniority, 0) + INDUSTRY_POINTS.get(lead.industry, 0)
        if employees is not None:
            if employees >= 1000:
                fit += 30
            elif employees >= 200:
                fit += 20
            elif employees >= 50:
                fit += 10
        if lead.is_customer:
            fit -= 50
        letter = "A" if fit >= 70 else "B" if fit >= 45 else "C" if fit >= 20 else "D"

        if fit >= 20:
            quadrant = "contact" if interest >= 60 else "nurture"
        else:
            quadrant = "keep_warm" if interest >= 60 else "leave_alone"

        met = 0
        missing = False
        if lead.budget is not None:
            if lead.budget >= 50_000:
                met += 1
            else:
                missing = True
        if lead.has_authority or seniority == "c_level":
            met += 1
        elif lead.has_authority is not None and seniority is not None:
            missing = True
        if lead.need is not None and lead.need.strip(BLANKS):
            met += 1
        timeframe = lead.timeframe
        if timeframe is not None:
            if timeframe <= 12:
                met += 1
            else:
                missing = True
        valid_until = next_event
        if newest is not None and newest[0] > before_180:
            end = newest[0] + DAYS_180
            if end < valid_until:
                valid_until = end
            if newest[2]:
                met += 1
            else:
                missing = True
        bant = "not met" if missing else "met" if met >= 3 else "unknown"

        stage = lead.stage or "lead"
        next_stage = None
        if stage in ("lead", "nurture"):
            if quadrant == "contact" and lead.phone is not None and lead.phone.strip(BLANKS):
                _, sign, domain = lead.email.rpartition("@")
                if sign and (domain := fold(domain)) and domain not in FREE_MAIL:
                    next_stage = "mql"
        elif stage == "mql":
            if spoken and bant == "met":
                next_stage = "sql"
            elif refused:
                next_stage = "nurture"
        elif stage == "sql":
            if opportunity:
                next_stage = "opportunity"
            elif timeframe is not None and timeframe > 12:
                next_stage = "mql"

        if first_30 is not NEVER:
            end = first_30 + DAYS_30
            if end < valid_until:
                valid_until = end
        if first_60 is not NEVER:
            end = first_60 + DAYS_60
            if end < valid_until:
                valid_until = end
        if first_90 is not NEVER:
            end = first_90 + DAYS_90
            if end < valid_until:
                valid_until = end
        if first_180 is not NEVER:
            end = first_180 + DAYS_180
            if end < valid_until:
                valid_until = end

        return {
            "format": 1,
            "id": lead.id,
            "as_of": as_of,
            "valid_until": None if valid_until is NEVER else valid_until,
            "policy": policy,
            "status": "decided",
            "scores": {"interest": {"points": interest}},
            "grades": {"fit": {"points": fit, "letter": letter}},
            "groups": {"quadrant": {"value": quadrant}},
            "checklists": {"bant": {"result": bant}},
            "stage": {"current": stage, "next": next_stage},
            "warnings": [],
        }

    return decide
