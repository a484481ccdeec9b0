-- id: DET-SIGNUP-002
-- title: Email pattern anomaly
-- description: A group of waitlist rows looks machine-made: one mailbox under many aliases, numbered or random names, disposable domains, or several weaker signs at once. Never one address alone.
-- level: low
-- sources: waitlist_signups
-- route: digest
-- prerequisite: export waitlist_signups
-- next_step: Look at the rows together: who confirmed, where they came from, how they are named. If they are made by a machine, drop them; never refuse one address for its looks.
-- author: raxx
-- license: MIT
-- params: canonical=3 sequence=4 disposable=3 random=5 weak=4 signs=2
--     many=10 import_rows=6 random_bits=0 model_rows=100 model_group=4
--     shape=3 stem=2 new_domain=4 regular=0.25 regular_gaps=3
--     loud_fast=5 loud_hour=10 loud_slow=20 diverse=0.8 human_gap_s=20
--     new_h=24
-- site: internal_email_domains
-- scan: dump_waitlist_signups 'of several versions of a row the newest counts, whenever it happened'
-- arm: canonical window=24h threshold=canonical
--     metric='distinct addresses' key='mailbox'
-- arm: sequence window=24h threshold=sequence
--     metric='names in one numbered sequence' key='template and domain'
-- arm: disposable window=24h threshold=disposable
--     metric='mailboxes of disposable domains' key='all origins'
-- arm: random window=24h threshold=random
--     metric='random-looking names' key='domain and client'
--     needs=waitlist_signups.ip
-- arm: weak window=24h threshold=weak
--     metric='rows with several weak signs' key='domain and client'

