-- id: DET-BETA-002
-- title: Preview screen scraping
-- description: One preview link opens more different screens than a person looks at, in minutes or over a day.
-- level: medium
-- sources: heroku_router
-- route: same-day
-- prerequisite: pull the router logs or wire the Logplex drain
-- next_step: Ask the holder of the link; if it was not them, revoke the token and look which screens were served.
-- author: raxx
-- license: MIT
-- params: fast=25 catalogue=12 catalogue_share=0.8 slow=40 slow_factor=3 burst=8
-- site: screen_catalogue, monitor_clients
-- arm: fast window=10m threshold=fast metric='distinct screens' key='token'
-- arm: catalogue window=15m threshold=catalogue metric='distinct screens of the catalogue' key='token'
-- arm: slow window=24h threshold=slow metric='distinct screens' key='token'

-- A browser that fetches the next screens ahead makes a burst: requests less
-- than 2 s apart, 2 s long at most, of few screens. The fast arm counts a burst
-- as its first screen; a longer or wider burst is no prefetch and counts fully.
-- The slow arm compares with the median day of a tester before the day in which
-- its window begins, else a run over midnight would be its own measure.
WITH page AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token,
        path_segment(path, 'screens') AS screen,
        ts / 86400000000 AS day
    FROM requests
    WHERE ts <= :to AND status = 200 AND token IS NOT NULL
        AND path_segment(path, 'screens') IS NOT NULL
        AND (client IS NULL
            OR client NOT IN (SELECT value FROM json_each(:monitor_clients)))
),
tester_day AS MATERIALIZED (
    SELECT token, day, count(DISTINCT screen) AS screens
    FROM page GROUP BY token, day
),
usual AS MATERIALIZED (
    SELECT d.day, (SELECT median(t.screens) FROM tester_day AS t
        WHERE t.day < d.day - 1) AS screens
    FROM (SELECT DISTINCT day FROM page WHERE ts >= :from) AS d
),
near AS (
    SELECT *, coalesce(ts - lag(ts) OVER (PARTITION BY token
        ORDER BY ts, hash, nth) < 2000000, 0) AS follows
    FROM page WHERE ts >= :from - 86400000000
),
burst AS (
    SELECT *, sum(NOT follows) OVER (PARTITION BY token
        ORDER BY ts, hash, nth ROWS UNBOUNDED PRECEDING) AS nr
    FROM near
),
sized AS (
    SELECT *,
        max(ts) OVER whole - min(ts) OVER whole <= 2000000
            AND count_distinct(screen) OVER whole <= :burst AS prefetch
    FROM burst
    WINDOW whole AS (PARTITION BY token, nr)
),
seen AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token, day,
        count_distinct(CASE WHEN NOT (follows AND prefetch) THEN screen END)
            OVER (PARTITION BY token ORDER BY ts
                RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS in_10m,
        count_distinct(CASE WHEN screen IN
            (SELECT value FROM json_each(:screen_catalogue)) THEN screen END)
            OVER (PARTITION BY token ORDER BY ts
                RANGE BETWEEN 900000000 PRECEDING AND CURRENT ROW) AS in_15m,
        count_distinct(screen) OVER (PARTITION BY token ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS in_24h
    FROM sized
)
SELECT 'fast' AS arm, token AS key, ts, rec, hash, nth,
    in_10m AS metric, in_10m >= :fast AS fire, NULL AS note
FROM seen
UNION ALL
SELECT 'catalogue', token, ts, rec, hash, nth, in_15m,
    in_15m >= :catalogue AND in_15m >= :catalogue_share * (SELECT count(*)
        FROM json_each(:screen_catalogue)),
    NULL
FROM seen
UNION ALL
SELECT 'slow', token, ts, rec, hash, nth, in_24h,
    in_24h >= :slow
        AND in_24h >= :slow_factor * coalesce(usual.screens, 0),
    CASE WHEN usual.screens IS NOT NULL
        THEN 'median tester day: ' || usual.screens || ' screens' END
FROM seen LEFT JOIN usual USING (day)
