-- id: POST-CONFIG-UNSET
-- kind: posture
-- title: Config var unset or wrong
-- description: A config var that site.yml expects is not set, so that the app falls back to a default of its own, or points to a host that is not expected, or not over https. Values are never read, only scheme and host.
-- level: high
-- sources: config_vars
-- route: same-day
-- prerequisite: export heroku config --json of the app
-- next_step: Set the variable to the right address, then open a preview link.
-- author: raxx
-- license: MIT
-- params: wrong=1
-- scan: dump_row 'once: what a LEFT JOIN may find nothing of is read whole'
-- site: apps, config_expected
-- arm: unset threshold=wrong baseline=never standing=yes level=medium metric='unset' key='variable'
-- arm: host threshold=wrong baseline=never standing=yes level=high metric='wrong' key='variable'

-- The newest export of each app of site.yml counts, taken before the window or in
-- it: it holds until the next.
WITH export AS MATERIALIZED (
    SELECT app, name, arrived, row_number() OVER (PARTITION BY app
        ORDER BY arrived DESC, digest) AS age
    FROM source WHERE dump = 'config_var' AND arrived <= :to
        AND (app IS NULL OR app IN
            (SELECT value ->> '$.name' FROM json_each(:apps)))
),
expected AS (
    SELECT key AS variable, value ->> '$.https' AS https,
        value -> '$.hosts' AS hosts
    FROM json_each(:config_expected)
),
found AS (
    SELECT e.app, e.name, e.arrived, x.variable, x.https, x.hosts,
        v.rec, v.hash, v.nth, v.length, v.url_scheme, v.url_host
    FROM export AS e JOIN expected AS x LEFT JOIN config_vars AS v
        ON v.app IS e.app AND v.ts = e.arrived AND v.name = x.variable
    WHERE e.age = 1
),
judged AS (
    SELECT *, coalesce(app || ' ', '') || variable AS key,
        coalesce(length, 0) = 0 AS unset,
        (https AND coalesce(url_scheme, '') <> 'https') IS TRUE AS plain,
        (hosts IS NOT NULL AND lower(coalesce(url_host, '')) NOT IN
            (SELECT lower(value) FROM json_each(hosts))) IS TRUE AS elsewhere
    FROM found
)
SELECT 'unset' AS arm, key, arrived AS ts,
    coalesce(rec, 0) AS rec, coalesce(hash, 0) AS hash, coalesce(nth, 1) AS nth,
    1 AS metric, unset >= :wrong AS fire,
    CASE WHEN rec IS NULL THEN 'not in ' ELSE 'empty in ' END || name AS note,
    NULL AS result
FROM judged
UNION ALL
SELECT 'host', key, arrived, rec, hash, nth, 1,
    plain + elsewhere >= :wrong,
    CASE WHEN elsewhere THEN 'host ' || coalesce(url_host, 'unknown')
        || ' is not expected' ELSE 'host ' || url_host || ' is expected' END
        || CASE WHEN plain THEN '; not https' ELSE '' END, NULL
FROM judged WHERE NOT unset
UNION ALL
SELECT a.column1, '', :to, 0, 0, 1, 0, 0,
    'no config export of an app of site.yml from before the window''s end',
    'NOT_EVALUATED'
FROM (VALUES ('unset'), ('host')) AS a
WHERE NOT EXISTS (SELECT 1 FROM found)
