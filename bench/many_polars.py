"""Kontor's policy for Polars: lazy, streaming, one group_by and one join. Parquet to Parquet.

python bench/many_polars.py LEADS ACTIVITIES OUT AS_OF
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from pathlib import Path

import polars as pl

BLANKS = " \t\n\r\v\f"
FREE_MAIL = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
# Kinds as numbers: they are compared more than anything else.
KINDS = pl.Enum(
    (
        *("page_view", "email_open", "email_click", "webinar", "trade_fair_scan", "demo_request"),
        *("unsubscribe", "picked_up", "contacted", "rejected", "opportunity_created"),
        "bant.believes",
    )
)
D30, D60, D90, D180 = (timedelta(days=days) for days in (30, 60, 90, 180))


def folded(name: str) -> pl.Expr:
    """A text as it is compared; null when it is blank."""
    text = pl.col(name).str.strip_chars(BLANKS).str.to_lowercase()
    return pl.when(text != "").then(text)


def facts(events: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """One row a lead that has events."""
    at, kind, url = pl.col("at"), pl.col("kind"), pl.col("url")

    def since(days: timedelta, *kinds: str) -> pl.Expr:
        return one_of(*kinds) & (at > as_of - days)

    def one_of(*kinds: str) -> pl.Expr:
        return reduce(or_, (kind == name for name in kinds))

    def page(start: str) -> pl.Expr:
        return url.str.starts_with(start).fill_null(False)

    def different(name: str, days: timedelta, kind: str) -> pl.Expr:
        """Different values, and one for each event without."""
        known = pl.col(name).filter(since(days, kind))
        return known.drop_nulls().n_unique() + known.null_count()

    def first_end(days: timedelta, *kinds: str) -> pl.Expr:
        return at.filter(since(days, *kinds)).min() + days

    def newest(name: str) -> pl.Expr:
        return at.filter(kind == name).max()

    day = at.dt.convert_time_zone("Europe/Stockholm").dt.date()
    # Of the newest answer, the instant and in its last bit what it was.
    answer = at.dt.timestamp("us") * 2 + pl.col("answer").cast(pl.Int64)
    past = events.filter(at <= as_of).with_columns(
        folded("url"),
        folded("email_id"),
        folded("webinar_id"),
        kind=kind.cast(KINDS, strict=False),
        answer=answer,
    )
    past = past.with_columns(day=pl.when(since(D30, "page_view") & page("/pricing")).then(day))
    return past.group_by("lead").agg(
        pricing_days=pl.col("day").drop_nulls().n_unique(),
        products=(since(D90, "page_view") & page("/products")).sum(),
        careers=(since(D90, "page_view") & page("/careers")).any(),
        clicks=different("email_id", D90, "email_click"),
        engaged=one_of("email_open", "email_click").any(),
        engaged_lately=since(D60, "email_open", "email_click").any(),
        webinars=different("webinar_id", D180, "webinar"),
        scanned=since(D180, "trade_fair_scan").any(),
        asked=since(D30, "demo_request").any(),
        answer=pl.col("answer").filter(kind == "bant.believes").max(),
        contacted=newest("contacted"),
        rejected=newest("rejected"),
        opportunity=newest("opportunity_created"),
        end_30=first_end(D30, "page_view", "demo_request"),
        end_60=first_end(D60, "email_open", "email_click"),
        end_90=first_end(D90, "page_view", "email_click"),
        end_180=first_end(D180, "webinar", "trade_fair_scan"),
    )


def points() -> tuple[pl.Expr, pl.Expr]:
    """Interest and fit."""

    def known(name: str) -> pl.Expr:
        return pl.col(name).cast(pl.Int64).fill_null(0)

    def some(name: str) -> pl.Expr:
        return pl.col(name).fill_null(False)

    cold = some("engaged") & ~some("engaged_lately")
    web = 15 * known("pricing_days") + (3 * known("products")).clip(upper_bound=12)
    web -= 10 * some("careers").cast(pl.Int64)
    mail = 2 * known("clicks") - 20 * cold.cast(pl.Int64)
    events = 12 * known("webinars").clip(upper_bound=2) + 15 * some("scanned").cast(pl.Int64)
    events += 40 * some("asked").cast(pl.Int64)
    interest = web.clip(upper_bound=40) + mail.clip(upper_bound=20) + events.clip(upper_bound=40)
    employees, seniority, industry = pl.col("employees"), pl.col("seniority"), pl.col("industry")
    fit = (
        pl.when(seniority.is_in(("c_level", "vp")))
        .then(40)
        .when(seniority == "director")
        .then(30)
        .when(seniority == "manager")
        .then(15)
        .otherwise(0)
        + pl.when(employees >= 1000)
        .then(30)
        .when(employees >= 200)
        .then(20)
        .when(employees >= 50)
        .then(10)
        .otherwise(0)
        + pl.when(industry.is_in(("manufacturing", "logistics")))
        .then(30)
        .when(industry == "retail")
        .then(15)
        .otherwise(0)
        - pl.when(pl.col("is_customer")).then(50).otherwise(0)
    )
    return interest.clip(lower_bound=0), fit


def bant(answered: pl.Expr) -> pl.Expr:
    items = (
        pl.col("budget") >= 50_000,
        pl.col("has_authority") | (pl.col("seniority") == "c_level"),
        pl.when(pl.col("need").str.strip_chars(BLANKS) != "").then(True),
        pl.col("timeframe") <= 12,
        pl.when(answered).then(pl.col("answer") % 2 == 1),
    )
    met = pl.sum_horizontal(item.fill_null(False) for item in items)
    missing = pl.any_horizontal(~item.fill_null(True) for item in items)
    return (
        pl.when(missing)
        .then(pl.lit("not met"))
        .when(met >= 3)
        .then(pl.lit("met"))
        .otherwise(pl.lit("unknown"))
    )


def next_stage() -> pl.Expr:
    stage = pl.col("stage").fill_null("lead")
    email = pl.col("email").str.split("@")
    domain = email.list.last().str.strip_chars(BLANKS).str.to_lowercase()
    ready = (
        (pl.col("quadrant") == "contact")
        & (pl.col("phone").str.strip_chars(BLANKS) != "")
        & (email.list.len() > 1)
        & ~domain.is_in(("", *FREE_MAIL))
    )

    def since_entered(name: str) -> pl.Expr:
        return pl.col(name) >= pl.col("stage_since")

    moves = (
        (stage.is_in(("lead", "nurture")) & ready, "mql"),
        ((stage == "mql") & (pl.col("bant") == "met") & since_entered("contacted"), "sql"),
        ((stage == "mql") & since_entered("rejected"), "nurture"),
        ((stage == "sql") & since_entered("opportunity"), "opportunity"),
        ((stage == "sql") & (pl.col("timeframe") > 12), "mql"),
    )
    return pl.coalesce(pl.when(test).then(pl.lit(to)) for test, to in moves)


def decide(leads: pl.LazyFrame, events: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    ahead = events.filter(pl.col("at") > as_of).group_by("lead").agg(next_event=pl.col("at").min())
    interest, fit = points()
    answered_at = (pl.col("answer") // 2).cast(pl.Datetime("us", "UTC"))
    answered = answered_at > as_of - D180
    interested, interesting = pl.col("interest") >= 60, pl.col("fit_points") >= 20
    ends = ("end_30", "end_60", "end_90", "end_180", "next_event")
    until = pl.min_horizontal(*ends, pl.when(answered).then(answered_at + D180))
    return (
        leads.join(facts(events, as_of), left_on="id", right_on="lead", how="left")
        .join(ahead, left_on="id", right_on="lead", how="left")
        .with_columns(interest=interest, fit_points=fit, bant=bant(answered), valid_until=until)
        .with_columns(
            fit=pl.when(pl.col("fit_points") >= 70)
            .then(pl.lit("A"))
            .when(pl.col("fit_points") >= 45)
            .then(pl.lit("B"))
            .when(interesting)
            .then(pl.lit("C"))
            .otherwise(pl.lit("D")),
            quadrant=pl.when(interested & interesting)
            .then(pl.lit("contact"))
            .when(interesting)
            .then(pl.lit("nurture"))
            .when(interested)
            .then(pl.lit("keep_warm"))
            .otherwise(pl.lit("leave_alone")),
        )
        .select(
            "id",
            pl.lit(as_of).alias("as_of"),
            *("interest", "fit", "fit_points", "quadrant", "bant"),
            next_stage().alias("next_stage"),
            "valid_until",
        )
    )


def main() -> None:
    leads, activities, out, as_of = sys.argv[1:]
    instant = datetime.fromisoformat(as_of)
    decided = decide(pl.scan_parquet(Path(leads)), pl.scan_parquet(Path(activities)), instant)
    decided.sink_parquet(Path(out), engine="streaming")


if __name__ == "__main__":
    main()
