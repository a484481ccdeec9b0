-- id: ERRORS
-- title: The app fails
-- description: The app answers with errors, request after request.
-- level: medium
-- sources: heroku_router
-- fallback: heroku_app
-- params: errors=2 share=0.5
-- site: monitor_clients
-- arm: many window=10m threshold=errors metric='errors' key='app' on=any
-- arm: most window=1h metric='share of errors' key='app' needs=heroku_router.client

WITH answer AS MATERIALIZED (
	SELECT rec, ts, hash, nth, coalesce(app, '') AS app, status
	FROM requests
	WHERE ts BETWEEN :from - 3600000000 AND :to -- of the last hour
		AND status IS NOT NULL
		AND coalesce(client, '') NOT IN
			(SELECT value FROM json_each(:monitor_clients))
),
error AS (
	SELECT *, count(*) OVER (PARTITION BY app ORDER BY ts
		RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS n
	FROM answer WHERE status BETWEEN 500 AND 599 AND ts >= :from
)
SELECT 'many' AS arm, app AS key, ts, rec, hash, nth, n AS metric,
	n >= :errors AS fire
FROM error
UNION ALL
SELECT 'most', app, ts, rec, hash, nth,
	1.0 * sum(status >= 500) OVER hour / count(*) OVER hour,
	1.0 * sum(status >= 500) OVER hour / count(*) OVER hour > :share
FROM answer
WHERE app <> '' AND status <> 404
WINDOW hour AS (PARTITION BY app ORDER BY ts
	RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
