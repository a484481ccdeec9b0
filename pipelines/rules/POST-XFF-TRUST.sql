-- id: POST-XFF-TRUST
-- kind: posture
-- title: App trusts a forged X-Forwarded-For
-- description: The address that the app writes is not the one Heroku's router vouches for. Anyone can then choose under which address the app sees, counts and blocks them.
-- level: medium
-- sources: heroku_router, heroku_app
-- route: digest
-- prerequisite: let the app log ip and rid, and pull the logs
-- next_step: Let the app take the rightmost address of X-Forwarded-For that is no proxy of its own.
-- author: raxx
-- license: MIT
-- params: percent=1 least=50
-- arm: disagree threshold=percent baseline=never needs=heroku_app.client metric='percent of requests' key='app'

-- In the tables ids and addresses are as short as can be, and compare at once.
WITH told AS MATERIALIZED (
    SELECT DISTINCT r.source, r.ts, r.id * 16 + 1 AS rec, r.hash, r.nth,
        a.client, a.client <> r.client AS other
    FROM request AS r JOIN app AS a ON a.request_id = r.request_id
    WHERE r.ts BETWEEN :from AND :to AND a.ts BETWEEN :from AND :to
        AND r.client IS NOT NULL AND a.client IS NOT NULL
),
joined AS MATERIALIZED (
    SELECT coalesce((SELECT app FROM source WHERE id = t.source), '') AS app,
        ts, rec, hash, nth, other
    FROM told AS t
),
total AS (
    SELECT app, count(*) AS n, sum(other) AS others FROM joined GROUP BY app
)
SELECT 'disagree' AS arm, app AS key, ts, rec, hash, nth,
    100.0 * others / n AS metric,
    100.0 * others / n > :percent AS fire,
    others || ' of ' || n || ' requests' AS note, NULL AS result
FROM joined JOIN total USING (app) WHERE other AND n >= :least
UNION ALL
SELECT 'disagree', '', :to, 0, 0, 1, 0, 0,
    'requests told by both: have ' || coalesce(max(n), 0) || ', need ' || :least,
    'INSUFFICIENT_DATA'
FROM total HAVING coalesce(max(n), 0) < :least
