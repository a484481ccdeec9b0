-- id: POST-SECRET-MISMATCH
-- kind: posture
-- title: Shared secret differs
-- description: INTERNAL_API_SECRET is not the same in both apps, told by keyed fingerprints, never by values. Every call from one to the other is then refused: DET-BETA-003 would see it only when testers do.
-- level: high
-- sources: config_vars
-- route: same-day
-- prerequisite: export heroku config --json of both apps
-- next_step: Set the same value in both apps and restart the older one.
-- author: raxx
-- license: MIT
-- params: values=2
-- arm: fingerprint threshold=values baseline=never standing=yes metric='different values' key='variable'

-- The newest export of each app counts; fingerprints of one key file compare.
WITH export AS MATERIALIZED (
    SELECT app, arrived, row_number() OVER (PARTITION BY app
        ORDER BY arrived DESC, digest) AS age
    FROM source WHERE dump = 'config_var' AND arrived <= :to
),
held AS MATERIALIZED (
    SELECT v.app, v.rec, v.hash, v.nth, v.value, e.arrived
    FROM export AS e JOIN config_vars AS v
        ON v.app IS e.app AND v.ts = e.arrived
    WHERE e.age = 1 AND v.name = 'INTERNAL_API_SECRET' AND v.length > 0
),
compared AS (
    SELECT *, count_distinct(value) OVER () AS n FROM held
)
SELECT 'fingerprint' AS arm, 'INTERNAL_API_SECRET' AS key,
    arrived AS ts, rec, hash, nth, n AS metric,
    n >= :values AS fire, NULL AS note, NULL AS result
FROM compared
UNION ALL
SELECT 'fingerprint', '', :to, 0, 0, 1, 0, 0,
    'exports of two apps that have it are needed, have ' || count(DISTINCT app),
    'NOT_EVALUATED'
FROM held HAVING count(DISTINCT app) < 2
