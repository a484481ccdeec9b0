-- id: DET-BETA-001
-- title: Preview token enumeration
-- description: One client, or many together, try preview tokens that do not exist; or a client that did so opens a valid one.
-- level: low
-- sources: heroku_router
-- route: digest
-- prerequisite: pull the router logs or wire the Logplex drain
-- next_step: Look whether the client later opened a valid link; if so, revoke that token.
-- author: raxx
-- license: MIT
-- params: fast=8 slow=15 all=25 all_clients=5 all_share=0.5 structured=4 misses=3 header=8 outage_tokens=2 outage_min=10 long=16
-- site: preview_prefix, invalid_token_status, nda_refused_status
-- arm: fast window=10m threshold=fast metric='distinct invalid tokens' key='client'
-- arm: slow window=24h threshold=slow metric='distinct invalid tokens' key='client'
-- arm: distributed window=1h threshold=all metric='distinct invalid tokens' key='all clients' level=medium
-- arm: structured window=24h threshold=structured metric='invalid tokens made from one another' key='client' level=medium
-- arm: hit window=24h threshold=misses metric='distinct invalid tokens before a valid one' key='client' level=high baseline=never
-- arm: header window=10m threshold=header metric='distinct invalid tokens outside the path' key='client' needs=preview_events

-- What the app says of a request wins over its status, unless it says both: a
-- client may give several requests one id. Tokens are compared by their core,
-- so that one dead link with a full stop or a bracket behind it is one token.
-- Left out: tokens that are valid at another time, and what mail made of such;
-- a beginning of a valid token, or one with a word glued to it, counts once
-- per token. Where :outage_tokens tokens that were valid fail for other clients,
-- within one to two times :outage_min minutes and with no valid request between,
-- the preview itself fails: see DET-BETA-003. Valid tokens are looked for in the whole history.
WITH RECURSIVE said AS MATERIALIZED (
    SELECT request_id,
        max(outcome = 'invalid') AS invalid,
        max(outcome IN ('ok', 'nda_required', 'nda_interstitial', 'not_found'))
            AS valid
    FROM app_events
    WHERE event = 'preview.request' AND ts <= :to AND request_id IS NOT NULL
    GROUP BY request_id
),
attempt AS MATERIALIZED (
    SELECT rec, ts, hash, nth, coalesce(client, 'unknown') AS client,
        request_id, status, token, coalesce(token_core, token) AS core,
        CAST(token_shape AS INTEGER) AS length,
        number(substr(token_shape, instr(token_shape, ':') + 1
            + instr(substr(token_shape, instr(token_shape, ':') + 1), ':')))
            AS number,
        substr(token_parts, 1, 8) AS third_1,
        substr(token_parts, 10, 8) AS third_2,
        substr(token_parts, 19, 8) AS third_3,
        substr(token_parts, 28, 8) AS head,
        substr(token_parts, 37, 8) AS stem
    FROM requests AS r
    WHERE ts <= :to AND token IS NOT NULL
        AND EXISTS (SELECT 1 FROM json_each(:preview_prefix)
            WHERE instr(r.path, value) = 1
                OR instr(lower(path_plain(r.path)), lower(value)) = 1)
),
judged AS MATERIALIZED (
    SELECT r.*,
        CASE WHEN s.invalid IS NOT s.valid THEN s.invalid
            ELSE r.status IN
                (SELECT value FROM json_each(:invalid_token_status))
            END IS TRUE AS invalid,
        CASE WHEN s.invalid IS NOT s.valid THEN s.valid
            ELSE r.status BETWEEN 200 AND 399 OR r.status IN
                (SELECT value FROM json_each(:nda_refused_status))
            END IS TRUE AS valid
    FROM attempt AS r LEFT JOIN said AS s ON s.request_id = r.request_id
),
known AS MATERIALIZED (
    SELECT core, min(ts) AS since, max(length) AS length, head,
        third_1, third_2, third_3
    FROM judged WHERE valid GROUP BY core
),
numbered AS MATERIALIZED (
    SELECT *, sum(valid) OVER (ORDER BY ts, hash, nth
        ROWS UNBOUNDED PRECEDING) AS era
    FROM judged
),
lost AS MATERIALIZED (
    SELECT DISTINCT n.era,
        n.ts / CAST(60000000 * :outage_min AS INTEGER) AS slot,
        n.client, n.core
    FROM numbered AS n JOIN known AS k ON k.core = n.core AND k.since < n.ts
    WHERE n.invalid
),
tried AS MATERIALIZED (
    SELECT *, invalid AND core NOT IN (SELECT core FROM known) AS unknown,
        ts / CAST(60000000 * :outage_min AS INTEGER) AS slot
    FROM numbered WHERE ts >= :from - 86400000000
),
told AS MATERIALIZED (
    SELECT *,
        CASE WHEN unknown THEN (SELECT count(DISTINCT l.core) FROM lost AS l
            WHERE l.era = t.era AND l.client <> t.client
                AND l.slot BETWEEN t.slot - 1 AND t.slot + 1)
            >= :outage_tokens ELSE 0 END AS outage,
        CASE WHEN EXISTS (SELECT 1 FROM known AS k WHERE k.head = t.head
                AND k.length >= :long AND k.length <> t.length)
            THEN 'of ' || head ELSE core END AS value
    FROM tried AS t
),
guessed AS MATERIALIZED (
    SELECT *, unknown AND NOT outage AS guess FROM told
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, core, guess, valid,
        count_distinct(iif(guess, value, NULL)) OVER fast AS n_10m,
        count_distinct(iif(guess, value, NULL)) OVER slow AS n_24h,
        count_distinct(iif(guess, value, NULL)) OVER everyone AS all_guesses,
        count_distinct(iif(guess, client, NULL)) OVER everyone AS all_clients,
        count_distinct(core) OVER everyone AS all_tokens
    FROM guessed
    WINDOW fast AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
        everyone AS (ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
-- Tokens made from one another: they count up behind one beginning, or two of
-- their thirds are those of other guesses, or of a valid token as long.
step (k) AS (
    SELECT 1 UNION ALL SELECT k + 1 FROM step WHERE k < :structured
),
number AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, core, stem, number
    FROM guessed WHERE guess AND number IS NOT NULL
),
counting AS MATERIALIZED (
    SELECT *, 'counting up' AS how, '+' || client || stem AS family,
        coalesce((SELECT min(k) FROM step WHERE NOT EXISTS
            (SELECT 1 FROM number AS o WHERE o.client = n.client
                AND o.stem = n.stem AND o.number = n.number - k
                AND o.ts BETWEEN n.ts - 86400000000 AND n.ts)),
            :structured + 1)
        + coalesce((SELECT min(k) FROM step WHERE NOT EXISTS
            (SELECT 1 FROM number AS o WHERE o.client = n.client
                AND o.stem = n.stem AND o.number = n.number + k
                AND o.ts BETWEEN n.ts - 86400000000 AND n.ts)),
            :structured + 1) - 1 AS run
    FROM number AS n
),
alike AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, core, 'alike' AS how,
        client || length || third_1 || third_2 || '-' AS family, NULL AS run
    FROM guessed WHERE guess
    UNION ALL
    SELECT rec, ts, hash, nth, client, core, 'alike',
        client || length || third_1 || '-' || third_3, NULL
    FROM guessed WHERE guess
    UNION ALL
    SELECT rec, ts, hash, nth, client, core, 'alike',
        client || length || '-' || third_2 || third_3, NULL
    FROM guessed WHERE guess
    UNION ALL
    SELECT g.rec, g.ts, g.hash, g.nth, g.client, g.core, 'like a valid one',
        '=' || g.client || k.core, NULL
    FROM guessed AS g JOIN known AS k ON k.length = g.length
        AND k.third_1 = g.third_1 AND k.third_2 = g.third_2
    WHERE g.guess
    UNION ALL
    SELECT g.rec, g.ts, g.hash, g.nth, g.client, g.core, 'like a valid one',
        '=' || g.client || k.core, NULL
    FROM guessed AS g JOIN known AS k ON k.length = g.length
        AND k.third_1 = g.third_1 AND k.third_3 = g.third_3
    WHERE g.guess
    UNION ALL
    SELECT g.rec, g.ts, g.hash, g.nth, g.client, g.core, 'like a valid one',
        '=' || g.client || k.core, NULL
    FROM guessed AS g JOIN known AS k ON k.length = g.length
        AND k.third_2 = g.third_2 AND k.third_3 = g.third_3
    WHERE g.guess
    UNION ALL
    SELECT rec, ts, hash, nth, client, core, how, family, run FROM counting
),
related AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, how, run,
        count_distinct(core) OVER (PARTITION BY family ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS n
    FROM alike
    WHERE family IN (SELECT family FROM alike
        GROUP BY family HAVING count(DISTINCT core) > 1)
),
opened AS MATERIALIZED (
    SELECT rec, ts, client, row_number() OVER (PARTITION BY client, core
        ORDER BY ts, hash, nth) AS visit
    FROM judged WHERE valid
),
-- Tokens that the app saw and the path does not show: in a header or a query.
unseen AS MATERIALIZED (
    SELECT e.rec, e.ts, e.hash, e.nth, e.token_h,
        coalesce((SELECT min(r.client) FROM requests AS r
            WHERE r.ts BETWEEN e.ts - 5000000 AND e.ts + 60000000
                AND r.request_id = e.request_id), e.client, 'unknown')
            AS client
    FROM app_events AS e
    WHERE e.event = 'preview.request' AND e.outcome = 'invalid'
        AND e.ts BETWEEN :from - 600000000 AND :to
        AND NOT EXISTS (SELECT 1 FROM attempt AS r
            WHERE r.request_id = e.request_id)
        AND e.token_h NOT IN (SELECT v.token_h FROM app_events AS v
            WHERE v.event = 'preview.request' AND v.ts <= :to
                AND v.outcome IN ('ok', 'nda_required', 'nda_interstitial')
                AND v.token_h IS NOT NULL)
)
SELECT 'fast' AS arm, client AS key, ts, rec, hash, nth, n_10m AS metric,
    n_10m >= :fast AS fire, NULL AS note, NULL AS result
