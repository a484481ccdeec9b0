-- id: DET-BETA-002
-- title: Preview screen scraping
-- description: One preview link, or one client with several, opens more different screens than a person looks at; or at the pace of a machine, without what a browser loads with them, from too many networks or with too many programs.
-- level: medium
-- sources: heroku_router
-- route: same-day
-- prerequisite: pull the router logs or wire the Logplex drain
-- next_step: Ask the holder of the link; if it was not them, revoke the token and look which screens were served.
-- author: raxx
-- license: MIT
-- params: fast=25 catalogue=12 catalogue_share=0.8 slow=40 slow_factor=3 burst=8 client=25 client_slow=40 rhythm=20 rhythm_cv=0.25 networks=4 agents=3 bare=15 ahead_s=2 asset_days=7
-- site: screen_catalogue, nda_refused_status, monitor_clients, monitor_tokens
-- arm: fast window=10m threshold=fast metric='distinct screens' key='token'
-- arm: catalogue window=15m threshold=catalogue metric='distinct screens of the catalogue' key='token'
-- arm: slow window=24h threshold=slow metric='distinct screens' key='token'
-- arm: client window=10m threshold=client metric='distinct screens on several tokens' key='client'
-- arm: client-slow window=24h threshold=client_slow metric='distinct screens on several tokens' key='client'
-- arm: rhythm window=24h threshold=rhythm metric='screens at an even pace' key='token'
-- arm: spread window=24h threshold=networks metric='networks' key='token' level=high
-- arm: agents window=24h threshold=agents metric='kinds of programs' key='token' level=high needs=access_lines.user_agent
-- arm: bare window=24h threshold=bare metric='distinct screens without an asset' key='token'

