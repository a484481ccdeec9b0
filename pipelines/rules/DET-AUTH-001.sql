-- id: DET-AUTH-001
-- title: Passkey enumeration
-- description: One client, or many together, starts passkey ceremonies for many identifiers that do not exist, to learn which ones do; and whether the answers tell it.
-- level: medium
-- sources: auth_events
-- fallback: heroku_router
-- route: same-day
-- prerequisite: log auth.passkey.begin with id_h and known, and wire the Logplex drain
-- next_step: Look which known identifiers the client met and whether it got in; slow the ceremony down for that network. If the answers differ, make them equal for known and unknown identifiers.
-- author: raxx
-- license: MIT
-- params: fast=8 slow=20 distributed=30 clients=10 unknown_share=0.6
--     hits=3 oracle=50 oracle_each=20 router=15 router_finished=0.1
--     typo=2 typos=4 typo_min=10 register_min=10
-- site: begin_paths, finish_paths, service_accounts, monitor_clients
-- arm: fast window=10m threshold=fast
--     metric='distinct unknown identifiers' key='client'
--     needs=auth_events.known
-- arm: slow window=24h threshold=slow
--     metric='distinct unknown identifiers' key='client'
--     needs=auth_events.known
-- arm: distributed window=1h threshold=distributed level=high
--     metric='begins with an unknown identifier' key='all clients'
--     needs=auth_events.known
-- arm: success window=24h threshold=hits level=high baseline=never
--     metric='known identifiers before a success' key='client'
--     needs=auth_events.known
-- arm: oracle window=24h threshold=oracle baseline=never
--     metric='percent of the difference of answers that known explains'
--     key='path' needs=auth_events.known,heroku_router
-- arm: router window=10m threshold=router on=fallback
--     metric='ceremonies begun' key='client'

