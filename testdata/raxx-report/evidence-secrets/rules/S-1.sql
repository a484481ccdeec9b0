-- id: S-1
-- title: Everything
-- description: Every record, to see how its lines are shown.
-- level: low
-- sources: heroku_app
-- route: digest
-- prerequisite: none
-- next_step: Look.
-- author: raxx
-- license: MIT
-- arm: app window=24h metric='records' key='kind'
-- arm: router window=24h metric='records' key='kind'
-- arm: dump window=24h metric='records' key='kind'
SELECT 'app' AS arm, 'app' AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire
FROM app_events WHERE ts BETWEEN :from AND :to
UNION ALL
SELECT 'router', 'router', ts, rec, hash, nth, 1, 1
FROM requests WHERE ts BETWEEN :from AND :to
UNION ALL
SELECT 'dump', 'dump', ts, rec, hash, nth, 1, 1
FROM csv_accounts WHERE ts BETWEEN :from AND :to
UNION ALL
SELECT 'dump', 'dump', ts, rec, hash, nth, 1, 1
FROM csv_config_var WHERE ts BETWEEN :from AND :to
