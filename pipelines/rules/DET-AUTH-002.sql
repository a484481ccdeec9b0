-- id: DET-AUTH-002
-- title: Session creation velocity
-- description: Sessions are created abnormally fast for one account, from one client over many accounts, or for one account from many networks.
-- level: high
-- sources: auth_events
-- fallback: heroku_router
-- route: same-day
-- prerequisite: log session.created with user_h, and wire the Logplex drain
-- next_step: Ask the owner of the account; if it was not them, end its sessions and look what they did. For a client over many accounts, look whether the accounts belong to one office.
-- author: raxx
-- license: MIT
-- params: account=6 slow=20 source=10 accounts=5 spread=4 nat=2 release_min=10
--     router=10
-- site: finish_paths, service_accounts, monitor_clients
-- arm: account window=10m threshold=account
--     metric='sessions created' key='account' needs=auth_events.user_h
-- arm: slow window=24h threshold=slow
--     metric='sessions created' key='account' needs=auth_events.user_h
-- arm: source window=10m threshold=source level=medium
--     metric='sessions created' key='client' needs=auth_events.user_h
-- arm: spread window=1h threshold=spread
--     metric='networks of one account' key='account'
--     needs=auth_events.user_h
-- arm: router window=10m threshold=router level=medium on=fallback
--     metric='ceremonies finished' key='client'

-- session.refreshed is not a new session. Left out: service accounts, our
-- monitors, and the first session of an account within :release_min minutes
-- after a release, since a release may end all sessions. A client over many
-- accounts with at most :nat sessions for each, all made by browsers, looks like
-- an office and is worth a line, no more. A network is a /24 or a /48; a phone
-- that changes between IPv4 and IPv6 has two addresses in one place, so under
-- one user agent the larger of both numbers counts, not their sum.
WITH happening AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, user_h AS account,
        nullif(trim(user_agent), '') AS agent
    FROM app_events
    WHERE ts BETWEEN :from - 86400000000 AND :to AND event = 'session.created'
),
-- The router's client where its line is there; see DET-AUTH-001.
mentioned AS MATERIALIZED (
    SELECT id << 4 | 3 AS rec, request_id AS mark FROM app
    WHERE id IN (SELECT rec >> 4 FROM happening)
),
routed AS MATERIALIZED (
    SELECT request_id AS mark, ip_text(min(client)) AS client
    FROM request
    WHERE ts BETWEEN :from - 86400000000 AND :to
        AND request_id IN (SELECT mark FROM mentioned)
    GROUP BY request_id HAVING min(client) = max(client)
),
release AS MATERIALIZED (
    SELECT ts FROM platform_events
    WHERE event = 'release' AND ts BETWEEN :from - 86400000000 - 60000000 * :release_min
            AND :to
    UNION SELECT ts FROM releases
    WHERE ts BETWEEN :from - 86400000000 - 60000000 * :release_min
            AND :to
),
placed AS MATERIALIZED (
    SELECT h.rec, h.ts, h.hash, h.nth, h.account, h.agent,
        coalesce(r.client, h.client, 'unknown') AS client,
        (SELECT max(ts) FROM release WHERE release.ts
            BETWEEN h.ts - 60000000 * :release_min AND h.ts) AS released
    FROM happening AS h LEFT JOIN mentioned AS m ON m.rec = h.rec
        LEFT JOIN routed AS r ON r.mark = m.mark
    WHERE h.account IS NULL OR h.account NOT IN
        (SELECT value FROM json_each(:service_accounts))
),
ordered AS (
    SELECT *, row_number() OVER (PARTITION BY account, released
            ORDER BY ts, hash, nth) AS place
    FROM placed
    WHERE client NOT IN (SELECT value FROM json_each(:monitor_clients))
),
session AS MATERIALIZED (
    SELECT rec, ts, hash, nth, account, client, agent,
        coalesce(ua_family(agent), '') IN ('Chrome', 'Edge', 'Firefox',
            'Opera', 'Safari', 'Samsung') AS browser,
        CASE WHEN client LIKE '%:%' THEN ip_rollup(client) END AS net6,
        CASE WHEN client NOT LIKE '%:%' THEN ip_rollup(client) END AS net4
    FROM ordered WHERE released IS NULL OR account IS NULL OR place > 1
),
by_account AS MATERIALIZED (
    SELECT rec, ts, hash, nth, account, client,
        count(*) OVER fast AS n_10m, count(*) OVER slow AS n_24h,
        count_distinct(client) OVER fast AS clients_10m,
        count_distinct(client) OVER slow AS clients_24h,
        count_distinct(net4) OVER hour AS nets4,
        count_distinct(net6) OVER hour AS nets6,
        count_distinct(agent) OVER hour AS agents,
        count(agent) OVER hour = count(*) OVER hour AS agents_known
    FROM session WHERE account IS NOT NULL
    WINDOW fast AS (PARTITION BY account ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY account ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
        hour AS (PARTITION BY account ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
spread AS (
    SELECT *, CASE WHEN agents = 1 AND agents_known
            THEN max(nets4, nets6) ELSE nets4 + nets6 END AS nets
    FROM by_account
),
by_client AS (
    SELECT rec, ts, hash, nth, client, count(*) OVER fast AS n,
        count_distinct(account) OVER fast AS accounts,
        count_distinct(agent) OVER fast AS agents,
        min(browser) OVER fast AS browsers
    FROM session
    WINDOW fast AS (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
),
-- Without app events, the route alone; whose session it was is not known.
finish AS (
    SELECT rec, ts, hash, nth, coalesce(client, 'unknown') AS client
    FROM requests
    WHERE NOT EXISTS (SELECT 1 FROM happening)
        AND ts BETWEEN :from - 600000000 AND :to
        AND status = 200 AND method = 'POST'
        AND rtrim(path_stem(path_decoded), '/')
            IN (SELECT value FROM json_each(:finish_paths))
        AND (client IS NULL
            OR client NOT IN (SELECT value FROM json_each(:monitor_clients)))
),
finished AS (
    SELECT *, count(*) OVER (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS n
    FROM finish
)
SELECT 'account' AS arm, account AS key, ts, rec, hash, nth, n_10m AS metric,
    n_10m >= :account AS fire, clients_10m || ' clients' AS note, NULL AS level
FROM by_account
UNION ALL
SELECT 'slow', account, ts, rec, hash, nth, n_24h, n_24h >= :slow,
    clients_24h || ' clients', NULL
FROM by_account
UNION ALL
SELECT 'spread', account, ts, rec, hash, nth, nets, nets >= :spread,
    nets4 || ' IPv4 and ' || nets6 || ' IPv6 networks, ' || agents
        || ' user agents', NULL
FROM spread
UNION ALL
SELECT 'source', client, ts, rec, hash, nth, n,
    n >= :source AND accounts >= :accounts,
    accounts || ' accounts, ' || agents || ' user agents'
        || CASE WHEN n <= :nat * accounts AND browsers
            THEN '; one or two sessions each, all from browsers: an office?'
            ELSE '' END,
    CASE WHEN n <= :nat * accounts AND browsers THEN 'informational' END
FROM by_client
UNION ALL
SELECT 'router', client, ts, rec, hash, nth, n, n >= :router,
    'whose sessions they are is not known', NULL
FROM finished
