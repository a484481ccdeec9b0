-- id: DET-BETA-003
-- title: Sentry error spike on beta routes
-- description: The preview routes fail for several testers, or for all of them since a release or a configuration change; or testers who came yesterday do not come at all.
-- level: high
-- sources: sentry_events
-- fallback: heroku_router
-- route: same-day
-- prerequisite: turn sentry_backend on and export its events
-- next_step: Compare with the last release and the last configuration change; if all fails, roll that back first.
-- author: raxx
-- license: MIT
-- params: errors=3 people=2 share_bad=2 share=0.5 share_requests=4 total=5 quiet=10 quiet_testers=4 boot_s=120
-- site: preview_prefix, invalid_token_status, nda_refused_status, monitor_clients, monitor_tokens
-- arm: sentry window=10m threshold=errors metric='errors' key='route group'
-- arm: router window=10m threshold=errors metric='failed requests' key='route group' on=fallback
-- arm: share window=30m threshold=share_bad metric='failed requests' key='route group' on=any needs=heroku_router
-- arm: total window=24h threshold=total metric='failed requests since a change, none served' key='route group' level=critical baseline=never on=any needs=heroku_router
-- arm: quiet window=25h threshold=quiet metric='requests in the same hours of the day before' key='route group' level=informational on=any needs=heroku_router