-- Left out: imports; our own domains but for aliases of one mailbox, which stay
-- LOW; relay domains, whose names are random by design, and names that are
-- numbers where that is usual, are never taken for random or numbered. Names of
-- the form first.last are no template at a company, only at a provider of mail
-- for anybody. Names with other letters than ASCII's are not scored.
--
-- How likely a name is comes from the letter pairs of this table itself, but
-- not of a domain and client with over :model_group rows, so that a flood does
-- not teach that it is usual. Under :model_rows rows there is no model. Signs of a
-- row: an alias, a template or number shared with others, a disposable domain,
-- a random-looking name, mixed alphabets, a domain new to the table for
-- :new_h hours with :new_domain rows, a client with the rhythm of a machine.
--
-- MEDIUM with :many or more, or where the client is loud as in DET-SIGNUP-001
-- (whose thresholds the loud_ parameters repeat). The whole table is read.
WITH signup AS MATERIALIZED (
    SELECT rec, ts, hash, nth, email, email_canonical(email) AS mailbox,
        lower(trim(email)) AS address, email_domain(email) AS domain,
        email_local(email) AS local, email_kind(email) AS kind,
        ip_key(ip) AS client, coalesce(origin, '') AS origin,
        count(*) OVER (PARTITION BY ts) AS at_once,
        min(ts) OVER () AS table_since
    FROM waitlist_signups WHERE ts <= :to
),
known AS MATERIALIZED (
    SELECT *, min(ts) OVER (PARTITION BY domain) AS domain_since,
        domain IN (SELECT lower(value)
            FROM json_each(:internal_email_domains)) AS ours,
        origin = 'import' OR at_once >= :import_rows AS imported
    FROM signup WHERE domain IS NOT NULL AND local != ''
),
lesson AS MATERIALIZED (
    SELECT local FROM (SELECT *,
            row_number() OVER (PARTITION BY mailbox ORDER BY ts, hash, nth)
                AS again,
            count(*) OVER (PARTITION BY domain, client) AS together
        FROM known
        WHERE NOT ours AND coalesce(kind, '') NOT IN ('relay', 'disposable'))
    WHERE again = 1 AND (client IS NULL OR together <= :model_group)
),
taught AS MATERIALIZED (
    SELECT bigram_model(local) AS model FROM lesson
),
model AS MATERIALIZED (
    SELECT CASE WHEN have >= :model_rows THEN model END AS model, have
    FROM (SELECT model, (SELECT count(bigram_score(model, local)) FROM lesson)
            AS have FROM taught)
),
named AS MATERIALIZED (
    SELECT k.rec, k.ts, k.hash, k.nth, k.mailbox, k.address, k.domain, k.kind,
        k.ours, k.domain_since, k.table_since, k.client,
        coalesce(k.client, 'unknown') AS who,
        coalesce(local_stem(local), '') AS stem,
        CASE WHEN NOT local_is_numeric(local) THEN local_number(local)
            WHEN k.kind IS NOT 'numeric' AND length(local) <= 15
                THEN number(local) END AS number,
        local_shape(local) AS shape,
        k.kind IS 'disposable' AS disposable,
        k.kind IS NOT 'relay'
            AND coalesce(bigram_score(m.model, local) < :random_bits, 0)
            AS random,
        email_is_mixed(k.email) AS mixed
    FROM known AS k, model AS m
    WHERE NOT imported AND ts >= :from - 172800000000
),
-- Each sign is looked for where its group has more than one row.
aliased AS MATERIALIZED (
    SELECT rec, count_distinct(address) OVER slow AS addresses,
        count_distinct(client) OVER slow AS clients
    FROM named WHERE mailbox IN
        (SELECT mailbox FROM named GROUP BY mailbox HAVING count(*) > 1)
    WINDOW slow AS (PARTITION BY mailbox ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
numbered AS MATERIALIZED (
    SELECT rec, progression(number) OVER slow AS longest,
        count_distinct(number) OVER slow AS alike
    FROM named WHERE number IS NOT NULL
    WINDOW slow AS (PARTITION BY domain, stem ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
shaped AS MATERIALIZED (
    SELECT rec, count_distinct(mailbox) OVER (PARTITION BY domain, who, shape
            ORDER BY ts RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
            AS alike
    FROM named
    WHERE kind = 'free' AND (domain, who, shape) IN (SELECT domain, who, shape
        FROM named GROUP BY domain, who, shape HAVING count(*) >= :shape)
),
fresh AS MATERIALIZED (
    SELECT rec, count_distinct(mailbox) OVER (PARTITION BY domain
            ORDER BY ts RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
            AS rows
    FROM named
    WHERE kind IS NULL AND domain_since > ts - 3600000000 * :new_h
        AND domain_since >= table_since + 3600000000 * :new_h
),
gapped AS (
    SELECT *, (ts - lag(ts) OVER (PARTITION BY client ORDER BY ts, hash, nth))
            / 1000000.0 AS gap
    FROM named
    WHERE client IN (SELECT client FROM named GROUP BY client
        HAVING count(*) > min(:regular_gaps, :loud_fast - 1))
),
paced AS MATERIALIZED (
    SELECT rec, ts, client, ours, count(gap) OVER slow AS gaps,
        avg(gap) OVER slow AS gap_mean, avg(gap * gap) OVER slow AS gap_square,
        median(gap) OVER slow AS gap_median,
        count_distinct(mailbox) OVER fast AS n_10m,
        count_distinct(mailbox) OVER hour AS n_1h,
        count_distinct(mailbox) OVER slow AS n_24h,
        count_distinct(domain) OVER slow AS domains_24h
    FROM gapped
    WINDOW fast AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        hour AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY client ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
-- A client that gets loud later on was the same client before.
client AS MATERIALIZED (
    SELECT rec, gaps >= :regular_gaps AND gap_mean > 0
            AND gap_square - gap_mean * gap_mean
                < :regular * :regular * gap_mean * gap_mean AS regular,
        max(NOT ours AND (n_10m >= :loud_fast OR n_1h >= :loud_hour
                OR n_24h >= :loud_slow)
            AND NOT coalesce(domains_24h >= :diverse * n_24h
                AND gap_median > :human_gap_s, 0)) OVER (PARTITION BY client
            ORDER BY ts RANGE BETWEEN 86400000000 PRECEDING
                AND 86400000000 FOLLOWING) AS loud
    FROM paced
),
-- Put together by grouping: a join would look through all for each row.
sign AS (
    SELECT rec, addresses, clients, NULL AS longest, NULL AS alike,
        NULL AS same_shape, NULL AS domain_rows, NULL AS regular, NULL AS loud
    FROM aliased
    UNION ALL
    SELECT rec, NULL, NULL, longest, alike, NULL, NULL, NULL, NULL
    FROM numbered
    UNION ALL SELECT rec, NULL, NULL, NULL, NULL, alike, NULL, NULL, NULL
    FROM shaped
    UNION ALL SELECT rec, NULL, NULL, NULL, NULL, NULL, rows, NULL, NULL
    FROM fresh
    UNION ALL SELECT rec, NULL, NULL, NULL, NULL, NULL, NULL, regular, loud
    FROM client
),
piece AS (
    SELECT rec, ts, hash, nth, mailbox, domain, who, stem, number, disposable,
        random, mixed, ours, 1 AS addresses, client IS NOT NULL AS clients,
        NULL AS longest, NULL AS alike, NULL AS same_shape,
        NULL AS domain_rows, 0 AS regular, 0 AS loud
    FROM named
    UNION ALL
    SELECT rec, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, addresses, clients, longest, alike, same_shape,
        domain_rows, regular, loud
    FROM sign
),
whole AS (
    SELECT rec, max(ts) AS ts, max(hash) AS hash, max(nth) AS nth,
        max(mailbox) AS mailbox, max(domain) AS domain, max(who) AS who,
        max(stem) AS stem, max(number) AS number,
        max(disposable) AS disposable, max(random) AS random,
        max(mixed) AS mixed, max(ours) AS ours,
        max(addresses) AS addresses, max(clients) AS clients,
        max(longest) AS longest, max(alike) AS alike,
        max(same_shape) AS same_shape, max(domain_rows) AS domain_rows,
        max(regular) AS regular, max(loud) AS loud
    FROM piece GROUP BY rec
),
signed AS MATERIALIZED (
    SELECT *, (addresses > 1)
            + coalesce(same_shape >= :shape OR alike >= :stem, 0)
            + disposable + random + mixed
            + coalesce(domain_rows >= :new_domain, 0) + regular AS signs
    FROM whole
),
thrown AS (
    SELECT *, count_distinct(mailbox) OVER slow AS n,
        count_distinct(domain) OVER slow AS domains
    FROM signed WHERE disposable AND NOT ours
    WINDOW slow AS (ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
drawn AS (
    SELECT *, count_distinct(mailbox) OVER (PARTITION BY domain, who ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS n
    FROM signed WHERE random AND NOT ours
),
weak AS (
    SELECT *, count_distinct(mailbox) OVER slow AS n,
        max(signs) OVER slow AS most
    FROM signed WHERE signs >= :signs AND NOT ours
    WINDOW slow AS (PARTITION BY domain, who ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
)
SELECT 'canonical' AS arm, mailbox AS key, ts, rec, hash, nth,
    addresses AS metric, addresses >= :canonical AS fire,
    clients || ' clients' || CASE WHEN ours THEN '; a domain of ours'
        ELSE '' END AS note,
    CASE WHEN NOT ours AND (addresses >= :many OR loud) THEN 'medium' END
        AS level,
    NULL AS result
FROM signed
UNION ALL
SELECT 'sequence', stem || '#@' || domain, ts, rec, hash, nth, longest,
    longest >= :sequence, alike || ' numbers',
    CASE WHEN longest >= :many OR loud THEN 'medium' END, NULL
FROM signed WHERE number IS NOT NULL AND NOT ours
UNION ALL
SELECT 'disposable', 'all origins', ts, rec, hash, nth, n, n >= :disposable,
    domains || ' domains of the list of ' || email_kinds_date(),
    CASE WHEN n >= :many OR loud THEN 'medium' END, NULL
FROM thrown
UNION ALL
SELECT 'random', domain || ' from ' || who, ts, rec, hash, nth, n, n >= :random,
    (SELECT have FROM model) || ' names in the model',
    CASE WHEN n >= :many OR loud THEN 'medium' END, NULL
FROM drawn
UNION ALL
SELECT 'random', '', 0, 0, 0, 1, 0, 0,
    'have ' || have || ' rows that can be scored, need ' || :model_rows, NULL,
    'INSUFFICIENT_DATA'
FROM model WHERE model IS NULL
UNION ALL
SELECT 'weak', domain || ' from ' || who, ts, rec, hash, nth, n, n >= :weak,
    'up to ' || most || ' signs in a row',
    CASE WHEN n >= :many OR loud THEN 'medium' END, NULL
FROM weak
