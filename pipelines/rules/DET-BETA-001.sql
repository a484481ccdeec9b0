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
WITH RECURSIVE prefix AS MATERIALIZED (
    SELECT value AS route FROM json_each(:preview_prefix)
),
said AS MATERIALIZED (
    SELECT request_id,
        max(outcome = 'invalid') AS invalid,
        max(outcome IN ('ok', 'nda_required', 'nda_interstitial', 'not_found'))
            AS valid
    FROM app_events
    WHERE event = 'preview.request' AND ts <= :to AND request_id IS NOT NULL
    GROUP BY request_id
),
attempt AS (
    SELECT rec, ts, hash, nth, coalesce(client, 'unknown') AS client,
        request_id, status, coalesce(token_core, token) AS core,
        token_shape AS shape, token_parts AS parts
    FROM requests AS r
    WHERE ts <= :to AND token IS NOT NULL
        AND EXISTS (SELECT 1 FROM prefix WHERE instr(r.path, route) = 1
            OR instr(lower(path_plain(r.path)), lower(route)) = 1)
),
judged AS MATERIALIZED (
    SELECT r.rec, r.ts, r.hash, r.nth, r.client, r.core, r.shape, r.parts,
        s.request_id AS said_of,
        CASE WHEN s.invalid IS NOT s.valid THEN s.invalid
            ELSE r.status IN
                (SELECT value FROM json_each(:invalid_token_status))
            END IS TRUE AS invalid,
        CASE WHEN s.invalid IS NOT s.valid THEN s.valid
            ELSE r.status BETWEEN 200 AND 399 OR r.status IN
                (SELECT value FROM json_each(:nda_refused_status))
            END IS TRUE AS valid,
        r.ts / CAST(60000000 * :outage_min AS INTEGER) AS slot
    FROM attempt AS r LEFT JOIN said AS s ON s.request_id = r.request_id
),
-- Most attempts are of a valid token that has to do with no other, so they are
-- left out as soon as nothing depends on them. First, what was refused, since
-- when the token had worked, and, around those that had, between which valid
-- ones it was.
known AS MATERIALIZED (
    SELECT core, min(ts) AS since FROM judged
    WHERE valid AND core IN (SELECT core FROM judged WHERE invalid)
    GROUP BY core
),
refused AS MATERIALIZED (
    SELECT j.*, k.since
    FROM judged AS j LEFT JOIN known AS k ON k.core = j.core
    WHERE j.invalid
),
numbered AS MATERIALIZED (
    SELECT rec, sum(valid) OVER (ORDER BY ts, hash, nth
        ROWS UNBOUNDED PRECEDING) AS era
    FROM judged
    WHERE slot IN (SELECT r.slot + n.column1
        FROM refused AS r, (VALUES (-1), (0), (1)) AS n WHERE r.since < r.ts)
),
aged AS MATERIALIZED (
    SELECT r.*, n.era FROM refused AS r LEFT JOIN numbered AS n ON n.rec = r.rec
),
lost AS MATERIALIZED (
    SELECT DISTINCT era, slot, client, core FROM aged WHERE since < ts
),
unknown AS MATERIALIZED (
    SELECT *, CAST(shape AS INTEGER) AS length,
        substr(parts, 1, 8) AS third_1, substr(parts, 10, 8) AS third_2,
        substr(parts, 19, 8) AS third_3, substr(parts, 28, 8) AS head,
        substr(parts, 37, 8) AS stem
    FROM aged WHERE since IS NULL AND ts >= :from - 86400000000
),
-- The valid tokens that begin like one that was refused, or share one of the
-- thirds with it, of which two that are equal must have one.
kin AS MATERIALIZED (
    SELECT core, max(CAST(shape AS INTEGER)) AS length,
        substr(parts, 1, 8) AS third_1, substr(parts, 10, 8) AS third_2,
        substr(parts, 19, 8) AS third_3, substr(parts, 28, 8) AS head
    FROM judged
    WHERE valid AND core IN (SELECT core FROM judged WHERE valid
        AND (substr(parts, 28, 8) IN
                (SELECT substr(parts, 28, 8) FROM judged WHERE invalid)
            OR substr(parts, 1, 8) IN
                (SELECT substr(parts, 1, 8) FROM judged WHERE invalid)
            OR substr(parts, 10, 8) IN
                (SELECT substr(parts, 10, 8) FROM judged WHERE invalid)))
    GROUP BY core
),
told AS MATERIALIZED (
    SELECT *,
        (SELECT count(DISTINCT l.core) FROM lost AS l
            WHERE l.era = u.era AND l.client <> u.client
                AND l.slot BETWEEN u.slot - 1 AND u.slot + 1)
            >= :outage_tokens AS outage,
        CASE WHEN EXISTS (SELECT 1 FROM kin AS k WHERE k.head = u.head
                AND k.length >= :long AND k.length <> u.length)
            THEN 'of ' || head ELSE core END AS value
    FROM unknown AS u
),
guess AS MATERIALIZED (
    SELECT * FROM told WHERE NOT outage
),
opened AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client
    FROM (SELECT rec, ts, hash, nth, client,
            row_number() OVER (PARTITION BY client, core
                ORDER BY ts, hash, nth) AS visit
        FROM judged WHERE valid)
    WHERE visit = 1
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, guess,
        count_distinct(value) OVER fast AS n_10m,
        count_distinct(value) OVER slow AS n_24h
    FROM (SELECT rec, ts, hash, nth, client, value, 1 AS guess FROM guess
        UNION ALL
        SELECT rec, ts, hash, nth, client, NULL, 0 FROM opened
        WHERE ts >= :from - 86400000000
            AND client IN (SELECT client FROM unknown))
    WINDOW fast AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
