-- id: DET-DATA-001
-- title: Audit log gap window
-- description: Audit rows that should exist do not: audited requests without a row, missing sequence numbers, an unlikely silence.
-- level: high
-- sources: customer_audit_events, heroku_router
-- fallback: customer_audit_events
-- route: same-day
-- prerequisite: dump customer_audit_events and pull the logs of the same hours; 7 covered days for the silence test
-- next_step: Look what the app logged at that time and whether the writer failed; if it did not, ask who could delete rows and compare with a backup.
-- author: raxx
-- license: MIT
-- params: cross=3 near_s=120 pause_s=120 days=7 rows=50 budget=0.1 gapless=1
--     silence_h=1 hole=10 hole_factor=5 fallen=1 open_s=300 back_s=300
-- site: audited_routes
-- scan: dump_customer_audit_events 'numbers and rates are those of the table'
-- scan: platform 'a maintenance, and a silence, may have begun long before'
-- arm: cross window=10m threshold=cross on=any
--     metric='audited requests without an audit row' key='tenants'
-- arm: silence baseline=never on=any level=informational
--     metric='hours without a row' key='tenants'
-- arm: sequence threshold=gapless baseline=never standing=yes on=any
--     metric='rows that are missing' key='tenant'
-- arm: ids threshold=hole baseline=never on=any level=low
--     metric='missing ids' key='tenants'
-- arm: fell threshold=fallen baseline=never on=any level=low
--     metric='ids that are gone from the end' key='tenants'
-- arm: back threshold=back_s baseline=never on=any level=low
--     metric='seconds before the time of an earlier id' key='tenants'