-- A browser that fetches the next screens ahead makes a burst: requests less
-- than :ahead_s apart, as long at most, of few screens. The fast arms and the
-- rhythm count a burst as its first screen; a longer or wider burst is no
-- prefetch and counts fully. The rhythm leaves out screens seen in the day
-- before: a page that reloads itself is no harvest. The slow arms compare with
-- the median day of a tester before the day in which their window begins, else
-- a run over midnight would be its own measure; for that the whole history is
-- read. A client counts by itself when it has two tokens; it is only noted
-- where each token has a User-Agent of its own: people behind one address.
-- Assets may come from a browser's cache: one asked for in :asset_days before
-- will do. Tokens of ours stand in monitor_tokens as findings print them.
WITH opened AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token, client, path, status FROM requests
    WHERE ts <= :to AND token IS NOT NULL
),
served AS MATERIALIZED (
    SELECT *, path_segment(path_plain(path), 'screens') AS screen,
        ts / 86400000000 AS day
    FROM opened
    WHERE (status = 200 OR status IN
            (SELECT value FROM json_each(:nda_refused_status)))
        AND token NOT IN (SELECT value FROM json_each(:monitor_tokens))
        AND (client IS NULL OR client NOT IN
            (SELECT coalesce(ip_key(value), value)
                FROM json_each(:monitor_clients)))
),
page AS MATERIALIZED (
    SELECT * FROM served WHERE status = 200 AND screen IS NOT NULL
),
refused AS MATERIALIZED (
    SELECT token, ts FROM served
    WHERE status <> 200 AND screen IS NOT NULL AND ts >= :from - 172800000000
),
tester_day AS MATERIALIZED (
    SELECT token, day, count(DISTINCT screen) AS screens
    FROM page GROUP BY token, day
),
usual AS MATERIALIZED (
    SELECT d.day, (SELECT median(t.screens) FROM tester_day AS t
        WHERE t.day < d.day - 1) AS screens
    FROM (SELECT DISTINCT day FROM page WHERE ts >= :from) AS d
),
near AS (
    SELECT *,
        coalesce(ts - lag(ts) OVER (PARTITION BY token
            ORDER BY ts, hash, nth) < 1000000 * :ahead_s, 0) AS follows,
        coalesce(ts - lag(ts) OVER (PARTITION BY token, screen
            ORDER BY ts, hash, nth) <= 86400000000, 0) AS again
    FROM page WHERE ts >= :from - 172800000000
),
burst AS (
    SELECT *, sum(NOT follows) OVER (PARTITION BY token
        ORDER BY ts, hash, nth ROWS UNBOUNDED PRECEDING) AS nr
    FROM near
),
sized AS MATERIALIZED (
    SELECT *, follows
            AND max(ts) OVER whole - min(ts) OVER whole
                <= 1000000 * :ahead_s
            AND count_distinct(screen) OVER whole <= :burst AS ahead
    FROM burst
    WINDOW whole AS (PARTITION BY token, nr)
),
seen AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token, client, path, day,
        count_distinct(iif(ahead, NULL, screen)) OVER (PARTITION BY token
            ORDER BY ts RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
            AS in_10m,
        count_distinct(iif(screen IN (SELECT value
            FROM json_each(:screen_catalogue)), screen, NULL)) OVER
            (PARTITION BY token ORDER BY ts
                RANGE BETWEEN 900000000 PRECEDING AND CURRENT ROW) AS in_15m,
        count_distinct(screen) OVER token_day AS in_24h,
        count_distinct(ip_rollup(client)) OVER token_day AS networks,
        count_distinct(iif(ahead, NULL, screen)) OVER (PARTITION BY client
            ORDER BY ts RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
            AS client_10m,
        count_distinct(token) OVER (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS tokens_10m,
        count_distinct(screen) OVER client_day AS client_24h,
        count_distinct(token) OVER client_day AS tokens_24h,
        count_distinct(screen) OVER (PARTITION BY token, client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS own_24h
    FROM sized
    WINDOW token_day AS (PARTITION BY token ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
        client_day AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
-- Programs, of the app server's own lines: what the router does not log.
program AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token, path, user_agent,
        ua_family(user_agent) AS family
    FROM access_lines
    WHERE ts BETWEEN :from - 172800000000 AND :to AND token IS NOT NULL
        AND status = 200 AND user_agent IS NOT NULL
        AND path_segment(path_plain(path), 'screens') IS NOT NULL
        AND token IN (SELECT token FROM page)
),
programs AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token,
        count_distinct(family) OVER (PARTITION BY token ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS families
    FROM program WHERE family IS NOT NULL
),
graded AS MATERIALIZED (
    SELECT s.*,
        CASE WHEN networks >= :networks THEN 'from ' || networks || ' networks'
            WHEN EXISTS (SELECT 1 FROM programs AS p WHERE p.token = s.token
                AND p.families >= :agents
                AND p.ts BETWEEN s.ts - 86400000000 AND s.ts)
                THEN 'with ' || :agents || ' or more kinds of programs'
            WHEN EXISTS (SELECT 1 FROM refused AS r WHERE r.token = s.token
                AND r.ts BETWEEN s.ts - 86400000000 AND s.ts)
                THEN 'after it was refused for the NDA'
            END AS worse
    FROM seen AS s WHERE s.ts >= :from - 86400000000
),
turn AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token,
        min((ts - lag(ts) OVER (PARTITION BY token ORDER BY ts, hash, nth))
            / 1000, 86400000) AS gap_ms
    FROM sized WHERE NOT ahead AND NOT again
),
paced AS MATERIALIZED (
    SELECT rec, ts, hash, nth, token,
        count(*) OVER turns AS n,
        min(ts) OVER turns AS since,
        sum(gap_ms) OVER gaps AS total_ms,
        sum(gap_ms * gap_ms) OVER gaps AS squares
    FROM turn
    WINDOW turns AS (PARTITION BY token ORDER BY ts, hash, nth
            ROWS BETWEEN :rhythm - 1 PRECEDING AND CURRENT ROW),
        gaps AS (PARTITION BY token ORDER BY ts, hash, nth
            ROWS BETWEEN :rhythm - 2 PRECEDING AND CURRENT ROW)
),
many AS MATERIALIZED (
    SELECT DISTINCT client FROM graded
    WHERE client IS NOT NULL AND own_24h >= :bare
),
asset AS MATERIALIZED (
    SELECT client, ts FROM requests
    WHERE EXISTS (SELECT 1 FROM many)
        AND ts BETWEEN :from - 86400000000 * (1 + :asset_days) AND :to
        AND lower(path_extension(path)) IN ('js', 'mjs', 'css', 'map', 'svg',
            'png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'ico', 'woff',
            'woff2', 'ttf', 'wasm')
),
crowd AS MATERIALIZED (
    SELECT g.rec, g.client, g.ts, g.token,
        (SELECT p.user_agent FROM program AS p
            WHERE p.token = g.token AND p.path = g.path
                AND p.ts BETWEEN g.ts - 2000000 AND g.ts + 2000000
            ORDER BY p.ts, p.hash, p.nth LIMIT 1) AS agent
    FROM graded AS g
    WHERE g.client IN (SELECT client FROM graded WHERE tokens_24h > 1
        AND (client_10m >= :client OR client_24h >= :client_slow))
),
people AS MATERIALIZED (
    SELECT rec,
        count_distinct(agent) OVER (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS agents_10m,
        count_distinct(agent) OVER (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS agents_24h
    FROM crowd
)
SELECT 'fast' AS arm, token AS key, ts, rec, hash, nth,
    in_10m AS metric, in_10m >= :fast AS fire, worse AS note,
    iif(worse IS NULL, NULL, 'high') AS level, NULL AS result
FROM graded
UNION ALL
SELECT 'catalogue', token, ts, rec, hash, nth, in_15m,
    in_15m >= :catalogue AND in_15m >= :catalogue_share * (SELECT count(*)
        FROM json_each(:screen_catalogue)),
    worse, iif(worse IS NULL, NULL, 'high'), NULL
FROM graded
UNION ALL
SELECT 'slow', token, ts, rec, hash, nth, in_24h,
    in_24h >= :slow
        AND in_24h >= :slow_factor * coalesce(usual.screens, 0),
    coalesce('median tester day: ' || usual.screens || ' screens; ' || worse,
        worse, 'median tester day: ' || usual.screens || ' screens'),
    iif(worse IS NULL, NULL, 'high'), NULL
FROM graded LEFT JOIN usual USING (day)
UNION ALL
SELECT 'client', client, ts, g.rec, hash, nth, client_10m,
    client_10m >= :client AND tokens_10m > 1,
    tokens_10m || ' tokens' || iif(p.agents_10m >= tokens_10m,
        ', each with a User-Agent of its own', ''),
    iif(p.agents_10m >= tokens_10m, 'informational', NULL), NULL
FROM graded AS g JOIN people AS p ON p.rec = g.rec
UNION ALL
SELECT 'client-slow', client, ts, g.rec, hash, nth, client_24h,
    client_24h >= :client_slow AND tokens_24h > 1 AND client_24h
        >= :slow_factor * tokens_24h * coalesce(usual.screens, 0),
    tokens_24h || ' tokens' || iif(p.agents_24h >= tokens_24h,
        ', each with a User-Agent of its own', ''),
    iif(p.agents_24h >= tokens_24h, 'informational', NULL), NULL
FROM graded AS g JOIN people AS p ON p.rec = g.rec LEFT JOIN usual USING (day)
UNION ALL
SELECT 'rhythm', p.token, p.ts, p.rec, p.hash, p.nth, n,
    n >= :rhythm AND p.ts - since <= 86400000000
        AND 1.0 * (:rhythm - 1) * squares - 1.0 * total_ms * total_ms
            < :rhythm_cv * :rhythm_cv * total_ms * total_ms,
    printf('one every %.1f s', total_ms / 1000.0 / (:rhythm - 1))
        || coalesce(', ' || worse, ''),
    iif(worse IS NULL, NULL, 'high'), NULL
FROM paced AS p JOIN graded AS g ON g.rec = p.rec
UNION ALL
SELECT 'spread', token, ts, rec, hash, nth, networks, networks >= :networks,
    NULL, NULL, NULL
FROM graded
UNION ALL
SELECT 'agents', token, ts, rec, hash, nth, families, families >= :agents,
    NULL, NULL, NULL
FROM programs WHERE ts >= :from - 86400000000
UNION ALL
SELECT 'bare', token, ts, rec, hash, nth, own_24h,
    own_24h >= :bare AND EXISTS (SELECT 1 FROM asset)
        AND NOT EXISTS (SELECT 1 FROM asset AS a WHERE a.client = g.client
            AND a.ts BETWEEN g.ts - 86400000000 * :asset_days AND g.ts),
    worse, iif(worse IS NULL, NULL, 'high'), NULL
FROM graded AS g WHERE client IN (SELECT client FROM many)
UNION ALL
SELECT 'bare', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    'no request for an asset is in the logs: served elsewhere?', NULL,
    'INSUFFICIENT_DATA'
FROM many WHERE NOT EXISTS (SELECT 1 FROM asset)
