-- id: POST-DRAIN-MISSING
-- kind: posture
-- title: Log drain missing
-- description: No log drain is wired, or one that is wired brings nothing although the app runs, or Heroku cannot deliver to it. Rules then depend on pulls made by hand.
-- level: high
-- sources: drain_list
-- fallback: heroku_drain
-- route: same-day
-- prerequisite: export heroku drains --json of the app
-- next_step: Wire a drain (heroku drains:add) and see frames arrive; 1,500 lines of a pull are minutes of a busy app.
-- author: raxx
-- license: MIT
-- params: drains=1 quiet_min=15 notices=2
-- scan: dump_row 'once: what a LEFT JOIN may find nothing of is read whole'
-- site: apps
-- arm: none threshold=drains baseline=never standing=yes metric='drains' key='app'
-- arm: quiet threshold=quiet_min baseline=never standing=yes on=any needs=heroku_drain metric='minutes without a frame' key='app'
-- arm: failing threshold=notices baseline=never on=any metric='notices of failed delivery' key='app'

-- quiet: what another input shows of the app after the last frame proves that
-- the app had something to say. failing: L14 at once, L10 and L13 repeated.
WITH export AS MATERIALIZED (
    SELECT app, name, arrived, row_number() OVER (PARTITION BY app
        ORDER BY arrived DESC, digest) AS age
    FROM source WHERE dump = 'drain' AND arrived <= :to
        AND (app IS NULL OR app IN
            (SELECT value ->> '$.name' FROM json_each(:apps)))
),
listed AS (
    SELECT coalesce(e.app, '') AS app, e.name, e.arrived, count(d.rec) AS n
    FROM export AS e LEFT JOIN drains AS d
        ON d.app IS e.app AND d.ts = e.arrived
    WHERE e.age = 1
    GROUP BY e.app, e.name, e.arrived
),
flow AS (
    SELECT coalesce(s.app, '') AS app,
        max(CASE WHEN s.form = 'drain' THEN p.stop END) AS frames,
        max(CASE WHEN s.form <> 'drain' THEN p.stop END) AS lines
    FROM span AS p JOIN source AS s ON s.id = p.source
    WHERE s.form <> 'dump' AND p.start <= :to
    GROUP BY s.app
),
notice AS (
    SELECT coalesce(app, '') AS app, ts, rec, hash, nth, code,
        count(*) OVER (PARTITION BY app, code) AS n
    FROM losses
    WHERE ts BETWEEN :from AND :to AND code IN ('L10', 'L13', 'L14')
)
SELECT 'none' AS arm, app AS key, arrived AS ts, 0 AS rec,
    0 AS hash, 1 AS nth, n AS metric, n < :drains AS fire,
    n || ' drains in ' || name AS note, NULL AS result
FROM listed
UNION ALL
SELECT 'quiet', app, min(lines, :to), 0, 0, 1,
    (min(lines, :to) - frames) / 60000000,
    min(lines, :to) - frames >= :quiet_min * 60000000,
    'last frame ' || strftime('%Y-%m-%dT%H:%M:%SZ', frames / 1000000,
        'unixepoch') || ', later lines in pulls', NULL
FROM flow WHERE frames < min(lines, :to)
UNION ALL
SELECT 'failing', app, ts, rec, hash, nth, n, code = 'L14' OR n >= :notices,
    n || ' times ' || code, NULL
FROM notice
UNION ALL
SELECT 'none', '', :to, 0, 0, 1, 0, 0,
    'no drains export of an app of site.yml from before the window''s end',
    'NOT_EVALUATED'
WHERE NOT EXISTS (SELECT 1 FROM listed)
