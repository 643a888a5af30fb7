WITH "facts" AS (
  SELECT
    "lead",
    MIN(CASE WHEN "at" > 1780272000000000 THEN "at" END) AS "later event",
    MIN(
      CASE
        WHEN "at" <= 1780272000000000
        THEN CASE
          WHEN "kind" = 'visit'
          THEN CASE WHEN "at" > 1777680000000000 THEN "at" + 2592000000000 END
        END
      END
    ) AS "first end",
    BOOL_OR("odd") AS "odd event",
    COUNT(*) >= 32768 AS "too many events",
    COUNT("event") <> LIST_UNIQUE(LIST(HASH("event")) FILTER(WHERE
      NOT "event" IS NULL)) AS "repeated event",
    SUM(
      CAST(CASE
        WHEN "at" <= 1780272000000000
        THEN CASE
          WHEN "kind" = 'visit'
          THEN CASE WHEN "at" > 1777680000000000 THEN 1 ELSE 0 END
          ELSE 0
        END
        ELSE 0
      END AS BIGINT)
    ) AS "pack 0"
  FROM "events"
  GROUP BY
    "lead"
), "known" AS (
  SELECT
    "leads".*,
    "facts"."later event" AS "later event",
    "facts"."first end" AS "first end",
    COALESCE("facts"."odd event", FALSE) AS "odd event",
    COALESCE("facts"."too many events", FALSE) AS "too many events",
    COALESCE("facts"."repeated event", FALSE) AS "repeated event",
    CAST((
      (
        TRY_CAST(COALESCE("facts"."pack 0", 0) AS BIGINT) >> 0
      ) & 32767
    ) AS BIGINT) AS "count 0"
  FROM "leads"
  LEFT JOIN "facts"
    ON "facts"."lead" = "leads"."id"
), "leads_1" AS (
  SELECT
    *,
    CASE
      WHEN "f.seniority" IS NULL
      THEN 0
      WHEN "f.seniority" IN ('c_level')
      THEN 1
      WHEN "f.seniority" IN ('manager')
      THEN 2
      WHEN "f.seniority" IN ('student')
      THEN 3
      ELSE 4
    END AS "row of seniority",
    (
      CASE WHEN "f.seniority" = 'student' THEN (
        -500
      ) ELSE 0 END + CASE WHEN "count 0" >= 1 THEN LEAST("count 0" * 1000, 4000) ELSE 0 END
    ) AS "score.interest sum",
    CAST(NULL AS TEXT) AS "refused_by",
    CAST(NULL AS TEXT) AS "next_stage",
    CAST(NULL AS TEXT) AS "next_rule",
    LEAST("later event", "first end") AS "valid_until"
  FROM "known"
), "leads_2" AS (
  SELECT
    *,
    CAST((
      CASE WHEN "f.employees" >= 50 THEN 1000 ELSE 0 END + CASE
        WHEN "row of seniority" = 1
        THEN 4000
        WHEN "row of seniority" = 2
        THEN 1500
        ELSE 0
      END
    ) AS BIGINT) AS "grade.fit",
    CAST(CASE
      WHEN "score.interest sum" > 10000
      THEN 10000
      ELSE CASE WHEN "score.interest sum" < 0 THEN 0 ELSE "score.interest sum" END
    END AS BIGINT) AS "score.interest"
  FROM "leads_1"
), "leads_3" AS (
  SELECT
    *,
    CASE WHEN "grade.fit" >= 4000 THEN 'A' WHEN "grade.fit" >= 1500 THEN 'B' ELSE 'C' END AS "letter fit"
  FROM "leads_2"
)
SELECT
  "id" AS "id",
  "pos" AS "pos",
  COALESCE(
    (
      "odd"
      OR "odd event"
      OR "too many events"
      OR "repeated event"
      OR NOT "stage" IS NULL
      OR "stage_since" > 1780272000000000
    ),
    FALSE
  ) AS "odd",
  CASE WHEN NOT "refused_by" IS NULL THEN 'refused' ELSE 'decided' END AS "status",
  "refused_by" AS "refused_by",
  "score.interest" AS "score.interest",
  "grade.fit" AS "grade.fit",
  COALESCE("letter fit", 'insufficient data') AS "letter.fit",
  "valid_until" AS "valid_until"
FROM "leads_3"
