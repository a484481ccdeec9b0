-- id: POST-SOURCE-STALE
-- kind: posture
-- title: Source is stale
-- description: The newest record of a source is older than twice the period at which site.yml expects it. What never arrived is not stale but missing; then nobody knows whether all sources are fresh, and the check says so.
-- level: medium
-- route: digest
-- next_step: Fetch the source again, or mend what should bring it.
-- author: raxx
-- license: MIT
-- params: periods=2
-- site: sources
-- arm: age threshold=periods baseline=never metric='periods since the newest record' key='source'

WITH newest(name, ts) AS (
    SELECT 'heroku_router', max(ts) FROM request
    UNION ALL SELECT 'heroku_app', max(ts) FROM app
    UNION ALL SELECT 'heroku_platform', (SELECT max(x) FROM
        (SELECT max(ts) AS x FROM platform
        UNION ALL SELECT max(ts) FROM metric))
    UNION ALL SELECT 'heroku_drain', (SELECT max(p.stop) FROM span AS p
        JOIN source AS s ON s.id = p.source WHERE s.form = 'drain')
    UNION ALL SELECT 'access_lines', max(ts) FROM access
    UNION ALL SELECT 'postgres_lines', max(ts) FROM app
        WHERE ts <= :now AND payload = 5
    UNION ALL SELECT 'auth_events', max(ts) FROM app_events
        WHERE ts <= :now AND event IN ('auth.passkey.begin',
            'auth.passkey.finish', 'register.begin', 'session.created',
            'session.refreshed')
    UNION ALL SELECT 'preview_events', max(ts) FROM app_events
        WHERE ts <= :now AND event IN ('preview.request', 'nda.shown',
            'nda.accepted')
    UNION ALL SELECT key, value FROM json_each(:dumps)
),
-- A key file is read anew at every run: it has no age.
expected AS MATERIALIZED (
    SELECT s.value ->> '$.name' AS name, n.ts,
        span_us(s.value ->> '$.period') AS period
    FROM json_each(:sources) AS s LEFT JOIN newest AS n
        ON n.name = s.value ->> '$.name'
    WHERE s.value ->> '$.name' <> 'audit_chain_key'
),
aged AS (SELECT * FROM expected WHERE ts IS NOT NULL),
missing AS (
    SELECT count(*) AS n, group_concat(name, ', ') AS names
    FROM (SELECT name FROM expected WHERE ts IS NULL ORDER BY name)
)
SELECT 'age' AS arm, name AS key, :to AS ts, 0 AS rec, 0 AS hash, 1 AS nth,
    max(0, :now - ts) / period AS metric,
    :now - ts > :periods * period AS fire,
    'newest ' || strftime('%Y-%m-%dT%H:%M:%SZ', ts / 1000000, 'unixepoch')
        || ', expected every ' || (period / 60000000) || ' min' AS note,
    NULL AS result
FROM aged WHERE period > 0
UNION ALL
SELECT 'age', '', :to, 0, 0, 1, 0, 0,
    'site.yml gives no period for ' || name, 'NOT_EVALUATED'
FROM aged WHERE coalesce(period, 0) = 0
UNION ALL
SELECT 'age', '', :to, 0, 0, 1, 0, 0, 'never came: ' || names,
    'INSUFFICIENT_DATA'
FROM missing WHERE n > 0 AND EXISTS (SELECT 1 FROM aged)
UNION ALL
SELECT 'age', '', :to, 0, 0, 1, 0, 0,
    'no source of site.yml has any record', 'NOT_EVALUATED'
WHERE NOT EXISTS (SELECT 1 FROM aged)
