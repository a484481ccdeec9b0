-- id: POST-SENTRY-OFF
-- kind: posture
-- title: Sentry is off
-- description: The app has no Sentry DSN, or the router saw server errors in hours in which Sentry saw none. Errors of the app are then invisible to whoever watches Sentry.
-- level: high
-- sources: config_vars
-- fallback: sentry_events, heroku_router
-- route: same-day
-- prerequisite: export heroku config --json of the app
-- next_step: Turn sentry_backend on, set SENTRY_DSN, and provoke one error to see it arrive.
-- author: raxx
-- license: MIT
-- params: errors=1
-- scan: dump_row 'once: what a LEFT JOIN may find nothing of is read whole'
-- site: apps
-- arm: dsn threshold=errors baseline=never standing=yes metric='unset' key='app'
-- arm: silent threshold=errors baseline=never on=any needs=sentry_events,heroku_router metric='server errors in an hour without a Sentry event' key='app'

-- The newest export of each app of site.yml counts. An hour counts only when
-- the Sentry export was taken after it. Aborted requests are the client's; in
-- maintenance (H80) the router answers, and the app has nothing to report.
WITH export AS MATERIALIZED (
    SELECT app, name, arrived, row_number() OVER (PARTITION BY app
        ORDER BY arrived DESC, digest) AS age
    FROM source WHERE dump = 'config_var' AND arrived <= :to
        AND (app IS NULL OR app IN
            (SELECT value ->> '$.name' FROM json_each(:apps)))
),
dsn AS (
    SELECT coalesce(e.app, '') AS app, e.name, e.arrived, v.rec, v.hash, v.nth,
        v.length
    FROM export AS e LEFT JOIN config_vars AS v
        ON v.app IS e.app AND v.ts = e.arrived AND v.name = 'SENTRY_DSN'
    WHERE e.age = 1
),
failed AS MATERIALIZED (
    SELECT coalesce(app, '') AS app, ts, rec, hash, nth, ts / 3600000000 AS hour
    FROM requests
    WHERE ts BETWEEN :from AND min(:to, :dumps ->> '$.sentry_events')
        AND status >= 500 AND coalesce(code, '') NOT IN ('H18', 'H27', 'H80')
),
counted AS (
    SELECT *, count(*) OVER (PARTITION BY app, hour) AS n FROM failed
    WHERE hour NOT IN (SELECT ts / 3600000000 FROM sentry_events
        WHERE ts BETWEEN :from - 3600000000 AND :to + 3600000000)
)
SELECT 'dsn' AS arm, app AS key, arrived AS ts,
    coalesce(rec, 0) AS rec, coalesce(hash, 0) AS hash, coalesce(nth, 1) AS nth,
    1 AS metric, coalesce(length, 0) = 0 AS fire,
    'SENTRY_DSN is ' || CASE WHEN rec IS NULL THEN 'not in ' ELSE 'empty in ' END
        || name AS note,
    NULL AS result
FROM dsn
UNION ALL
SELECT 'silent', app, ts, rec, hash, nth, n, n >= :errors,
    n || ' server errors in an hour without a Sentry event', NULL
FROM counted
UNION ALL
SELECT 'dsn', '', :to, 0, 0, 1, 0, 0,
    'no config export of an app of site.yml from before the window''s end',
    'NOT_EVALUATED'
WHERE NOT EXISTS (SELECT 1 FROM dsn)
