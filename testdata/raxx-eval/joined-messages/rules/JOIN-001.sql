-- id: JOIN-001
-- title: Refused administrator
-- description: An event that is an event only when its line, cut at 10,000 bytes, is whole.
-- level: high
-- sources: heroku_app
-- route: same-day
-- prerequisite: pull the logs
-- next_step: Ask the administrator.
-- author: raxx
-- license: MIT
-- params: most=1
-- arm: one window=10m threshold=most metric='refusals' key='id'
SELECT 'one' AS arm, id_h AS key, ts, rec, hash, nth, 1 AS metric, 1 >= :most AS fire,
    joined || ' of ' || lines AS note
FROM app_events
WHERE event = 'admin_login' AND ok = 0 AND ts BETWEEN :from AND :to
