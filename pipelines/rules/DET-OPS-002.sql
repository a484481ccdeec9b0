-- id: DET-OPS-002
-- title: Postgres p99 drift
-- description: A statement, or the whole mix, has become much slower than before by the estimate of its slowest hundredth.
-- level: medium
-- sources: pg_stat_statements
-- route: same-day
-- prerequisite: verify pg_stat_statements and dump at least 4 snapshots of it
-- next_step: Look at the plan of the statement (EXPLAIN), at what was released before, and at locks and the cache hit rate of that time.
-- author: raxx
-- license: MIT
-- params: ratio=1.5 mean_ratio=2 add_ms=20 calls=200 share=0.99 snapshots=4
--     unmatched=0.1 cold_min=30 router_ratio=1.5 router_calls=100 h12=3
--     h12_factor=2
-- site: service_accounts
-- arm: p99 window=24h threshold=ratio
--     metric='times the p99_est_lognormal of before' key='queryid'
-- arm: mean window=24h threshold=mean_ratio
--     metric='times the mean of before' key='queryid'
-- arm: mix window=24h threshold=ratio
--     metric='times the p99_est_lognormal of before' key='statements'

-- pg_stat_statements has only totals, mean, standard deviation and extremes, and
-- only since the last reset. Differences of two snapshots give calls, mean and
-- deviation of the time between them; minimum and maximum have no difference. The
-- slowest hundredth is estimated as that of a lognormal, never above the maximum:
-- for what has two humps it can be 3 times too low or 30 times too high, so it is
-- compared with itself alone, and called p99_est_lognormal. That of the mix is
-- found over all statements, weighted by calls.
--
-- Drift is two intervals one after the other, both above the median of all before
-- them. Left out: intervals with a reset, another server version, a restart, the
-- cold_min minutes after one, or whose entries were evicted; a statement's own
-- reset and first interval; statements of migrations, ANALYZE, VACUUM, backups,
-- and of service accounts; fewer calls than `calls`. High only where the router's
-- service times, a true quantile, or H12 of the same hours agree.
--
-- The whole history is read: before is everything before.
WITH entry AS MATERIALIZED (
    SELECT rec, ts, hash, nth, coalesce(app, '') AS app, queryid,
        coalesce(userid, '') || '/' || coalesce(dbid, '') || '/' || queryid AS id,
        calls, total_exec_time AS total, max_exec_time AS peak,
        calls * stddev_exec_time * stddev_exec_time
            + total_exec_time * total_exec_time / calls AS squares,
        server_version, stats_reset, dealloc,
        extra ->> '$.stats_since' AS since,
        extra ->> '$.postmaster_start_time' AS started
    FROM pg_stat_statements
    WHERE ts <= :to AND queryid IS NOT NULL AND calls > 0
        AND coalesce(toplevel, 1) <> 0 AND coalesce(userid, '') NOT IN
            (SELECT value FROM json_each(:service_accounts))
),
-- Statements that are slow by nature and no request waits for.
upkeep AS MATERIALIZED (
    SELECT queryid FROM (SELECT DISTINCT queryid, query
        FROM pg_stat_statements WHERE ts <= :to)
    WHERE query REGEXP '(?is)^\s*(?:/\*.*?\*/\s*|--[^\n]*\n\s*)*(?:alter|analyze|analyse|checkpoint|cluster|comment|copy|create|drop|explain|grant|lock|reindex|refresh|revoke|truncate|vacuum|set|show|reset|discard|listen|notify|import|reassign|security)\b'
),
-- --- snapshots and what lies between two of them ------------------------------
restart AS MATERIALIZED (
    SELECT ts FROM app_events
    WHERE ts BETWEEN (SELECT min(ts) FROM entry) - :cold_min * 60000000 AND :to
        AND payload = 'postgres'
        AND message LIKE '%database system is ready to accept connections%'
    UNION ALL
    SELECT ts FROM platform_events
    WHERE ts BETWEEN (SELECT min(ts) FROM entry) - :cold_min * 60000000 AND :to
        AND event = 'addon' AND message LIKE '%postgres%'
),
snapshot AS (
    SELECT app, ts, max(server_version) AS version, max(stats_reset) AS reset,
        max(started) AS started, max(dealloc) AS dealloc, total(calls) AS calls
    FROM entry GROUP BY app, ts
),
pair AS MATERIALIZED (
    SELECT app, ts AS stop, lag(ts) OVER way AS start,
        lag(calls) OVER way AS calls_before, calls,
        coalesce(dealloc > lag(dealloc) OVER way, 0) AS evicts,
        version IS NOT lag(version) OVER way
            OR reset IS NOT lag(reset) OVER way
            OR started IS NOT lag(started) OVER way AS broken
    FROM snapshot WINDOW way AS (PARTITION BY app ORDER BY ts)
),
delta AS MATERIALIZED (
    SELECT e.*, e.calls - lag(e.calls) OVER way AS n,
        e.total - lag(e.total) OVER way AS spent,
        e.squares - lag(e.squares) OVER way AS more_squares,
        lag(e.calls) OVER way AS calls_before, lag(e.ts) OVER way AS ts_before,
        e.since IS lag(e.since) OVER way AS same_since
    FROM entry AS e
    WINDOW way AS (PARTITION BY e.app, e.id ORDER BY e.ts, e.hash, e.nth)
),
kept AS (
    SELECT p.app, p.stop, total(d.calls_before) AS before, total(d.calls) AS now
    FROM pair AS p CROSS JOIN delta AS d
        ON d.app = p.app AND d.ts = p.stop AND d.ts_before = p.start
    GROUP BY p.app, p.stop
),
-- What is lost between two snapshots was evicted; what is new may be new, unless
-- the server says that it evicts.
interval AS MATERIALIZED (
    SELECT p.app, p.start, p.stop,
        row_number() OVER (PARTITION BY p.app ORDER BY p.stop) AS nr
    FROM pair AS p JOIN kept AS k ON k.app = p.app AND k.stop = p.stop
    WHERE NOT p.broken AND k.before >= (1 - :unmatched) * p.calls_before
        AND (NOT p.evicts OR k.now >= (1 - :unmatched) * p.calls)
        AND NOT EXISTS (SELECT 1 FROM restart AS r WHERE r.ts <= p.stop
            AND r.ts + :cold_min * 60000000 > p.start)
),
-- --- what was measured --------------------------------------------------------
spread AS (
    SELECT d.rec, d.ts, d.hash, d.nth, d.app, d.id, d.queryid, d.n, d.spent,
        d.peak, i.start, i.stop, i.nr, d.spent / d.n AS mean,
        (d.more_squares - d.spent * d.spent / d.n) / d.n AS variance,
        d.squares / d.n AS scale
    FROM delta AS d JOIN interval AS i
        ON i.app = d.app AND i.stop = d.ts AND i.start = d.ts_before
    WHERE d.n > 0 AND d.spent >= 0 AND d.same_since
        AND d.queryid NOT IN (SELECT queryid FROM upkeep)
),
-- A variance this small is what is left of two large numbers: not known.
measured AS MATERIALIZED (
    SELECT *, CASE WHEN abs(variance) >= 1e-9 * scale
        THEN sqrt(max(variance, 0)) END AS sd
    FROM spread
),
statement AS (
    SELECT 'p99' AS arm, queryid AS key, app || '/' || id AS series, rec, ts,
        hash, nth, start, stop, nr, mean, sd, peak, n,
        lognormal_quantile(:share, mean, sd, peak) AS value,
        :ratio AS ratio
    FROM measured WHERE n >= :calls AND sd IS NOT NULL
    UNION ALL
    SELECT 'mean', queryid, app || '/' || id, rec, ts, hash, nth, start, stop, nr,
        mean, sd, peak, n, mean, :mean_ratio
    FROM measured WHERE n >= :calls
),
-- The record of a mix is its costliest statement.
costliest AS (
    SELECT *, row_number() OVER (PARTITION BY app, stop
        ORDER BY spent DESC, hash, nth) AS place
    FROM measured
),
mix AS (
    SELECT app, stop, sum(n) AS n, sum(spent) / sum(n) AS mean, max(peak) AS peak,
        lognormal_mix(:share, n, mean, sd, peak) AS value
    FROM measured GROUP BY app, stop
    HAVING total(iif(sd IS NULL, 0, n)) >= (1 - :unmatched) * total(n)
),
series AS (
    SELECT * FROM statement
    UNION ALL
    SELECT 'mix', 'all', m.app, c.rec, c.ts, c.hash, c.nth, c.start, c.stop, c.nr,
        m.mean, NULL, m.peak, m.n, m.value, :ratio
    FROM mix AS m JOIN costliest AS c
        ON c.app = m.app AND c.stop = m.stop AND c.place = 1
    WHERE m.n >= :calls
),
compared AS MATERIALIZED (
    SELECT *, median(value) OVER earlier AS usual, min(start) OVER earlier
            AS usual_from,
        lag(value) OVER way AS value_before, lag(start) OVER way AS start_before,
        coalesce(lag(stop) OVER way = start, 0) AS follows
    FROM series
    WINDOW way AS (PARTITION BY arm, series ORDER BY stop, hash, nth),
        earlier AS (PARTITION BY arm, series ORDER BY stop, hash, nth
            ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING)
),
drift AS MATERIALIZED (
    SELECT *, min(value, value_before) >= ratio * usual
            AND min(value, value_before) - usual >= :add_ms AS fire
    FROM compared
    WHERE follows AND value >= ratio * usual AND value - usual >= :add_ms
),
-- --- does the router agree? ---------------------------------------------------
hours AS MATERIALIZED (
    SELECT DISTINCT usual_from AS "from", start_before AS border, stop
    FROM drift WHERE fire
),
-- Requests by the hours that are compared and by how long they took: few groups,
-- of which each question asks for some.
edge(ts) AS (
    SELECT "from" FROM hours UNION SELECT border FROM hours
    UNION SELECT stop FROM hours
),
request_slot AS (
    SELECT service_ms, code, edge, min(edge) OVER (ORDER BY ts DESC) AS slot
    FROM (SELECT ts, service_ms, code, NULL AS edge FROM requests
            WHERE ts > (SELECT min(ts) FROM edge)
                AND ts <= (SELECT max(ts) FROM edge)
        UNION ALL SELECT ts, NULL, NULL, ts FROM edge)
),
tally AS MATERIALIZED (
    SELECT slot, service_ms, count(*) AS n, total(code = 'H12') AS h12
    FROM request_slot WHERE edge IS NULL GROUP BY slot, service_ms
),
asked AS (
    SELECT h."from", h.border, h.stop, t.slot > h.border AS late, t.service_ms,
        sum(t.n) AS n, sum(t.h12) AS h12
    FROM hours AS h JOIN tally AS t ON t.slot > h."from" AND t.slot <= h.stop
    GROUP BY h."from", h.border, h.stop, late, t.service_ms
),
ranked AS (
    SELECT *, 1.0 * sum(n) OVER (PARTITION BY "from", border, stop, late,
            service_ms IS NULL ORDER BY service_ms)
        / sum(n) OVER (PARTITION BY "from", border, stop, late,
            service_ms IS NULL) AS rank
    FROM asked
),
answer AS MATERIALIZED (
    SELECT "from", border, stop,
        min(iif(late AND rank >= :share, service_ms, NULL)) AS p99,
        min(iif(NOT late AND rank >= :share, service_ms, NULL)) AS p99_before,
        total(iif(late AND service_ms IS NOT NULL, n, 0)) AS n,
        total(iif(NOT late AND service_ms IS NOT NULL, n, 0)) AS n_before,
        total(iif(late, h12, 0)) AS h12,
        total(iif(NOT late, h12, 0)) * (stop - border)
            / max(border - "from", 1) AS h12_before
    FROM ranked GROUP BY "from", border, stop
),
opinion AS (
    SELECT d.*, min(a.n, a.n_before) >= :router_calls
            AND a.p99 >= :router_ratio * a.p99_before AS slower,
        a.h12 >= :h12 AND a.h12 > :h12_factor * a.h12_before AS timeouts,
        a.p99 AS router_p99, a.p99_before AS router_p99_before, a.h12 AS h12_seen
    FROM drift AS d LEFT JOIN answer AS a ON d.fire AND a."from" = d.usual_from
        AND a.border = d.start_before AND a.stop = d.stop
),
-- --- is there enough? ---------------------------------------------------------
enough AS MATERIALIZED (
    SELECT coalesce((SELECT max(nr) FROM interval), -1) + 1 AS valid,
        (SELECT count(*) FROM pair) AS taken
),
verdict(arm, note) AS (
    SELECT a.column1, 'have ' || valid || ' valid snapshots of ' || taken
        || ', need ' || :snapshots
    FROM enough, (VALUES ('p99'), ('mean'), ('mix')) AS a
    WHERE valid < :snapshots
    UNION ALL
    SELECT a.column1, 'have 0 statements with ' || :calls || ' calls in each of 3 '
        || 'intervals, need 1'
    FROM enough, (VALUES ('p99'), ('mean'), ('mix')) AS a
    WHERE valid >= :snapshots AND NOT EXISTS (SELECT 1 FROM compared AS c
        WHERE c.arm = a.column1 AND c.follows AND c.usual IS NOT NULL)
)
SELECT arm, key, ts, rec, hash, nth, round(value / usual, 2) AS metric, fire,
    printf('%s %.0f ms, before %.0f ms; mean %.1f ms%s, max %.0f ms, %d calls',
        iif(arm = 'mean', 'mean', 'p99_est_lognormal'), value, usual, mean,
        iif(sd IS NULL, '', printf(', cv %.1f', sd / mean)), peak, n)
    || iif(slower, printf('; router p99 %d ms, before %d ms', router_p99,
        router_p99_before), '')
    || iif(timeouts, printf('; %d H12', h12_seen), '')
    || iif(slower OR timeouts, '', '; an indication: the router does not confirm '
        || 'it') AS note,
    iif(slower OR timeouts, 'high', NULL) AS level, NULL AS result
FROM opinion
UNION ALL
SELECT arm, NULL, NULL, NULL, NULL, NULL, NULL, NULL, note, NULL,
    'INSUFFICIENT_DATA'
FROM verdict