-- cross: a row that names its request speaks for that one only, any other for
-- one request within near_s. What counts is how many requests have no row near
-- them, or by how many they outnumber all rows near them. Left out: requests
-- before the table's first row (retention), after the dump, in maintenance (H80)
-- and within pause_s of a release or restart.
--
-- silence: the expected number of such gaps in a week, from the rate of each
-- quarter of the day, is at most the budget, and it is over :silence_h hours
-- long; not in maintenance. It is worth a line only (low) where a request or a
-- number is missing too.
--
-- sequence, ids, fell: of the newest dump, with rows before its start from older
-- ones; its start is no hole (retention), nor where two dumps meet. seq has no holes
-- by design, ids have small ones, and those of open transactions at the end.
WITH route AS MATERIALIZED (
    SELECT m.value AS method, r.value ->> '$.prefix' AS prefix
    FROM json_each(:audited_routes) AS r, json_each(r.value, '$.methods') AS m
),
dump AS MATERIALIZED (
    SELECT id, coalesce(app, '') AS app, arrived,
        row_number() OVER (PARTITION BY coalesce(app, '')
            ORDER BY arrived, digest) AS nr
    FROM source WHERE dump = 'customer_audit_events'
),
newest AS MATERIALIZED (
    SELECT app, max(nr) AS nr, max(arrived) AS arrived FROM dump GROUP BY app
),
again AS MATERIALIZED (
    SELECT a.rec >> 4 AS id, max(d.nr) AS last
    FROM dump AS d CROSS JOIN also AS a ON a.source = d.id
    WHERE a.rec & 15 = 10 GROUP BY a.rec
),
line AS MATERIALIZED (
    SELECT r.id * 16 + 10 AS rec, r.ts, r.hash, r.nth, d.app, r.seq,
        coalesce(r.tenant_id, 'unknown') AS tenant,
        iif(typeof(number(r.row_id)) = 'integer', number(r.row_id), NULL) AS id,
        CASE WHEN json_valid(r.detail) THEN r.detail ->> '$.request_id' END
            AS request_id,
        coalesce(a.last, d.nr) AS last, n.nr AS newest, n.arrived AS taken
    FROM dump_customer_audit_events AS r
        CROSS JOIN dump AS d ON d.id = r.source
        CROSS JOIN newest AS n ON n.app = d.app
        LEFT JOIN again AS a ON a.id = r.id
),
table_span AS MATERIALIZED (
    SELECT min(ts) AS first, (SELECT max(arrived) FROM newest) AS taken
    FROM line
),
-- --- pauses ------------------------------------------------------------------
maintenance AS MATERIALIZED (
    SELECT ts AS start, coalesce(stop, :to) AS stop
    FROM (SELECT ts, event, lead(ts) OVER (ORDER BY ts, hash, nth) AS stop
        FROM platform_events
        WHERE event IN ('maintenance-on', 'maintenance-off'))
    WHERE event = 'maintenance-on'
    UNION ALL
    SELECT ts - :near_s * 1000000, ts + :near_s * 1000000
    FROM requests
    WHERE code = 'H80' AND ts BETWEEN :from - 604800000000 AND :to
),
pause AS MATERIALIZED (
    SELECT start, stop FROM maintenance
    UNION ALL
    SELECT ts - :pause_s * 1000000, ts + :pause_s * 1000000
    FROM platform_events
    WHERE event IN ('release', 'rollback', 'deploy', 'stop', 'restart', 'exit')
        OR (event = 'state' AND to_state IN ('starting', 'up'))
),
-- --- cross -------------------------------------------------------------------
audited AS MATERIALIZED (
    SELECT q.rec, q.ts, q.hash, q.nth, q.request_id
    FROM requests AS q JOIN route AS r ON r.method = q.method
        AND substr(q.path, 1, length(r.prefix)) = r.prefix
    WHERE q.status BETWEEN 200 AND 299
        AND q.ts BETWEEN :from - 1200000000 AND :to
    GROUP BY q.rec
    UNION ALL
    SELECT q.rec, q.ts, q.hash, q.nth, q.request_id
    FROM access_lines AS q JOIN route AS r ON r.method = q.method
        AND substr(q.path, 1, length(r.prefix)) = r.prefix
    WHERE q.status BETWEEN 200 AND 299
        AND q.ts BETWEEN :from - 1200000000 AND :to
        AND NOT EXISTS (SELECT 1 FROM request WHERE ts <= :to)
    GROUP BY q.rec
),
unnamed AS (
    SELECT a.rec, a.ts, a.hash, a.nth FROM audited AS a, table_span AS t
    WHERE a.ts <= t.taken - :near_s * 1000000
        AND coalesce(a.ts >= t.first - :near_s * 1000000, 1)
        AND (a.request_id IS NULL OR a.request_id NOT IN
            (SELECT request_id FROM line WHERE request_id IS NOT NULL))
),
paused AS (
    SELECT rec, ts, hash, nth, max(stop) OVER (ORDER BY ts
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS until
    FROM (SELECT rec, ts, hash, nth, NULL AS stop FROM unnamed
        UNION ALL SELECT NULL, start, NULL, NULL, stop FROM pause)
),
met AS (
    SELECT rec, ts, hash, nth, 1 AS open, 0 AS row FROM paused
    WHERE rec IS NOT NULL AND (until >= ts) IS NOT TRUE
    UNION ALL
    SELECT rec, ts, hash, nth, 0, 1 FROM line WHERE request_id IS NULL
        AND ts BETWEEN :from - 2400000000 AND :to + :near_s * 1000000
),
measured AS (
    SELECT *, sum(row) OVER (ORDER BY ts
            RANGE BETWEEN :near_s * 1000000 PRECEDING
                AND :near_s * 1000000 FOLLOWING) AS near,
        sum(open) OVER (ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
        - sum(row) OVER (ORDER BY ts
            RANGE BETWEEN 600000000 + :near_s * 1000000 PRECEDING
                AND :near_s * 1000000 FOLLOWING) AS excess
    FROM met
),
bare AS MATERIALIZED (
    SELECT rec, ts, hash, nth, near, excess,
        sum(near = 0) OVER (ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS alone
    FROM measured WHERE open
),
-- --- sequence ----------------------------------------------------------------
reach AS MATERIALIZED (
    SELECT app, min(ts) AS start FROM line WHERE last = newest GROUP BY app
),
tenant_reach AS MATERIALIZED (
    SELECT app, tenant, min(seq) AS lo, max(seq) AS hi, min(id) AS id_lo
    FROM line WHERE last = newest GROUP BY app, tenant
),
id_reach AS MATERIALIZED (
    SELECT app, min(iif(last = newest, id, NULL)) AS lo,
        max(iif(last = newest, id, NULL)) AS hi, max(id) AS top
    FROM line GROUP BY app
),
step AS (
    SELECT l.*, lag(l.seq) OVER way AS seq_before,
        lag(l.last) OVER way AS last_before
    FROM line AS l LEFT JOIN tenant_reach AS t
        ON t.app = l.app AND t.tenant = l.tenant
    WHERE l.seq IS NOT NULL
        AND (l.last = l.newest OR t.lo IS NULL OR l.seq < t.lo)
    WINDOW way AS (PARTITION BY l.app, l.tenant ORDER BY l.seq, l.hash, l.nth)
),
lost AS (
    SELECT l.*, count(*) OVER of_tenant AS n,
        row_number() OVER (PARTITION BY l.app, l.tenant
            ORDER BY l.seq, l.hash, l.nth) AS nr
    FROM line AS l LEFT JOIN tenant_reach AS t
            ON t.app = l.app AND t.tenant = l.tenant
        LEFT JOIN reach AS r ON r.app = l.app
    WHERE l.last < l.newest AND l.seq IS NOT NULL AND (l.seq > t.hi
        OR (t.hi IS NULL AND coalesce(l.ts >= r.start, 1)))
    WINDOW of_tenant AS (PARTITION BY l.app, l.tenant)
),
missing AS MATERIALIZED (
    SELECT rec, ts, hash, nth, tenant, seq - seq_before - 1 AS n,
        'seq ' || (seq_before + 1) || iif(seq > seq_before + 2,
            '-' || (seq - 1), '') || ' missing' AS note
    FROM step
    WHERE seq > seq_before + 1 AND NOT (last = newest AND last_before < newest)
    UNION ALL
    SELECT rec, ts, hash, nth, tenant, n,
        'seq ' || seq || ' and what followed are gone since an earlier dump'
    FROM lost WHERE nr = 1
),
id_step AS MATERIALIZED (
    SELECT l.*, l.id - lag(l.id) OVER way - 1 AS hole,
        lag(l.last) OVER way AS last_before,
        max(l.ts) OVER (PARTITION BY l.app ORDER BY l.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ts_before
    FROM line AS l LEFT JOIN id_reach AS t ON t.app = l.app
    WHERE l.id IS NOT NULL
        AND (l.last = l.newest OR t.lo IS NULL OR l.id < t.lo)
    WINDOW way AS (PARTITION BY l.app ORDER BY l.id, l.hash, l.nth)
),
-- The lower median of all holes but the largest.
usual_hole AS MATERIALIZED (
    SELECT coalesce(max(hole), 0) AS n FROM (
        SELECT hole, row_number() OVER (ORDER BY hole) AS place,
            count(*) OVER () AS holes
        FROM id_step WHERE hole > 0)
    WHERE place = holes / 2
),
-- --- silence -----------------------------------------------------------------
part(nr) AS (VALUES (0), (1), (2), (3)),
stretch AS MATERIALIZED (
    SELECT rec, ts, hash, nth, lag(ts) OVER (ORDER BY ts, hash, nth) AS start,
        ts AS stop
    FROM line WHERE ts <= :to
    UNION ALL
    SELECT rec, ts, hash, nth, ts, min(:to, taken)
    FROM (SELECT l.*, row_number() OVER (ORDER BY l.ts DESC, l.hash, l.nth)
        AS back FROM line AS l WHERE l.ts <= :to)
    WHERE back = 1 AND ts < min(:to, taken)
),
-- Hours of [start, stop] in each quarter of the day.
clock AS (
    SELECT s.rec, s.start, s.stop, p.nr, ((s.stop / 86400000000
            - s.start / 86400000000) * 21600000000
        + max(0, min(21600000000, s.stop % 86400000000 - p.nr * 21600000000))
        - max(0, min(21600000000, s.start % 86400000000 - p.nr * 21600000000)))
        / 3600000000.0 AS hours
    FROM (SELECT * FROM stretch WHERE start IS NOT NULL
            AND stop - start > 3600000000 * :silence_h
        UNION ALL SELECT NULL, NULL, NULL, NULL, first, min(:to, taken)
        FROM table_span WHERE first IS NOT NULL) AS s, part AS p
),
rate AS MATERIALIZED (
    SELECT c.nr, count(l.rec) AS n, count(l.rec) / max(c.hours) AS per_hour
    FROM clock AS c LEFT JOIN line AS l ON l.ts <= :to
        AND l.ts % 86400000000 / 21600000000 = c.nr
    WHERE c.rec IS NULL AND c.hours > 0 GROUP BY c.nr
),
gap AS MATERIALIZED (
    SELECT c.rec, c.start, c.stop, (c.stop - c.start) / 3600000000.0 AS hours,
        168 * max(iif(c.start % 86400000000 / 21600000000 = c.nr, r.per_hour, 0))
            * exp(-sum(c.hours * r.per_hour)) AS per_week
    FROM clock AS c JOIN rate AS r ON r.nr = c.nr
    WHERE c.rec IS NOT NULL
    GROUP BY c.rec, c.start
    HAVING min(iif(c.hours > 0, r.n, :rows)) >= :rows
),
quiet AS (
    SELECT s.rec, s.ts, s.hash, s.nth, g.hours, g.per_week,
        EXISTS (SELECT 1 FROM bare AS b WHERE b.near = 0
            AND b.ts BETWEEN g.start AND g.stop)
        OR EXISTS (SELECT 1 FROM missing AS m
            WHERE m.ts BETWEEN g.start AND g.stop) AS backed
    FROM gap AS g JOIN stretch AS s ON s.rec = g.rec AND s.start = g.start
    WHERE g.per_week <= :budget AND :covered_days >= :days
        AND NOT EXISTS (SELECT 1 FROM maintenance AS m
            WHERE m.start <= g.stop AND m.stop >= g.start)
),
verdict AS (
    SELECT 'silence' AS arm, 'INSUFFICIENT_DATA' AS result, 'have '
        || :covered_days || ' covered days, need ' || :days AS note
    WHERE :covered_days < :days
    UNION ALL
    SELECT 'silence', 'INSUFFICIENT_DATA', printf('have %d rows from %02d to '
        || '%02d UTC, need %d', n, nr * 6, nr * 6 + 6, :rows)
    FROM rate WHERE n < :rows AND :covered_days >= :days
    UNION ALL
    SELECT 'cross', 'NOT_EVALUATED', 'no router or access line in the logs'
    WHERE NOT EXISTS (SELECT 1 FROM request WHERE ts <= :to)
        AND NOT EXISTS (SELECT 1 FROM access WHERE ts <= :to)
)
SELECT 'cross' AS arm, 'all' AS key, ts, rec, hash, nth,
    max(alone, excess) AS metric, max(alone, excess) >= :cross AS fire,
    alone || ' with no row within ' || :near_s || ' s, ' || max(0, excess)
        || ' more requests than rows' AS note,
    NULL AS level, NULL AS result
FROM bare WHERE near = 0 OR excess >= :cross
UNION ALL
SELECT 'silence', 'all', ts, rec, hash, nth, round(hours, 1), 1,
    printf('%.1f hours, expected %.2g times a week', hours, per_week),
    iif(backed, 'low', NULL), NULL
FROM quiet
UNION ALL
SELECT 'sequence', tenant, ts, rec, hash, nth, n, n >= :gapless, note, NULL, NULL
FROM missing
UNION ALL
SELECT 'ids', 'all', ts, rec, hash, nth, hole,
    hole >= :hole_factor * usual_hole.n, 'ids ' || (id - hole) || '-' || (id - 1)
        || ' missing' || iif(usual_hole.n > 0, '; the usual hole is '
        || usual_hole.n, ''), NULL, NULL
FROM id_step CROSS JOIN usual_hole
WHERE hole >= :hole AND NOT (last = newest AND last_before < newest)
    AND ts <= taken - :open_s * 1000000
UNION ALL
SELECT 'fell', 'all', l.ts, l.rec, l.hash, l.nth, l.id - t.hi,
    l.id - t.hi >= :fallen,
    'the largest id fell from ' || l.id || ' to ' || t.hi, NULL, NULL
FROM id_reach AS t JOIN line AS l ON l.app = t.app AND l.id = t.top
WHERE t.top > t.hi AND t.app NOT IN (SELECT app FROM lost)
UNION ALL
SELECT 'back', 'all', ts, rec, hash, nth, (ts_before - ts) / 1000000,
    ts_before - ts > :back_s * 1000000, 'id ' || id, NULL, NULL
FROM id_step WHERE ts_before - ts > :back_s * 1000000
UNION ALL
SELECT arm, NULL, NULL, NULL, NULL, NULL, NULL, NULL, note, NULL, result
FROM verdict