FROM counted WHERE guess
UNION ALL
SELECT 'slow', client, ts, rec, hash, nth, n_24h, n_24h >= :slow, NULL, NULL
FROM counted WHERE guess
UNION ALL
SELECT 'distributed', 'all clients', ts, rec, hash, nth, all_guesses,
    all_guesses >= :all AND all_clients >= :all_clients
        AND all_guesses >= :all_share * all_tokens,
    all_clients || ' clients, ' || all_guesses || ' of ' || all_tokens
        || ' tokens invalid', NULL
FROM counted WHERE guess
UNION ALL
SELECT 'structured', client, ts, rec, hash, nth,
    iif(run < :structured, run, n),
    n >= :structured AND coalesce(run >= :structured, 1), 'tokens ' || how, NULL
FROM related
UNION ALL
SELECT 'hit', c.client, c.ts, c.rec, c.hash, c.nth, c.n_24h,
    o.visit IS 1 AND c.n_24h >= :misses,
    CASE WHEN o.visit IS 1 THEN 'the first valid token of this client' END, NULL
FROM counted AS c LEFT JOIN opened AS o ON o.rec = c.rec
WHERE c.client IN (SELECT client FROM opened WHERE visit = 1 AND ts >= :from)
    AND (c.guess OR o.visit = 1)
UNION ALL
SELECT 'header', client, ts, rec, hash, nth, n, n >= :header, NULL, NULL
FROM (SELECT *, count_distinct(token_h) OVER (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS n
    FROM unseen)
UNION ALL
SELECT 'fast', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) || ' refused requests while links that had worked failed too',
    'INSUFFICIENT_DATA'
FROM guessed WHERE outage AND ts >= :from HAVING count(*) > 0
