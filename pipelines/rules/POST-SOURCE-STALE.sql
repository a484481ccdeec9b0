-- id: POST-SOURCE-STALE
-- kind: posture
-- title: Source is stale
-- description: The newest record of a source is older than twice the period at which site.yml expects it. What never arrived is not stale but missing: rules that need it are dormant.
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
    UNION ALL SELECT 'heroku_platform', max((SELECT max(ts) FROM platform),
        coalesce((SELECT max(ts) FROM metric), 0))
    UNION ALL SELECT 'heroku_drain', (SELECT max(p.stop) FROM span AS p
        JOIN source AS s ON s.id = p.source WHERE s.form = 'drain')
    UNION ALL SELECT key, value FROM json_each(:dumps)
),
aged AS (
    SELECT s.value ->> '$.name' AS name, n.ts,
        span_us(s.value ->> '$.period') AS period
    FROM json_each(:sources) AS s JOIN newest AS n
        ON n.name = s.value ->> '$.name'
    WHERE n.ts IS NOT NULL
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
SELECT 'age', '', :to, 0, 0, 1, 0, 0,
    'no source of site.yml has any record', 'NOT_EVALUATED'
WHERE NOT EXISTS (SELECT 1 FROM aged)
