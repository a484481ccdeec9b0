-- id: ALL
-- title: All that ever was
-- level: low
-- sources: heroku_router
-- scan: access 'two rows a week'
-- scan: app 'not read at all'
-- arm: main window=10m
-- arm: other window=10m

WITH old AS (
	SELECT client FROM requests GROUP BY client HAVING min(ts) < :from
),
seen AS (
	SELECT rec, ts, hash, nth, client AS key FROM requests
	WHERE ts BETWEEN :from AND :to AND client NOT IN (SELECT client FROM old)
		AND EXISTS (SELECT 1 FROM access)
)
SELECT 'main' AS arm, key, ts, rec, hash, nth, 1 AS metric, 1 AS fire FROM seen
