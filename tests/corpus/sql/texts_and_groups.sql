WITH "facts" AS (
  SELECT
    "lead",
    MIN(CASE WHEN "at" > 1780272000000000 THEN "at" END) AS "later event",
    BOOL_OR("odd") AS "odd event",
    COUNT("event") <> LIST_UNIQUE(LIST(HASH("event")) FILTER(WHERE
      NOT "event" IS NULL)) AS "repeated event"
  FROM "events"
  GROUP BY
    "lead"
), "known" AS (
  SELECT
    "leads".*,
    "facts"."later event" AS "later event",
    COALESCE("facts"."odd event", FALSE) AS "odd event",
    COALESCE("facts"."repeated event", FALSE) AS "repeated event"
  FROM "leads"
  LEFT JOIN "facts"
    ON "facts"."lead" = "leads"."id"
), "leads_1" AS (
  SELECT
    *,
    CASE
      WHEN STRLEN(
        CASE
          WHEN "f.title" >= '!' AND SUBSTR("f.title", (
            -1
          )) >= '!'
          THEN "f.title"
          ELSE NULLIF(TRIM("f.title", '(blanks)'), '')
        END
      ) = LENGTH(
        CASE
          WHEN "f.title" >= '!' AND SUBSTR("f.title", (
            -1
          )) >= '!'
          THEN "f.title"
          ELSE NULLIF(TRIM("f.title", '(blanks)'), '')
        END
      )
      THEN LOWER(
        CASE
          WHEN "f.title" >= '!' AND SUBSTR("f.title", (
            -1
          )) >= '!'
          THEN "f.title"
          ELSE NULLIF(TRIM("f.title", '(blanks)'), '')
        END
      )
      ELSE TRANSLATE(
        CASE
          WHEN "f.title" >= '!' AND SUBSTR("f.title", (
            -1
          )) >= '!'
          THEN "f.title"
          ELSE NULLIF(TRIM("f.title", '(blanks)'), '')
        END,
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        'abcdefghijklmnopqrstuvwxyz'
      )
    END AS "f.title folded",
    CASE
      WHEN STRLEN(
        CASE
          WHEN "f.email" >= '!' AND SUBSTR("f.email", (
            -1
          )) >= '!'
          THEN "f.email"
          ELSE NULLIF(TRIM("f.email", '(blanks)'), '')
        END
      ) = LENGTH(
        CASE
          WHEN "f.email" >= '!' AND SUBSTR("f.email", (
            -1
          )) >= '!'
          THEN "f.email"
          ELSE NULLIF(TRIM("f.email", '(blanks)'), '')
        END
      )
      THEN LOWER(
        CASE
          WHEN "f.email" >= '!' AND SUBSTR("f.email", (
            -1
          )) >= '!'
          THEN "f.email"
          ELSE NULLIF(TRIM("f.email", '(blanks)'), '')
        END
      )
      ELSE TRANSLATE(
        CASE
          WHEN "f.email" >= '!' AND SUBSTR("f.email", (
            -1
          )) >= '!'
          THEN "f.email"
          ELSE NULLIF(TRIM("f.email", '(blanks)'), '')
        END,
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        'abcdefghijklmnopqrstuvwxyz'
      )
    END AS "f.email folded",
    CAST(NULL AS TEXT) AS "refused_by",
    CAST(NULL AS TEXT) AS "next_stage",
    CAST(NULL AS TEXT) AS "next_rule",
    "later event" AS "valid_until"
  FROM "known"
), "leads_2" AS (
  SELECT
    *,
    ' ' || (
      CASE
        WHEN STRLEN("f.title folded") = LENGTH("f.title folded")
        THEN REGEXP_REPLACE("f.title folded", '[^a-z0-9]+', ' ', 'g')
        ELSE REGEXP_REPLACE(
          "f.title folded",
          '[^…]+',
          ' ',
          'g'
        )
      END
    ) || ' ' AS "f.title folded words",
    CASE
      WHEN STRPOS("f.email folded", '@') > 0
      THEN SPLIT_PART("f.email folded", '@', (
        -1
      ))
    END AS "f.email after @"
  FROM "leads_1"
), "leads_3" AS (
  SELECT
    *,
    (
      STRPOS("f.title folded words", ' vp ') > 0
      OR STRPOS("f.title folded words", ' head of sales ') > 0
    ) AS "handling.chief",
    CASE
      WHEN "f.email after @" >= '!' AND SUBSTR("f.email after @", (
        -1
      )) >= '!'
      THEN "f.email after @"
      ELSE NULLIF(TRIM("f.email after @", '(blanks)'), '')
    END AS "f.email domain"
  FROM "leads_2"
), "leads_4" AS (
  SELECT
    *,
    "f.email domain" = 'gmail.com' AS "handling.private"
  FROM "leads_3"
), "leads_5" AS (
  SELECT
    *,
    CASE
      WHEN "handling.chief"
      THEN 'chief'
      WHEN "handling.private"
      THEN 'private'
      WHEN "handling.chief" IS NULL OR "handling.private" IS NULL
      THEN 'ask'
      ELSE 'rest'
    END AS "group.handling"
  FROM "leads_4"
)
SELECT
  "id" AS "id",
  "pos" AS "pos",
  COALESCE(
    (
      "odd"
      OR "odd event"
      OR "repeated event"
      OR NOT "stage" IS NULL
      OR "stage_since" > 1780272000000000
    ),
    FALSE
  ) AS "odd",
  CASE WHEN NOT "refused_by" IS NULL THEN 'refused' ELSE 'decided' END AS "status",
  "refused_by" AS "refused_by",
  "group.handling" AS "group.handling",
  "valid_until" AS "valid_until"
FROM "leads_5"
