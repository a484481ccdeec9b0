-- id: DET-OPS-001
-- title: Sentry error rate spike
-- description: Errors in production are far above what is normal for the hour, a large share of the requests fails, or an error that was never seen before comes with a release.
-- level: medium
-- sources: sentry_events
-- fallback: heroku_router
-- route: same-day
-- prerequisite: turn sentry_backend on and export its events
-- next_step: Look whether it began with a release; if it still goes on, roll back or stop what fails.
-- author: raxx
-- license: MIT
-- params: hour=10 recent=3 least=5 factor=3 people=2 base_days=5 base_hours=30 share=0.1 share_bad=5 share_requests=30 worst=0.5 worst_requests=20 new=3 recent_min=5 boot_s=120 same_s=30
-- scan: request 'raxx-eval has the requests of each minute from its pass over the table'
-- scan: dump_row 'the time of an issue of Sentry is that of its last event, not of its first'
-- arm: spike window=1h threshold=hour metric='errors' key='project and release'
-- arm: new-issue window=1h threshold=new metric='errors of a new kind' key='issue'
-- arm: spike-log window=1h threshold=hour metric='failed requests and tracebacks' key='app' on=fallback
-- arm: share window=1h threshold=share_bad metric='failed requests' key='app' on=any needs=heroku_router

