-- id: A
-- title: Unknown column
-- level: low
-- sources: heroku_router
-- arm: main window=10m

SELECT client AS key, ts, rec, hash, nth, 1 AS metric,
	statsu = 404 AS fire
FROM requests WHERE ts BETWEEN :from AND :to
