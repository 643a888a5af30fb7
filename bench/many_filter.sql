-- Kontor's policy as a good analyst writes it for DuckDB by hand: one pass over the events with an
-- aggregate and its FILTER for each rule, and one join with the leads.
--
-- `leads` and `events` are views of the two files, the variable `as_of` is set, and the session's
-- time zone is UTC, so that a day of an interval has 24 hours.
WITH past AS (
    SELECT
        lead,
        kind,
        "at",
        lower(trim(url, E' \t\n\r\v\f')) AS url,
        nullif(lower(trim(email_id, E' \t\n\r\v\f')), '') AS email_id,
        nullif(lower(trim(webinar_id, E' \t\n\r\v\f')), '') AS webinar_id,
        answer
    FROM events
    WHERE "at" <= getvariable('as_of')
),
-- Parquet keeps the newest instant of each group of rows: where nothing is ahead, nothing is read.
ahead AS (
    SELECT lead, min("at") AS next_event
    FROM events
    WHERE "at" > getvariable('as_of')
    GROUP BY lead
),
facts AS (
    SELECT
        lead,
        -- CASE, because a FILTER would have the local day of every event worked out, at a third of the time.
        count(DISTINCT CASE
            WHEN kind = 'page_view' AND "at" > getvariable('as_of') - INTERVAL 30 DAY
                AND starts_with(url, '/pricing')
                THEN ("at" AT TIME ZONE 'Europe/Stockholm')::DATE
        END) AS pricing_days,
        count(*) FILTER (
            WHERE kind = 'page_view' AND "at" > getvariable('as_of') - INTERVAL 90 DAY
                AND starts_with(url, '/products')
        ) AS products,
        count(*) FILTER (
            WHERE kind = 'page_view' AND "at" > getvariable('as_of') - INTERVAL 90 DAY
                AND starts_with(url, '/careers')
        ) AS careers,
        count(DISTINCT email_id) FILTER (
            WHERE kind = 'email_click' AND "at" > getvariable('as_of') - INTERVAL 90 DAY
        ) + count(*) FILTER (
            WHERE kind = 'email_click' AND "at" > getvariable('as_of') - INTERVAL 90 DAY
                AND email_id IS NULL
        ) AS clicks,
        count(*) FILTER (WHERE kind IN ('email_open', 'email_click')) AS engaged,
        count(*) FILTER (
            WHERE kind IN ('email_open', 'email_click')
                AND "at" > getvariable('as_of') - INTERVAL 60 DAY
        ) AS engaged_lately,
        count(DISTINCT webinar_id) FILTER (
            WHERE kind = 'webinar' AND "at" > getvariable('as_of') - INTERVAL 180 DAY
        ) + count(*) FILTER (
            WHERE kind = 'webinar' AND "at" > getvariable('as_of') - INTERVAL 180 DAY
                AND webinar_id IS NULL
        ) AS webinars,
        count(*) FILTER (
            WHERE kind = 'trade_fair_scan' AND "at" > getvariable('as_of') - INTERVAL 180 DAY
        ) AS scans,
        count(*) FILTER (
            WHERE kind = 'demo_request' AND "at" > getvariable('as_of') - INTERVAL 30 DAY
        ) AS demos,
        max("at") FILTER (WHERE kind = 'bant.believes') AS answered,
        arg_max(answer, "at") FILTER (WHERE kind = 'bant.believes') AS answer,
        max("at") FILTER (WHERE kind = 'contacted') AS contacted,
        max("at") FILTER (WHERE kind = 'rejected') AS rejected,
        max("at") FILTER (WHERE kind = 'opportunity_created') AS opportunity,
        least(
            min("at") FILTER (
                WHERE kind IN ('page_view', 'demo_request')
                    AND "at" > getvariable('as_of') - INTERVAL 30 DAY
            ) + INTERVAL 30 DAY,
            min("at") FILTER (
                WHERE kind IN ('email_open', 'email_click')
                    AND "at" > getvariable('as_of') - INTERVAL 60 DAY
            ) + INTERVAL 60 DAY,
            min("at") FILTER (
                WHERE kind IN ('page_view', 'email_click')
                    AND "at" > getvariable('as_of') - INTERVAL 90 DAY
            ) + INTERVAL 90 DAY,
            min("at") FILTER (
                WHERE kind IN ('webinar', 'trade_fair_scan')
                    AND "at" > getvariable('as_of') - INTERVAL 180 DAY
            ) + INTERVAL 180 DAY
        ) AS first_end
    FROM past
    GROUP BY lead
),
points AS (
    SELECT
        leads.*,
        facts.*,
        next_event,
        greatest(
            0,
            least(
                40,
                15 * coalesce(pricing_days, 0)
                    + least(12, 3 * coalesce(products, 0))
                    - CASE WHEN careers > 0 THEN 10 ELSE 0 END
            )
            + least(
                20,
                2 * coalesce(clicks, 0)
                    - CASE WHEN engaged > 0 AND engaged_lately = 0 THEN 20 ELSE 0 END
            )
            + least(
                40,
                12 * least(2, coalesce(webinars, 0))
                    + CASE WHEN scans > 0 THEN 15 ELSE 0 END
                    + CASE WHEN demos > 0 THEN 40 ELSE 0 END
            )
        ) AS interest,
        CASE
            WHEN seniority IN ('c_level', 'vp') THEN 40
            WHEN seniority = 'director' THEN 30
            WHEN seniority = 'manager' THEN 15
            ELSE 0
        END
        + CASE
            WHEN employees >= 1000 THEN 30
            WHEN employees >= 200 THEN 20
            WHEN employees >= 50 THEN 10
            ELSE 0
        END
        + CASE
            WHEN industry IN ('manufacturing', 'logistics') THEN 30
            WHEN industry = 'retail' THEN 15
            ELSE 0
        END
        - CASE WHEN is_customer THEN 50 ELSE 0 END AS fit_points,
        CASE
            WHEN answered > getvariable('as_of') - INTERVAL 180 DAY THEN answer
        END AS believes,
        CASE
            WHEN email LIKE '%@%' THEN lower(trim(split_part(email, '@', -1), E' \t\n\r\v\f'))
        END AS domain
    FROM leads
    LEFT JOIN facts ON facts.lead = leads.id
    LEFT JOIN ahead ON ahead.lead = leads.id
),
items AS (
    SELECT
        *,
        budget >= 50000 AS has_budget,
        has_authority OR seniority = 'c_level' AS can_decide,
        CASE WHEN trim(need, E' \t\n\r\v\f') <> '' THEN true END AS has_need,
        timeframe <= 12 AS soon
    FROM points
),
groups AS (
    SELECT
        *,
        CASE
            WHEN fit_points >= 70 THEN 'A'
            WHEN fit_points >= 45 THEN 'B'
            WHEN fit_points >= 20 THEN 'C'
            ELSE 'D'
        END AS fit,
        CASE
            WHEN interest >= 60 AND fit_points >= 20 THEN 'contact'
            WHEN fit_points >= 20 THEN 'nurture'
            WHEN interest >= 60 THEN 'keep_warm'
            ELSE 'leave_alone'
        END AS quadrant,
        CASE
            WHEN NOT has_budget OR NOT can_decide OR NOT has_need OR NOT soon OR NOT believes
                THEN 'not met'
            WHEN coalesce(has_budget::INTEGER, 0) + coalesce(can_decide::INTEGER, 0)
                + coalesce(has_need::INTEGER, 0) + coalesce(soon::INTEGER, 0)
                + coalesce(believes::INTEGER, 0) >= 3
                THEN 'met'
            ELSE 'unknown'
        END AS bant
    FROM items
)
SELECT
    id,
    getvariable('as_of') AS as_of,
    interest,
    fit,
    fit_points,
    quadrant,
    bant,
    CASE coalesce(stage, 'lead')
        WHEN 'mql' THEN CASE
            WHEN bant = 'met' AND contacted >= stage_since THEN 'sql'
            WHEN rejected >= stage_since THEN 'nurture'
        END
        WHEN 'sql' THEN CASE
            WHEN opportunity >= stage_since THEN 'opportunity'
            WHEN timeframe > 12 THEN 'mql'
        END
        WHEN 'opportunity' THEN NULL
        ELSE CASE
            WHEN quadrant = 'contact' AND trim(phone, E' \t\n\r\v\f') <> '' AND domain NOT IN (
                '', 'gmail.com', 'outlook.com', 'hotmail.com', 'yahoo.com', 'icloud.com'
            ) THEN 'mql'
        END
    END AS next_stage,
    least(
        first_end,
        CASE
            WHEN answered > getvariable('as_of') - INTERVAL 180 DAY
                THEN answered + INTERVAL 180 DAY
        END,
        next_event
    ) AS valid_until
FROM groups