-- Left out: what clients broke off (H18, H27, 499: counted beside),
-- maintenance (H80), other environments than production, refusals of malformed
-- requests, :boot_s seconds after a release or another change, in which dynos
-- start. What one client meets at one endpoint is a retry loop: LOW. Errors of
-- the last :recent_min minutes of the window, as far as it was seen, make it
-- HIGH. A traceback in the same :same_s seconds of the clock as a failed request,
-- or the ones before, is that request. The usual hour is the median of the hours with
-- errors in the same quarter of the day on days before, for which the whole
-- history is read; until five days are covered the counts alone decide, and
-- with few such hours it is nothing. An issue is new that neither the events
-- nor the issues of Sentry's exports show before the release.
WITH RECURSIVE change AS MATERIALIZED (
    SELECT ts FROM platform_events
    WHERE ts <= :to AND event IN ('release', 'rollback', 'deploy', 'config',
        'addon', 'stack')
    UNION ALL
    SELECT ts FROM releases WHERE ts <= :to
),
-- The time after each, in which dynos start, what overlaps as one; then by the
-- minutes of the clock.
starting AS MATERIALIZED (
    SELECT value ->> 0 AS ts, value ->> 1 AS stop FROM json_each(
        (SELECT join_spans(ts, ts + 1000000 * :boot_s, 0, 0, 1) FROM change))
),
boot(ts, stop, minute) AS MATERIALIZED (
    SELECT ts, stop, ts / 60000000 FROM starting
    UNION ALL
    SELECT ts, stop, minute + 1 FROM boot WHERE (minute + 1) * 60000000 < stop
),
-- The last minutes.
late AS MATERIALIZED (
    SELECT min(:to, coalesce(:dumps ->> 'sentry_events', :to))
            - 60000000 * :recent_min AS dump,
        min(:to, coalesce((SELECT max(value ->> 1) FROM json_each(:seen)
            WHERE value ->> 0 <= :to), :to)) - 60000000 * :recent_min AS log
),
error AS MATERIALIZED (
    SELECT s.rec, s.ts, s.hash, s.nth,
        coalesce(s.project, 'unnamed') AS project,
        coalesce(' ' || s.release, '') AS release,
        coalesce(s.user_id, s.user_email, ip_key(s.user_ip), 'unknown')
            AS client,
        coalesce(s."transaction", path_stem(s.request_url), s.culprit,
            'unknown') AS endpoint,
        s.group_id,
        coalesce(s.group_id, s.exception_type || ' in '
            || coalesce(s."transaction", s.culprit, s.exception_function, '?'),
            s.title, s.message, 'unnamed') AS issue,
        coalesce(s.title, s.exception_type, s.message) AS title
    FROM sentry_events AS s
    WHERE s.ts <= :to AND coalesce(s.level, 'error') IN ('error', 'fatal')
        AND lower(coalesce(s.environment, 'production'))
            IN ('production', 'prod')
        AND coalesce(s.exception_type, '') NOT IN ('BrokenPipeError',
            'ConnectionResetError', 'ClientDisconnect', 'ClientDisconnected',
            'UnreadablePostError', 'BadRequest', 'NotFound', 'Http404',
            'MethodNotAllowed', 'SuspiciousOperation', 'DisallowedHost',
            'DisallowedModelAdminLookup', 'DisallowedModelAdminToField',
            'DisallowedRedirect', 'InvalidSessionKey', 'RequestDataTooBig',
            'SuspiciousFileOperation', 'SuspiciousMultipartForm',
            'SuspiciousSession', 'TooManyFieldsSent', 'TooManyFilesSent')
        AND NOT EXISTS (SELECT 1 FROM boot AS b
            WHERE b.minute = s.ts / 60000000
                AND s.ts >= b.ts AND s.ts < b.stop)
),
bad AS MATERIALIZED (
    SELECT r.rec, r.ts, r.hash, r.nth, coalesce(r.app, 'unnamed') AS app,
        coalesce(r.client, 'unknown') AS client, path_stem(r.path) AS endpoint
    FROM requests AS r
    WHERE r.ts <= :to
        AND (r.status >= 500 OR (r.status IS NULL AND r.code IS NOT NULL))
        AND coalesce(r.code, '') NOT IN ('H18', 'H27', 'H80')
        AND NOT EXISTS (SELECT 1 FROM boot AS b
            WHERE b.minute = r.ts / 60000000
                AND r.ts >= b.ts AND r.ts < b.stop)
),
traceback AS MATERIALIZED (
    SELECT a.rec, a.ts, a.hash, a.nth, coalesce(a.app, 'unnamed') AS app,
        'unknown' AS client,
        coalesce(a.fields ->> '$.exception', 'unknown') AS endpoint
    FROM app_events AS a
    WHERE a.ts <= :to AND a.payload = 'traceback'
        AND coalesce(a.fields ->> '$.exception', '') NOT IN
            ('BrokenPipeError', 'ConnectionResetError')
        AND a.ts / CAST(1000000 * :same_s AS INTEGER) NOT IN (
            SELECT ts / CAST(1000000 * :same_s AS INTEGER) - k.value
            FROM bad, json_each('[0, 1]') AS k)
        AND NOT EXISTS (SELECT 1 FROM boot AS b
            WHERE b.minute = a.ts / 60000000
                AND a.ts >= b.ts AND a.ts < b.stop)
),
-- Both kinds of errors in one form. `whole` is what the usual hour is of.
fault AS MATERIALIZED (
    SELECT 'spike' AS arm, project || release AS key, project AS whole,
        rec, ts, hash, nth, client, endpoint
    FROM error
    UNION ALL
    SELECT 'spike-log', app, app, rec, ts, hash, nth, client, endpoint FROM bad
    UNION ALL
    SELECT 'spike-log', app, app, rec, ts, hash, nth, client, endpoint
    FROM traceback
),
hourly AS MATERIALIZED (
    SELECT arm, whole, ts / 86400000000 AS day,
        ts / 21600000000 % 4 AS quarter, count(*) AS n
    FROM fault GROUP BY arm, whole, ts / 3600000000
),
usual AS MATERIALIZED (
    SELECT d.arm, d.whole, d.day, d.quarter,
        CASE WHEN :covered_days >= :base_days AND (SELECT count(*)
                FROM hourly AS a WHERE a.arm = d.arm AND a.whole = d.whole
                    AND a.day < d.day) >= :base_hours
            THEN (SELECT median(h.n) FROM hourly AS h WHERE h.arm = d.arm
                AND h.whole = d.whole AND h.quarter = d.quarter
                AND h.day < d.day) END AS n
    FROM (SELECT DISTINCT arm, whole, day, quarter FROM hourly) AS d
    WHERE d.day >= (:from - 3600000000) / 86400000000
),
counted AS MATERIALIZED (
    SELECT f.arm, f.key, f.whole, f.rec, f.ts, f.hash, f.nth,
        count(*) OVER hour AS n_1h,
        count(*) OVER (PARTITION BY arm, key ORDER BY ts
            RANGE BETWEEN 60000000 * :recent_min PRECEDING AND CURRENT ROW)
            AS n_recent,
        max(count_distinct(client) OVER hour,
            count_distinct(endpoint) OVER hour) AS spread
    FROM fault AS f WHERE ts >= :from - 3600000000
    WINDOW hour AS (PARTITION BY arm, key ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
spike AS MATERIALIZED (
    SELECT c.*, u.n AS usual,
        n_1h >= :hour AND n_recent >= :recent
            AND n_1h >= max(:least, :factor * coalesce(u.n, 0)) AS fire
    FROM counted AS c LEFT JOIN usual AS u
        ON u.arm = c.arm AND u.whole = c.whole
            AND u.day = c.ts / 86400000000
            AND u.quarter = c.ts / 21600000000 % 4
),
-- New issues: the first hour of each release.
release AS MATERIALIZED (
    SELECT ts, event || coalesce(' v' || version, '') AS what
    FROM platform_events
    WHERE ts <= :to AND event = 'release' AND EXISTS (SELECT 1 FROM error)
    UNION
    SELECT ts, 'release' || coalesce(' v' || version, '') FROM releases
    WHERE ts <= :to AND EXISTS (SELECT 1 FROM error)
),
born AS MATERIALIZED (
    SELECT project, issue, min(time) AS since FROM (
        SELECT project, issue, strftime('%Y-%m-%dT%H:%M:%S', min(ts) / 1000000,
            'unixepoch') || printf('.%06dZ', min(ts) % 1000000) AS time
        FROM error GROUP BY project, issue
        UNION ALL
        SELECT e.project, e.issue, i.first_seen
        FROM (SELECT DISTINCT project, issue, group_id FROM error) AS e
            JOIN sentry_issues AS i ON i.issue_id = e.group_id
        WHERE i.first_seen IS NOT NULL)
    GROUP BY project, issue
),
fresh AS MATERIALIZED (
    SELECT e.*, c.what,
        count(*) OVER after AS n,
        max(count_distinct(e.client) OVER after,
            count_distinct(e.endpoint) OVER after) AS spread
    FROM error AS e JOIN born AS b
            ON b.project = e.project AND b.issue = e.issue
        JOIN release AS c ON e.ts BETWEEN c.ts AND c.ts + 3600000000
            AND b.since >=
                strftime('%Y-%m-%dT%H:%M:%S', c.ts / 1000000, 'unixepoch')
                    || printf('.%06dZ', c.ts % 1000000)
    WHERE e.ts >= :from - 3600000000
    WINDOW after AS (PARTITION BY c.ts, e.project, e.issue ORDER BY e.ts
        RANGE UNBOUNDED PRECEDING)
),
-- The share. An hour up to a time in one slot of five minutes has no more
-- failed requests than the thirteen slots it touches, and no fewer requests
-- than the eleven that lie in it: few hours can have a large share, and only
-- their requests are looked at one by one.
-- Most cannot even if only the requests of those minutes count in which no dyno
-- starts; for the others they are counted one by one.
failed AS MATERIALIZED (
    SELECT app, ts / 300000000 AS slot, count(*) AS n FROM bad GROUP BY 1, 2
),
minute AS MATERIALIZED (
    SELECT source, ts / 60000000 AS minute, count(*) AS n FROM request
    GROUP BY source, minute
),
left_out AS MATERIALIZED (
    SELECT coalesce(app, 'unnamed') AS app, ts / 300000000 AS slot
    FROM requests
    WHERE ts BETWEEN :from - 7200000000 AND :to
        AND (status = 499 OR code IN ('H18', 'H27', 'H80'))
),
rough AS MATERIALIZED (
    SELECT app, slot, max(sum(n), 0) AS n FROM (
        SELECT coalesce((SELECT app FROM source WHERE id = m.source),
            'unnamed') AS app, m.minute / 5 AS slot,
            iif(m.minute > (:from - 7200000000) / 60000000
                AND m.minute < :to / 60000000
                AND m.minute NOT IN (SELECT minute FROM boot), m.n, 0) AS n
        FROM minute AS m
        WHERE m.minute BETWEEN (:from - 7200000000) / 60000000
            AND :to / 60000000
        UNION ALL
        SELECT app, slot, -1 FROM left_out)
    GROUP BY 1, 2
),
maybe AS MATERIALIZED (
    SELECT app, slot FROM (
        SELECT a.app, a.slot,
            sum(coalesce(f.n, 0)) OVER (PARTITION BY a.app ORDER BY a.slot
                RANGE BETWEEN 12 PRECEDING AND CURRENT ROW) AS most,
            coalesce(sum(a.n) OVER (PARTITION BY a.app ORDER BY a.slot
                RANGE BETWEEN 11 PRECEDING AND 1 PRECEDING), 0) AS least
        FROM rough AS a LEFT JOIN failed AS f
            ON f.app = a.app AND f.slot = a.slot)
    WHERE most >= :share_bad AND most >= min(:share, :worst) * least
),
-- The times between changes in which no dyno starts any more.
calm AS MATERIALIZED (
    SELECT stop AS start, lead(ts, 1, 9223372036854775807) OVER (ORDER BY ts)
        AS stop
    FROM starting
    UNION ALL
    SELECT -9223372036854775807,
        coalesce((SELECT min(ts) FROM starting), 9223372036854775807)
),
asked AS MATERIALIZED (
    SELECT coalesce(r.app, 'unnamed') AS app, r.ts / 300000000 AS slot,
        count(*) AS n
    FROM calm AS c CROSS JOIN requests AS r
        ON r.ts BETWEEN max(c.start, :from - 7200000000,
                (SELECT min(slot) - 12 FROM maybe) * 300000000)
            AND min(c.stop - 1, :to,
                (SELECT max(slot) + 1 FROM maybe) * 300000000)
    WHERE r.ts / 300000000 IN (SELECT slot - k.value FROM maybe,
            json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]') AS k)
        AND r.status IS NOT 499
        AND coalesce(r.code, '') NOT IN ('H18', 'H27', 'H80')
    GROUP BY 1, 2
),
hot AS MATERIALIZED (
    SELECT app, slot FROM (
        SELECT a.app, a.slot,
            sum(coalesce(f.n, 0)) OVER (PARTITION BY a.app ORDER BY a.slot
                RANGE BETWEEN 12 PRECEDING AND CURRENT ROW) AS most,
            coalesce(sum(a.n) OVER (PARTITION BY a.app ORDER BY a.slot
                RANGE BETWEEN 11 PRECEDING AND 1 PRECEDING), 0) AS least
        FROM asked AS a LEFT JOIN failed AS f
            ON f.app = a.app AND f.slot = a.slot)
    WHERE most >= :share_bad AND most >= min(:share, :worst) * least
        AND (app, slot) IN (SELECT app, slot FROM maybe)
),
traffic AS MATERIALIZED (
    SELECT r.rec, r.ts, r.hash, r.nth, coalesce(r.app, 'unnamed') AS app,
        b.rec IS NOT NULL AS bad, b.client, b.endpoint,
        r.status = 499 OR coalesce(r.code, '') IN ('H18', 'H27') AS off
    FROM requests AS r LEFT JOIN bad AS b ON b.rec = r.rec
    WHERE r.ts BETWEEN (SELECT min(slot) - 12 FROM hot) * 300000000
            AND (SELECT max(slot) + 1 FROM hot) * 300000000
        AND r.ts / 300000000 IN (SELECT slot - k.value FROM hot,
            json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]') AS k)
        AND r.ts <= :to
        AND coalesce(r.code, '') <> 'H80'
        AND NOT EXISTS (SELECT 1 FROM boot AS b
            WHERE b.minute = r.ts / 60000000
                AND r.ts >= b.ts AND r.ts < b.stop)
),
rate AS MATERIALIZED (
    SELECT rec, ts, hash, nth, app, bad,
        sum(bad) OVER hour AS n,
        sum(off IS NOT TRUE) OVER hour AS requests,
        sum(off IS TRUE) OVER hour AS broken_off,
        max(count_distinct(client) OVER hour,
            count_distinct(endpoint) OVER hour) AS spread
    FROM traffic
    WINDOW hour AS (PARTITION BY app ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
)
SELECT arm, key, ts, rec, hash, nth, n_1h AS metric, fire,
    CASE WHEN :covered_days < :base_days THEN 'no usual hour is known yet'
        ELSE 'usual hour: ' || coalesce(usual, 0) || ' errors' END
        || iif(spread < :people, '; one client at one endpoint', '') AS note,
    CASE WHEN spread < :people THEN 'low'
        WHEN ts > iif(arm = 'spike', late.dump, late.log) THEN 'high' END
        AS level,
    NULL AS result
FROM spike, late
UNION ALL
SELECT arm, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    'the usual hour is not known: have ' || :covered_days
        || ' covered days, need ' || :base_days, NULL, 'INSUFFICIENT_DATA'
FROM (SELECT 'spike' AS arm UNION ALL SELECT 'spike-log')
WHERE :covered_days < :base_days
UNION ALL
SELECT 'new-issue', issue, ts, rec, hash, nth, n, n >= :new,
    title || ', first seen after ' || what
        || iif(spread < :people, '; one client at one endpoint', ''),
    iif(spread < :people, 'low', NULL), NULL
FROM fresh
UNION ALL
SELECT 'share', app, ts, rec, hash, nth, n,
    (n >= :share_bad AND requests >= :share_requests AND n >= :share * requests)
        OR (requests >= :worst_requests AND n >= :worst * requests),
    n || ' of ' || requests || ' requests'
        || iif(broken_off > 0, '; besides ' || broken_off
            || ' that clients broke off', '')
        || iif(spread < :people, '; one client at one endpoint', ''),
    CASE WHEN spread < :people THEN 'low'
        WHEN requests >= :worst_requests AND n >= :worst * requests
            THEN 'critical'
        WHEN ts > late.log THEN 'high' END,
    NULL
FROM rate, late WHERE bad
