-- id: DET-BENCH-001
-- title: Preview paths refused
-- description: The ten clients with the most different preview paths refused in five minutes.
-- level: low
-- sources: heroku_router
-- params: least=1
-- arm: most window=5m threshold=least metric='different preview paths refused' key='client'

WITH refused AS MATERIALIZED (
    SELECT rec, ts, hash, nth, path,
        substr(fwd, 1, instr(fwd || ',', ',') - 1) AS client
    FROM requests
    WHERE status BETWEEN 400 AND 499 AND path GLOB '/preview/*'
        AND ts BETWEEN :from AND :to
),
counted AS (
    SELECT *, count_distinct(path) OVER (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 300000000 PRECEDING AND CURRENT ROW) AS n
    FROM refused
),
most AS (
    SELECT *, row_number() OVER (PARTITION BY client
        ORDER BY n DESC, ts, hash, nth) AS place
    FROM counted
)
SELECT 'most' AS arm, client AS key, ts, rec, hash, nth, n AS metric, n >= :least AS fire,
    NULL AS note, NULL AS result
FROM most WHERE place = 1 ORDER BY n DESC, client LIMIT 10
