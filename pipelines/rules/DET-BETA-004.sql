-- id: DET-BETA-004
-- title: NDA bypass probe
-- description: Protected preview pages are tried again and again without an accepted NDA, tried with altered paths or methods, or served without an acceptance.
-- level: low
-- sources: heroku_router, customer_audit_events
-- fallback: heroku_router
-- route: digest
-- prerequisite: wire the Logplex drain, and dump customer_audit_events after the logs
-- next_step: If a page was served, take the preview offline and find which check it passed; else ask the holder of the link.
-- author: raxx
-- license: MIT
-- params: refused=3 refused_paths=2 tricks=1 served=1 attempt_s=5 accept_s=60
-- site: preview_prefix, nda_refused_status, nda_page_bytes, monitor_clients, monitor_tokens
-- arm: probe window=30m threshold=refused metric='refused attempts after the NDA page' key='token' on=any
-- arm: probe-client window=30m threshold=refused metric='refused attempts on several tokens' key='client' on=any
-- arm: trick window=1h threshold=tricks metric='altered paths or methods' key='token' level=medium baseline=never on=any
-- arm: bypass window=24h threshold=served metric='protected pages without an acceptance' key='token' level=critical baseline=never
-- arm: bypass-log window=24h threshold=served metric='protected pages after a refusal, without an acceptance' key='token' level=critical baseline=never on=fallback needs=preview_events