-- Left out: our probes, what clients broke off (H18, H27, 499), maintenance
-- (H80), and :boot_s seconds after a release or another change, in which dynos
-- start. Errors that one tester alone meets are LOW. A token that worked
-- before and is refused now fails too when everything fails: since a change,
-- or for half an hour in which nobody is served, a probe neither. That is how
-- a wrong address or secret of the console shows. Refused tokens that never
-- worked tell nothing. Four testers of the day before make a quiet run of
-- hours worth a line: that none of four comes by chance happens once in fifty.
-- Tokens that worked and the last change are looked for in the whole history.
WITH RECURSIVE prefix AS MATERIALIZED (
    SELECT value AS route FROM json_each(:preview_prefix)
),
ours AS MATERIALIZED (
    SELECT value AS name FROM json_each(:monitor_tokens)
    UNION
    SELECT coalesce(ip_key(value), value) FROM json_each(:monitor_clients)
),
change AS MATERIALIZED (
    SELECT ts, event || coalesce(' v' || version, '') AS what
    FROM platform_events
    WHERE ts <= :to AND event IN ('release', 'rollback', 'deploy', 'config',
        'addon', 'stack')
    UNION
    SELECT ts, 'release' || coalesce(' v' || version, '') FROM releases
    WHERE ts <= :to
),
visit AS MATERIALIZED (
    SELECT r.rec, r.ts, r.hash, r.nth, p.route, r.token, r.client,
        coalesce(r.status >= 500, r.code IS NOT NULL) AS bad,
        r.status IN (SELECT value FROM json_each(:invalid_token_status))
            IS TRUE AS refused,
        (r.status < 400 OR r.status IN
            (SELECT value FROM json_each(:nda_refused_status))) IS TRUE
            AS served,
        coalesce(r.token IN (SELECT name FROM ours), 0)
            OR coalesce(r.client IN (SELECT name FROM ours), 0) AS probe
    FROM requests AS r JOIN prefix AS p
        ON substr(r.path, 1, length(p.route)) = p.route OR (r.token IS NOT NULL
            AND instr(lower(path_plain(r.path)), lower(p.route)) = 1)
    WHERE r.ts <= :to AND (r.token IS NOT NULL
            OR EXISTS (SELECT 1 FROM json_each(:preview_prefix)
                WHERE instr(r.path, value) = 1))
        AND r.status IS NOT 499 AND coalesce(r.code, '') NOT IN ('H18', 'H27', 'H80')
),
known AS MATERIALIZED (
    SELECT token, min(ts) AS since FROM visit
    WHERE served AND token IN
        (SELECT token FROM visit WHERE refused OR NOT served)
    GROUP BY token
),
dated AS MATERIALIZED (
    SELECT rec,
        max(mark) OVER (ORDER BY ts RANGE UNBOUNDED PRECEDING) AS changed
    FROM (SELECT rec, ts, NULL AS mark FROM visit
        UNION ALL SELECT NULL, ts, ts FROM change)
),
tried AS MATERIALIZED (
    SELECT v.*, d.changed, refused AND k.since < v.ts AS lost,
        k.token IS NOT NULL OR served AND v.token IS NOT NULL AS real
    FROM visit AS v JOIN dated AS d ON d.rec = v.rec
        LEFT JOIN known AS k ON k.token = v.token
    WHERE d.changed IS NULL OR v.ts >= d.changed + 1000000 * :boot_s
),
-- Windows of half an hour that end in the same half hour as a failed request,
-- or as a refused token that had worked.
half (nr) AS MATERIALIZED (
    SELECT DISTINCT ts / 1800000000 - n.column1
    FROM tried, (VALUES (0), (1)) AS n WHERE bad OR lost
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, route, bad,
        sum(bad) OVER short AS bad_10m,
        max(count_distinct(iif(bad, token, NULL)) OVER short,
            count_distinct(iif(bad, coalesce(client, 'unknown'), NULL))
                OVER short) AS people_10m,
        sum(bad) OVER long AS bad_30m,
        count(*) OVER long AS n_30m,
        max(count_distinct(iif(bad, token, NULL)) OVER long,
            count_distinct(iif(bad, coalesce(client, 'unknown'), NULL))
                OVER long) AS people_30m
    FROM tried
    WHERE NOT probe AND NOT refused AND ts >= :from - 1800000000
        AND ts / 1800000000 IN (SELECT nr FROM half)
    WINDOW short AS (PARTITION BY route ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        long AS (PARTITION BY route ORDER BY ts
            RANGE BETWEEN 1800000000 PRECEDING AND CURRENT ROW)
),
shut AS MATERIALIZED (
    SELECT rec, ts, hash, nth, route, lost,
        sum(lost IS TRUE OR bad) OVER long AS n,
        sum(served) OVER long AS works,
        count_distinct(iif(lost, token, NULL)) OVER long AS tokens
    FROM tried
    WHERE ts >= :from - 1800000000 AND (served OR NOT probe AND (bad OR lost))
        AND ts / 1800000000 IN (SELECT nr FROM half)
    WINDOW long AS (PARTITION BY route ORDER BY ts
        RANGE BETWEEN 1800000000 PRECEDING AND CURRENT ROW)
),
-- What fails after a change until the first request that is served.
works AS MATERIALIZED (
    SELECT route, changed, min(ts) AS since FROM tried
    WHERE served AND changed IS NOT NULL GROUP BY route, changed
),
ended AS MATERIALIZED (
    SELECT rec, ts, hash, nth, route, changed,
        count(*) OVER since AS n,
        count_distinct(token) OVER since AS tokens
    FROM (SELECT t.* FROM tried AS t LEFT JOIN works AS w
            ON w.route = t.route AND w.changed = t.changed
        WHERE t.changed IS NOT NULL AND NOT t.probe
            AND (t.bad OR t.lost IS TRUE)
            AND (w.since IS NULL OR t.ts < w.since))
    WINDOW since AS (PARTITION BY route, changed ORDER BY ts
        RANGE UNBOUNDED PRECEDING)
),
error AS MATERIALIZED (
    SELECT s.rec, s.ts, s.hash, s.nth, p.route,
        coalesce(iif(s.request_url LIKE '%<token:%', substr(s.request_url,
            instr(s.request_url, '<token:') + 7, 16), NULL), s.user_id,
            s.user_email, ip_key(s.user_ip), 'unknown') AS person,
        coalesce(ip_key(s.user_ip), '') AS address
    FROM sentry_events AS s JOIN prefix AS p
        ON instr(lower(coalesce(s.request_url, '') || ' '
            || coalesce(s."transaction", '') || ' ' || coalesce(s.culprit, '')),
            lower(p.route)) > 0
    WHERE s.ts BETWEEN :from - 600000000 AND :to
        AND coalesce(s.level, 'error') IN ('error', 'fatal')
        AND lower(coalesce(s.environment, 'production'))
            IN ('production', 'prod')
        AND coalesce(s.exception_type, '') NOT IN ('BrokenPipeError',
            'ConnectionResetError', 'ClientDisconnect', 'ClientDisconnected',
            'UnreadablePostError')
        AND NOT EXISTS (SELECT 1 FROM change AS c
            WHERE s.ts >= c.ts AND s.ts < c.ts + 1000000 * :boot_s)
),
errors AS MATERIALIZED (
    SELECT rec, ts, hash, nth, route,
        count(*) OVER short AS n,
        count_distinct(person) OVER short AS people
    FROM error
    WHERE person NOT IN (SELECT name FROM ours)
        AND address NOT IN (SELECT name FROM ours)
    WINDOW short AS (PARTITION BY route ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
),
-- Whole hours that were seen and in which no tester came, as runs; what
-- testers did in the same hours of the day before; and the last line of such
-- an hour, which shows that the log went on.
hour (h) AS (
    SELECT (:from - 172800000000) / 3600000000 * 3600000000
    UNION ALL
    SELECT h + 3600000000 FROM hour WHERE h + 7200000000 <= :to
),
test AS MATERIALIZED (
    SELECT rec, ts, hash, nth, route, token, ts / 3600000000 * 3600000000 AS h
    FROM tried WHERE real AND NOT probe AND ts >= :from - 259200000000
),
empty AS MATERIALIZED (
    SELECT p.route, h FROM prefix AS p JOIN hour
    WHERE h + 3600000000 <= :to
        AND EXISTS (SELECT 1 FROM json_each(:seen) AS s
            WHERE s.value ->> 0 <= h AND s.value ->> 1 >= h + 3600000000)
        AND NOT EXISTS (SELECT 1 FROM test AS t
            WHERE t.route = p.route AND t.h = hour.h)
),
run AS MATERIALIZED (
    SELECT route, h, h - 3600000000 * row_number() OVER (PARTITION BY route
        ORDER BY h) AS nr
    FROM empty
),
missed AS MATERIALIZED (
    SELECT t.rec, t.ts, t.hash, t.nth, r.route, r.h,
        count(*) OVER so_far AS n,
        count_distinct(t.token) OVER so_far AS testers
    FROM run AS r JOIN test AS t
        ON t.route = r.route AND t.h = r.h - 86400000000
    WINDOW so_far AS (PARTITION BY r.route, r.nr ORDER BY r.h
        RANGE UNBOUNDED PRECEDING)
),
late AS MATERIALIZED (
    SELECT DISTINCT route, h, n, testers FROM missed
    WHERE n >= :quiet AND testers >= :quiet_testers
        AND h > :from - 10800000000
),
-- Table by table, so that each is asked for these hours alone.
line AS (
    SELECT l.*, w.rec, w.ts, w.hash, w.nth FROM late AS l
        CROSS JOIN metrics AS w ON w.ts BETWEEN l.h AND l.h + 3599999999
    UNION ALL
    SELECT l.*, w.rec, w.ts, w.hash, w.nth FROM late AS l
        CROSS JOIN requests AS w ON w.ts BETWEEN l.h AND l.h + 3599999999
    UNION ALL
    SELECT l.*, w.rec, w.ts, w.hash, w.nth FROM late AS l
        CROSS JOIN app_events AS w ON w.ts BETWEEN l.h AND l.h + 3599999999
),
witness AS MATERIALIZED (
    SELECT *, row_number() OVER
        (PARTITION BY route, h ORDER BY ts DESC, hash, nth) AS place
    FROM line
)
SELECT 'sentry' AS arm, route AS key, ts, rec, hash, nth, n AS metric,
    n >= :errors AS fire,
    iif(people < :people, 'one tester, or unknown who', people || ' testers')
        AS note,
    iif(people < :people, 'low', NULL) AS level
FROM errors
UNION ALL
SELECT 'router', route, ts, rec, hash, nth, bad_10m, bad_10m >= :errors,
    iif(people_10m < :people, 'one tester',
        people_10m || ' testers or clients'),
    iif(people_10m < :people, 'low', NULL)
FROM counted WHERE bad
UNION ALL
SELECT 'share', route, ts, rec, hash, nth, bad_30m,
    bad_30m >= :share_bad AND n_30m >= :share_requests
        AND bad_30m >= :share * n_30m,
    bad_30m || ' of ' || n_30m || ' requests; '
        || iif(people_30m < :people, 'one tester',
            people_30m || ' testers or clients'),
    iif(people_30m < :people, 'low', NULL)
FROM counted WHERE bad
UNION ALL
SELECT 'share', route, ts, rec, hash, nth, n,
    n >= :share_requests AND tokens >= :people AND works = 0,
    'all ' || n || ' requests; ' || tokens
        || ' tokens that worked are refused', NULL
FROM shut WHERE lost AND works = 0
UNION ALL
SELECT 'total', route, ts, rec, hash, nth, n,
    n >= :total AND tokens >= :people,
    tokens || ' tokens, since ' || (SELECT max(what) FROM change AS c
        WHERE c.ts = e.changed), NULL
FROM ended AS e
UNION ALL
SELECT 'quiet', route, ts, rec, hash, nth, n, 0, NULL, NULL
FROM missed
UNION ALL
SELECT 'quiet', route, ts, rec, hash, nth, n, 1,
    testers || ' testers came in these hours the day before', NULL
FROM witness WHERE place = 1 AND ts >= :from - 7200000000