-- A client is the router's where the request's own line is there, since an app
-- may believe a forged header; a request id that several clients sent names
-- none of them. Left out: begins without an identifier (a page that offers to
-- fill in), our monitors and service accounts, and an unknown identifier that
-- the same client then registers: that is how people sign up. So an office
-- where all identifiers are known has nothing to count.
--
-- Identifiers are keyed hashes, over which nothing can be near. Where an app
-- logs them as they are (with '@'), one retyped after the other within a
-- distance of :typo counts once, :typos times at most: a list that is walked
-- through is near itself too.
WITH route AS MATERIALIZED (
    SELECT value AS path, 1 AS begins FROM json_each(:begin_paths)
    UNION SELECT value, 0 FROM json_each(:finish_paths)
),
happening AS MATERIALIZED (
    SELECT rec, ts, hash, nth, event, client, id_h, known, ok
    FROM app_events
    WHERE ts BETWEEN :from - 86400000000 AND :to
        AND event IN ('auth.passkey.begin', 'register.begin',
            'auth.passkey.finish', 'session.created')
),
-- Request ids as they are stored: to spell out each one of the log is dear.
mentioned AS MATERIALIZED (
    SELECT id << 4 | 3 AS rec, request_id AS mark FROM app
    WHERE id IN (SELECT rec >> 4 FROM happening)
),
routed AS MATERIALIZED (
    SELECT request_id AS mark, ip_text(min(client)) AS client,
        count(*) AS lines, max(coalesce(path_decoded, path)) AS path,
        max(status) AS status, max(bytes) AS bytes
    FROM request
    WHERE ts BETWEEN :from - 86400000000 AND :to
        AND request_id IN (SELECT mark FROM mentioned)
    GROUP BY request_id HAVING min(client) = max(client)
),
placed AS MATERIALIZED (
    SELECT h.rec, h.ts, h.hash, h.nth, h.event, h.known, h.id_h,
        coalesce(r.client, h.client, 'unknown') AS client,
        CASE WHEN r.lines = 1 THEN r.path END AS path, r.status, r.bytes,
        h.event = 'session.created'
            OR (h.event = 'auth.passkey.finish' AND h.ok = 1) AS success,
        CASE WHEN h.id_h LIKE '%@%' THEN email_canonical(h.id_h)
            ELSE h.id_h END AS id
    FROM happening AS h LEFT JOIN mentioned AS m ON m.rec = h.rec
        LEFT JOIN routed AS r ON r.mark = m.mark
),
ours AS (
    SELECT value FROM json_each(:service_accounts)
),
foreigner AS MATERIALIZED (
    SELECT *, success IS NOT TRUE AND event IN ('auth.passkey.begin',
            'register.begin') AND id IS NOT NULL
            AND known IS NOT NULL AS begins
    FROM placed
    WHERE client NOT IN (SELECT value FROM json_each(:monitor_clients))
        AND (id_h IS NULL OR id_h NOT IN (SELECT value FROM ours))
),
registered AS MATERIALIZED (
    SELECT client, id, ts FROM foreigner WHERE success AND id IS NOT NULL
),
begun AS MATERIALIZED (
    SELECT *, begins AND known = 0 AND NOT EXISTS (
            SELECT 1 FROM registered AS r
            WHERE r.client = f.client AND r.id = f.id
                AND r.ts BETWEEN f.ts AND f.ts + 60000000 * :register_min)
            AS stranger
    FROM foreigner AS f WHERE begins OR success
),
retyped AS (
    SELECT *, coalesce(ts - lag(ts) OVER typing <= 60000000 * :typo_min
            AND edit_distance(id, lag(id) OVER typing, :typo) <= :typo, 0)
            AS again
    FROM begun WHERE stranger AND id LIKE '%@%'
    WINDOW typing AS (PARTITION BY client ORDER BY ts, hash, nth)
),
attempt AS (
    SELECT *, sum(NOT again) OVER (PARTITION BY client
            ORDER BY ts, hash, nth ROWS UNBOUNDED PRECEDING) AS nr
    FROM retyped
),
tried AS (
    SELECT rec, ts, hash, nth, client, event, stranger, begins, success, known,
        id, id AS word
    FROM begun WHERE NOT (stranger AND id LIKE '%@%')
    UNION ALL
    SELECT rec, ts, hash, nth, client, event, stranger, begins, success, known,
        id, CASE WHEN row_number() OVER word <= :typos
            THEN first_value(id) OVER word ELSE id END
    FROM attempt
    WINDOW word AS (PARTITION BY client, nr ORDER BY ts, hash, nth)
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, event, stranger, success, known, id,
        count_distinct(CASE WHEN stranger THEN word END) OVER fast AS n_10m,
        count_distinct(CASE WHEN known THEN id END) OVER fast AS known_10m,
        sum(success) OVER fast AS successes_10m,
        count_distinct(CASE WHEN stranger THEN word END) OVER slow AS n_24h,
        count_distinct(CASE WHEN known THEN id END) OVER slow AS known_24h,
        sum(success) OVER slow AS successes_24h,
        sum(stranger) OVER hour AS all_strangers,
        sum(begins) OVER hour AS all_begins,
        count_distinct(CASE WHEN stranger THEN client END) OVER hour
            AS all_clients
    FROM tried
    WINDOW fast AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
        hour AS (ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
-- What a client found after it had tried many.
follower AS MATERIALIZED (
    SELECT *, max(n_10m >= :fast OR n_24h >= :slow) OVER (PARTITION BY client
            ORDER BY ts RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
            AS after
    FROM counted WHERE client IN (SELECT client FROM counted
        WHERE n_10m >= :fast OR n_24h >= :slow)
),
-- How much of the variance of size, or of success, the classes known and
-- unknown explain (eta squared), in whole numbers as long as possible.
answer AS (
    SELECT rec, ts, hash, nth, event, known,
        path_stem(CASE typeof(path) WHEN 'integer'
            THEN (SELECT s FROM str WHERE id = path) ELSE path END) AS path,
        status BETWEEN 200 AND 299 AS good,
        CASE WHEN status BETWEEN 200 AND 299 THEN min(bytes, 99999) END AS size
    FROM foreigner
    WHERE begins AND path IS NOT NULL AND status < 500
),
summed AS (
    SELECT rec, ts, hash, nth, path, event,
        sum(known) OVER day AS n1, sum(NOT known) OVER day AS n0,
        sum(good AND known) OVER day AS good1,
        sum(good AND NOT known) OVER day AS good0,
        count(CASE WHEN known THEN size END) OVER day AS m1,
        count(CASE WHEN NOT known THEN size END) OVER day AS m0,
        coalesce(sum(CASE WHEN known THEN size END) OVER day, 0) AS size1,
        coalesce(sum(CASE WHEN NOT known THEN size END) OVER day, 0) AS size0,
        coalesce(sum(size * size) OVER day, 0) AS squares
    FROM answer
    WINDOW day AS (PARTITION BY path, event ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
explained AS (
    SELECT *, CASE WHEN min(n1, n0) >= :oracle_each
            THEN (1.0 * good1 * good1 / n1 + 1.0 * good0 * good0 / n0
                    - 1.0 * (good1 + good0) * (good1 + good0) / (n1 + n0))
                / nullif(good1 + good0
                    - 1.0 * (good1 + good0) * (good1 + good0) / (n1 + n0), 0)
            END AS by_status,
        CASE WHEN min(m1, m0) >= :oracle_each
            THEN (1.0 * size1 * size1 / m1 + 1.0 * size0 * size0 / m0
                    - 1.0 * (size1 + size0) * (size1 + size0) / (m1 + m0))
                / nullif(squares
                    - 1.0 * (size1 + size0) * (size1 + size0) / (m1 + m0), 0)
            END AS by_size
    FROM summed
),
-- Without app events, the routes alone. Refused finishes are the client's own
-- to make; those that our side failed are not held against it.
ceremony AS MATERIALIZED (
    SELECT rec, ts, hash, nth, coalesce(client, 'unknown') AS client, status,
        rtrim(path_stem(path_decoded), '/') AS path
    FROM requests
    WHERE NOT EXISTS (SELECT 1 FROM happening)
        AND ts BETWEEN :from - 600000000 AND :to AND method = 'POST'
        AND rtrim(path_stem(path_decoded), '/') IN
            (SELECT value FROM json_each(:begin_paths)
                UNION SELECT value FROM json_each(:finish_paths))
        AND (client IS NULL
            OR client NOT IN (SELECT value FROM json_each(:monitor_clients)))
),
paced AS (
    SELECT *,
        sum(path IN (SELECT path FROM route WHERE begins)) OVER fast AS begins,
        sum(path IN (SELECT path FROM route WHERE NOT begins)
            AND coalesce(status NOT BETWEEN 400 AND 499, 1)) OVER fast
            AS finishes
    FROM ceremony
    WINDOW fast AS (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
)
SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, n_10m AS metric,
    n_10m >= :fast AS fire,
    known_10m || ' known identifiers, ' || successes_10m || ' successes'
        AS note,
    NULL AS level
FROM counted WHERE stranger
UNION ALL
SELECT 'slow', client, ts, rec, hash, nth, n_24h, n_24h >= :slow,
    known_24h || ' known identifiers, ' || successes_24h || ' successes', NULL
FROM counted WHERE stranger
UNION ALL
SELECT 'distributed', 'all clients', ts, rec, hash, nth, all_strangers,
    all_strangers >= :distributed AND all_clients >= :clients
        AND all_strangers >= :unknown_share * all_begins,
    all_clients || ' clients; ' || all_strangers || ' of ' || all_begins
        || ' begins are of unknown identifiers', NULL
FROM counted WHERE stranger
UNION ALL
SELECT 'success', client, ts, rec, hash, nth, known_24h,
    success AND after AND known_24h >= :hits,
    n_24h || ' unknown identifiers before', NULL
FROM follower WHERE success OR known
UNION ALL
SELECT 'oracle', path, ts, rec, hash, nth,
    round(100 * max(coalesce(by_status, 0), coalesce(by_size, 0))),
    round(100 * max(coalesce(by_status, 0), coalesce(by_size, 0))) >= :oracle,
    CASE WHEN coalesce(by_status, 0) >= coalesce(by_size, 0)
        THEN 'known and unknown identifiers are answered with different status'
        ELSE 'known identifiers get ' || (size1 / m1)
            || ' bytes on average, unknown ones ' || (size0 / m0) END
        || CASE event WHEN 'register.begin'
            THEN '; a registration cannot hide it' ELSE '' END,
    CASE event WHEN 'register.begin' THEN 'informational' END
FROM explained
UNION ALL
SELECT 'router', client, ts, rec, hash, nth, begins,
    begins >= :router AND finishes < :router_finished * begins,
    finishes || ' finished', NULL
FROM paced