-- An acceptance is a row of the audit log or an event of the app. Both name
-- the app's hash of the token and the request; the router's lines name our
-- hash of it and the request, so requests lead from one to the other. A page
-- is served without an acceptance if there is none of its token up to :accept_s
-- later, and none that may be its token's: where an acceptance is of nobody
-- known, or the dump is older than the request, nothing is claimed. Without a
-- dump only a token that was refused before says something, over an unbroken
-- log. Refusals within :attempt_s are one attempt, named by the first of its
-- paths: a page that calls several at once. Refusals before the NDA page was
-- shown are a deep link out of a mail; a client's first of each token too. Who
-- accepted, as the router's answer has it, or is served in plain spelling
-- needs no trick. The whole history is read: acceptances are older than what
-- they allow.
WITH prefix AS MATERIALIZED (
    SELECT value AS route FROM json_each(:preview_prefix)
),
ours AS MATERIALIZED (
    SELECT value AS name FROM json_each(:monitor_tokens)
    UNION
    SELECT coalesce(ip_key(value), value) FROM json_each(:monitor_clients)
),
said AS MATERIALIZED (
    SELECT ts, request_id, token_h, event, outcome FROM app_events
    WHERE event IN ('preview.request', 'nda.shown', 'nda.accepted')
        AND ts <= :to + 1000000 * :accept_s
),
seen AS MATERIALIZED (
    SELECT r.rec, r.ts, r.hash, r.nth, p.route, r.request_id, r.token,
        coalesce(r.client, 'unknown') AS client, r.method, r.status, r.bytes,
        path_stem(r.path) AS path, lower(path_plain(r.path)) AS plain
    FROM requests AS r JOIN prefix AS p
        ON instr(r.path, p.route) = 1
            OR instr(lower(path_plain(r.path)), lower(p.route)) = 1
    WHERE r.ts <= :to AND r.token IS NOT NULL
),
visit AS MATERIALIZED (
    SELECT *, path_segment(plain, 'screens') AS screen,
        plain LIKE '%/nda' AS nda,
        route || '<token:' || token || '>/screens/' AS usual,
        coalesce(token IN (SELECT name FROM ours), 0)
            OR client IN (SELECT name FROM ours) AS probe
    FROM seen
),
outcome AS MATERIALIZED (
    SELECT v.rec, v.token, s.token_h, s.event, s.outcome
    FROM visit AS v JOIN said AS s ON s.request_id = v.request_id
        AND s.ts BETWEEN v.ts - 120000000 AND v.ts + 120000000
),
holder AS MATERIALIZED (
    SELECT token, token_h FROM (
        SELECT token, token_h, row_number() OVER (PARTITION BY token
            ORDER BY count(*) DESC, token_h) AS place
        FROM outcome WHERE token_h IS NOT NULL GROUP BY token, token_h)
    WHERE place = 1
),
acceptance AS MATERIALIZED (
    SELECT ts,
        iif(json_valid(detail), detail ->> '$.token_h', NULL) AS token_h,
        iif(json_valid(detail), detail ->> '$.request_id', NULL) AS request_id
    FROM customer_audit_events
    WHERE tenant_id = 't-beta' AND action = 'nda.accepted'
        AND ts <= :to + 1000000 * :accept_s
    UNION
    SELECT ts, token_h, request_id FROM said WHERE event = 'nda.accepted'
),
consent AS MATERIALIZED (
    SELECT h.token, a.ts, a.token_h, a.request_id
    FROM acceptance AS a JOIN holder AS h ON h.token_h = a.token_h
    UNION
    SELECT v.token, a.ts, a.token_h, a.request_id
    FROM acceptance AS a JOIN visit AS v ON v.request_id = a.request_id
        AND v.nda AND v.method = 'POST'
        AND v.ts BETWEEN a.ts - 120000000 AND a.ts + 120000000
),
accepted AS MATERIALIZED (
    SELECT token, min(ts) AS since FROM consent GROUP BY token
),
nameless AS MATERIALIZED (
    SELECT min(a.ts) AS since FROM acceptance AS a
    WHERE NOT EXISTS (SELECT 1 FROM consent AS c WHERE c.ts = a.ts
        AND c.token_h IS a.token_h AND c.request_id IS a.request_id)
),
-- What says the same with less weight: the router's answer to the acceptance,
-- and pages served in plain spelling.
cleared AS MATERIALIZED (
    SELECT token, min(ts) AS since FROM (
        SELECT token, since AS ts FROM accepted
        UNION ALL
        SELECT token, ts FROM visit
        WHERE nda AND method = 'POST' AND status < 400
        UNION ALL
        SELECT token, ts FROM visit
        WHERE screen IS NOT NULL AND status = 200
            AND substr(path, 1, length(usual)) = usual
            AND method IN ('GET', 'HEAD')
            AND path_plain(path) = path)
    GROUP BY token
),
page AS MATERIALIZED (
    SELECT v.*, c.since IS NULL OR c.since > v.ts AS barred,
        v.status IN (SELECT value FROM json_each(:nda_refused_status))
            OR EXISTS (SELECT 1 FROM outcome AS o WHERE o.rec = v.rec
                AND o.outcome = 'nda_required') AS refused
    FROM visit AS v LEFT JOIN cleared AS c ON c.token = v.token
    WHERE v.screen IS NOT NULL AND NOT v.probe
),
shown AS MATERIALIZED (
    SELECT token, client, min(ts) AS since FROM visit
    WHERE nda AND method IN ('GET', 'HEAD') AND status = 200
        OR rec IN (SELECT rec FROM outcome WHERE event = 'nda.shown')
    GROUP BY token, client
),
denial AS MATERIALIZED (
    SELECT p.*, row_number() OVER (PARTITION BY client, p.token
        ORDER BY p.ts, hash, nth) AS place
    FROM page AS p WHERE refused AND barred
),
spaced AS (
    SELECT 'probe' AS arm, token AS key, d.* FROM denial AS d
    WHERE EXISTS (SELECT 1 FROM shown AS s
        WHERE s.token = d.token AND s.since <= d.ts)
    UNION ALL
    SELECT 'probe-client', client, d.* FROM denial AS d
    WHERE place > 1 AND EXISTS (SELECT 1 FROM shown AS s
        WHERE s.client = d.client AND s.since <= d.ts)
),
chained AS (
    SELECT *, sum(apart) OVER (PARTITION BY arm, key ORDER BY ts, hash, nth
        ROWS UNBOUNDED PRECEDING) AS chain
    FROM (SELECT *, coalesce(ts - lag(ts) OVER (PARTITION BY arm, key
            ORDER BY ts, hash, nth) >= 1000000 * :attempt_s, 1) AS apart
        FROM spaced)
),
slotted AS (
    SELECT *, (ts - min(ts) OVER (PARTITION BY arm, key, chain))
            / CAST(1000000 * :attempt_s AS INTEGER) AS slot
    FROM chained
),
attempt AS MATERIALIZED (
    SELECT *, min(plain) OVER (PARTITION BY arm, key, chain, slot) AS what,
        row_number() OVER (PARTITION BY arm, key, chain, slot
            ORDER BY ts, hash, nth) AS call
    FROM slotted
),
tried AS MATERIALIZED (
    SELECT arm, key, ts, rec, hash, nth,
        count(*) OVER half_hour AS n,
        count_distinct(what) OVER half_hour AS paths,
        count_distinct(token) OVER half_hour AS tokens
    FROM attempt WHERE call = 1 AND ts >= :from - 1800000000
    WINDOW half_hour AS (PARTITION BY arm, key ORDER BY ts
        RANGE BETWEEN 1800000000 PRECEDING AND CURRENT ROW)
),
altered AS MATERIALIZED (
    SELECT *, CASE
            WHEN method NOT IN ('GET', 'HEAD') THEN 'method ' || method
            WHEN instr(path, '..;') THEN '..;'
            WHEN path REGEXP '(?i)%(25)*(2f|5c)' THEN 'an escaped slash'
            WHEN path REGEXP '(?i)%(25)*2e' THEN 'an escaped dot'
            WHEN instr(path, '//') THEN '//'
            WHEN path REGEXP '/\.{1,2}(/|$)' THEN 'a dot segment'
            WHEN path REGEXP '[./]$' THEN 'a dot or slash at its end'
            WHEN path_plain(path) <> path THEN 'another spelling'
            WHEN substr(path, 1, length(usual)) <> usual
                THEN 'letters of the other case'
            END AS trick
    FROM page WHERE barred AND ts >= :from - 3600000000
),
served AS MATERIALIZED (
    SELECT p.rec, p.ts, p.hash, p.nth, p.token, p.bytes,
        coalesce(a.since <= p.ts + 1000000 * :accept_s, 0) AS allowed,
        h.token_h IS NULL AND EXISTS (SELECT 1 FROM nameless AS n
            WHERE n.since <= p.ts + 1000000 * :accept_s) AS unknown,
        coalesce(:dumps ->> 'customer_audit_events' < p.ts, 1) AS ahead
    FROM page AS p LEFT JOIN accepted AS a ON a.token = p.token
        LEFT JOIN holder AS h ON h.token = p.token
    WHERE p.status IN (200, 206) AND p.ts >= :from - 86400000000
        AND p.bytes > (SELECT max(value) FROM json_each(:nda_page_bytes))
),
turned AS MATERIALIZED (
    SELECT v.token, v.ts FROM visit AS v
    WHERE v.rec IN (SELECT rec FROM outcome
            WHERE outcome IN ('nda_required', 'nda_interstitial'))
        OR v.status IN (SELECT value FROM json_each(:nda_refused_status))
),
broken AS MATERIALIZED (
    SELECT s.*, NOT EXISTS (SELECT 1 FROM visit AS v WHERE v.token = s.token
            AND v.nda AND v.method = 'POST' AND v.status < 400
            AND v.ts <= s.ts + 1000000 * :accept_s)
        AND EXISTS (SELECT 1 FROM turned AS t, json_each(:seen) AS e
            WHERE t.token = s.token AND t.ts < s.ts
                AND e.value ->> 0 <= t.ts AND e.value ->> 1 >= s.ts) AS proved
    FROM served AS s WHERE NOT allowed
)
SELECT arm, key, ts, rec, hash, nth, n AS metric,
    n >= :refused AND paths >= :refused_paths
        AND (arm = 'probe' OR tokens > 1) AS fire,
    paths || ' paths' || iif(arm = 'probe', '', ', ' || tokens || ' tokens')
        AS note, NULL AS result
