-- id: T-1
-- title: Requests for the same path
-- level: low
-- sources: heroku_router
-- route: digest
-- next_step: Look.
-- params: many=3
-- arm: main window=1h threshold=many metric='requests' key='path'
SELECT 'main' AS arm, path AS key, ts, rec, hash, nth, n AS metric,
    n >= :many AS fire, method AS note
FROM (SELECT *, count(*) OVER (PARTITION BY path ORDER BY ts, hash, nth) AS n
    FROM requests WHERE ts <= :to)
