-- id: E-1
-- title: Boom
-- description: Everything that says boom, of every shape.
-- level: high
-- sources: heroku_app, waitlist_signups
-- route: same-day
-- prerequisite: none
-- next_step: Look.
-- author: raxx
-- license: MIT
-- arm: main window=24h metric='booms' key='word'
SELECT 'main' AS arm, 'boom' AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire
FROM app_events WHERE message LIKE '%boom%' AND ts BETWEEN :from AND :to
UNION ALL
SELECT 'main', 'boom', ts, rec, hash, nth, 1, 1
FROM waitlist_signups WHERE referrer LIKE '%boom%' AND ts BETWEEN :from AND :to