FROM tried
UNION ALL
SELECT 'trick', token, ts, rec, hash, nth,
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW),
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW) >= :tricks,
    trick || ', answered ' || coalesce(status, 'nothing'), NULL
FROM altered WHERE trick IS NOT NULL
UNION ALL
SELECT 'bypass', token, ts, rec, hash, nth,
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) >= :served,
    bytes || ' bytes were served', NULL
FROM served WHERE NOT (allowed OR unknown OR ahead)
UNION ALL
SELECT 'bypass', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) || ' pages served after the dump of customer_audit_events was'
        || ' taken', 'INSUFFICIENT_DATA'
FROM served WHERE NOT allowed AND ahead AND ts >= :from HAVING count(*) > 0
UNION ALL
SELECT 'bypass', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) || ' pages served to tokens that may have accepted: no event of'
        || ' the app tells whose an acceptance is', 'INSUFFICIENT_DATA'
FROM served WHERE NOT allowed AND unknown AND NOT ahead AND ts >= :from
HAVING count(*) > 0
UNION ALL
SELECT 'bypass-log', token, ts, rec, hash, nth,
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
    count(*) OVER (PARTITION BY token ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) >= :served,
    bytes || ' bytes were served', NULL
FROM broken WHERE proved
UNION ALL
SELECT 'bypass-log', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) || ' pages served to tokens whose acceptance no log shows',
    'INSUFFICIENT_DATA'
FROM broken WHERE NOT proved AND ts >= :from HAVING count(*) > 0