together AS MATERIALIZED (
    SELECT rec, ts, hash, nth,
        count_distinct(value) OVER everyone AS guesses,
        count_distinct(client) OVER everyone AS clients
    FROM guess
    WINDOW everyone AS (ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
-- And of how many tokens, in the hours in which they are enough to fire.
busy (hour) AS MATERIALIZED (
    SELECT DISTINCT ts / 3600000000 - n.column1
    FROM together, (VALUES (0), (1)) AS n
    WHERE guesses >= :all AND clients >= :all_clients
),
share AS MATERIALIZED (
    SELECT rec, count_distinct(core) OVER (ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW) AS tokens
    FROM judged
    WHERE ts >= :from - 86400000000
        AND ts / 3600000000 IN (SELECT hour FROM busy)
),
-- Tokens made from one another: they count up behind one beginning, or two of
-- their thirds are those of other guesses, or of a valid token as long.
step (k) AS (
    SELECT 1 UNION ALL SELECT k + 1 FROM step WHERE k < :structured
),
number AS MATERIALIZED (
    SELECT *
    FROM (SELECT rec, ts, hash, nth, client, core, stem,
            number(substr(tail, instr(tail, ':') + 1)) AS number
        FROM (SELECT *, substr(shape, instr(shape, ':') + 1) AS tail
            FROM guess))
    WHERE number IS NOT NULL
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
pair AS MATERIALIZED (
    SELECT g.*, length || CASE w.column1
        WHEN 1 THEN third_1 || third_2 || '-'
        WHEN 2 THEN third_1 || '-' || third_3
        ELSE '-' || third_2 || third_3 END AS thirds
    FROM guess AS g, (VALUES (1), (2), (3)) AS w
),
valid_pair AS MATERIALIZED (
    SELECT k.core, length || CASE w.column1
        WHEN 1 THEN third_1 || third_2 || '-'
        WHEN 2 THEN third_1 || '-' || third_3
        ELSE '-' || third_2 || third_3 END AS thirds
    FROM kin AS k, (VALUES (1), (2), (3)) AS w
),
alike AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, core, 'alike' AS how,
        client || thirds AS family, NULL AS run
    FROM pair
    UNION ALL
    SELECT p.rec, p.ts, p.hash, p.nth, p.client, p.core, 'like a valid one',
        '=' || p.client || v.core, NULL
    FROM pair AS p JOIN valid_pair AS v ON v.thirds = p.thirds
    UNION ALL
    SELECT rec, ts, hash, nth, client, core, how, family, run FROM counting
),
related AS MATERIALIZED (
    SELECT rec, ts, hash, nth, client, how, run,
        count_distinct(core) OVER (PARTITION BY family ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS n
    FROM (SELECT *, min(core) OVER kind AS one, max(core) OVER kind AS other
        FROM alike WHERE family IS NOT NULL
        WINDOW kind AS (PARTITION BY family))
    WHERE one <> other
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
        AND NOT EXISTS (SELECT 1 FROM judged AS j
            WHERE j.said_of = e.request_id)
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
SELECT 'distributed', 'all clients', t.ts, t.rec, t.hash, t.nth, guesses,
    guesses >= :all AND clients >= :all_clients
        AND guesses >= :all_share * tokens,
    clients || ' clients, ' || guesses || ' of ' || tokens
        || ' tokens invalid', NULL
FROM together AS t LEFT JOIN share AS s ON s.rec = t.rec
UNION ALL
SELECT 'structured', client, ts, rec, hash, nth,
    iif(run < :structured, run, n),
    n >= :structured AND coalesce(run >= :structured, 1), 'tokens ' || how, NULL
FROM related
UNION ALL
SELECT 'hit', client, ts, rec, hash, nth, n_24h,
    NOT guess AND n_24h >= :misses,
    iif(guess, NULL, 'the first valid token of this client'), NULL
FROM counted WHERE client IN (SELECT client FROM opened WHERE ts >= :from)
UNION ALL
SELECT 'hit', client, ts, rec, hash, nth, 0, 0 >= :misses,
    'the first valid token of this client', NULL
FROM opened
WHERE ts >= :from - 86400000000 AND client NOT IN (SELECT client FROM unknown)
    AND client IN (SELECT client FROM opened WHERE ts >= :from)
UNION ALL
SELECT 'header', client, ts, rec, hash, nth, n, n >= :header, NULL, NULL
FROM (SELECT *, count_distinct(token_h) OVER (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW) AS n
    FROM unseen)
UNION ALL
SELECT 'fast', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    count(*) || ' refused requests while links that had worked failed too',
    'INSUFFICIENT_DATA'
FROM told WHERE outage AND ts >= :from HAVING count(*) > 0
