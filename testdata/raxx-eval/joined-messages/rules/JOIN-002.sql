-- id: JOIN-002
-- title: Unhandled exception
-- description: A traceback that says what was raised where, in lines of its own.
-- level: medium
-- sources: heroku_app
-- route: same-day
-- prerequisite: pull the logs
-- next_step: Look at the code it names.
-- author: raxx
-- license: MIT
-- params: most=1
-- arm: one window=10m threshold=most metric='tracebacks' key='exception'
SELECT 'one' AS arm, fields ->> '$.exception' AS key, ts, rec, hash, nth,
    count(*) OVER (PARTITION BY fields ->> '$.exception') AS metric, 1 >= :most AS fire,
    lines || ' lines' AS note
FROM app_events
WHERE payload = 'traceback' AND message LIKE '%/app/pay.py%'
    AND ts BETWEEN :from AND :to
