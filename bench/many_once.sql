-- `events` without those that repeat the id of an earlier event of their lead. `given` is the file.
-- Hardly a lead has one, so the leads that do are found first, and only theirs are put in order.
CREATE TEMP VIEW events AS
WITH repeating AS MATERIALIZED (
    SELECT lead
    FROM given
    WHERE "at" <= getvariable('as_of')
    GROUP BY lead
    HAVING count(DISTINCT nullif(trim(id), '')) < count(nullif(trim(id), ''))
)
SELECT * FROM given WHERE lead NOT IN (FROM repeating)
UNION ALL
SELECT *
FROM given
WHERE lead IN (FROM repeating)
QUALIFY "at" > getvariable('as_of')
    OR nullif(trim(id), '') IS NULL
    OR row_number() OVER (PARTITION BY lead, id ORDER BY "at", kind) = 1
