-- id: ENDLESS
-- title: It does not end
-- description: It counts, and counts, and counts.
-- level: low
-- sources: heroku_router
-- params: rows=1
-- arm: a window=1m threshold=rows metric='rows'

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT 'k' AS key, ts, rec, hash, nth, (SELECT count(*) FROM n) AS metric,
	1 >= :rows AS fire
FROM requests
