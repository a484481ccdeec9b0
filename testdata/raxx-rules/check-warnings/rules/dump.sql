-- id: DUMP
-- title: A dump of our own
-- level: low
-- sources: heroku_router
-- arm: main window=10m

SELECT c_name AS key, ts, rec, hash, nth, 1 AS metric, 1 AS fire
FROM csv_invoices WHERE ts BETWEEN :from AND :to
