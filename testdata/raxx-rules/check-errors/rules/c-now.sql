-- id: C
-- title: Another answer every day
-- level: low
-- sources: heroku_router
-- arm: main window=10m

SELECT client AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire
FROM requests
WHERE ts > unixepoch('now', '-1 day') * 1000000
