-- id: DET-SIGNUP-001
-- title: Waitlist velocity per origin
-- description: One network (or one value of the origin column, where no address is known) signs up many different mailboxes.
-- level: medium
-- sources: waitlist_signups
-- route: same-day
-- prerequisite: export waitlist_signups
-- next_step: Look whether the addresses confirm; if not, drop the rows and slow the form down for that network.
-- author: raxx
-- license: MIT
-- params: fast=5 hour=10 slow=20 import_rows=6 one_origin=0.8 diverse=0.8 human_gap_s=20
-- site: internal_email_domains
-- scan: dump_waitlist_signups 'of several versions of a row the newest counts, whenever it happened'
-- arm: fast window=10m threshold=fast metric='distinct mailboxes' key='network or origin'
-- arm: hour window=1h threshold=hour metric='distinct mailboxes' key='network or origin'
-- arm: slow window=24h threshold=slow metric='distinct mailboxes' key='network or origin'

-- Left out: our own domains, imports (by origin, or many rows of one time). When
-- one value of the origin column holds nearly all rows that have no address, it
-- names the site and not a visitor: no key of that kind fires. Many domains at
-- the pace of people (a campus, a conference) are worth a line, no more.
WITH signup AS MATERIALIZED (
    SELECT rec, ts, hash, nth, email_canonical(email) AS mailbox,
        email_domain(email) AS domain,
        coalesce(ip_key(ip), nullif(trim(origin), '')) AS key,
        ip_key(ip) IS NULL AS by_origin,
        coalesce(origin, '') AS origin,
        count(*) OVER (PARTITION BY ts) AS at_once
    FROM waitlist_signups WHERE ts <= :to
),
person AS MATERIALIZED (
    SELECT * FROM signup
    WHERE key IS NOT NULL AND mailbox IS NOT NULL AND origin != 'import'
        AND at_once < :import_rows
        AND coalesce(domain, '') NOT IN
            (SELECT lower(value) FROM json_each(:internal_email_domains))
),
one_bucket AS MATERIALIZED (
    SELECT coalesce(max(n) > :one_origin * total(n), 0) AS yes
    FROM (SELECT count(*) AS n FROM person WHERE by_origin GROUP BY key)
),
paced AS (
    SELECT *, ts - lag(ts) OVER (PARTITION BY key ORDER BY ts, hash, nth) AS gap
    FROM person WHERE ts >= :from - 86400000000
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, key, by_origin,
        count_distinct(mailbox) OVER fast AS n_10m,
        count_distinct(domain) OVER fast AS domains_10m,
        median(gap) OVER fast AS gap_10m,
        count_distinct(mailbox) OVER hour AS n_1h,
        count_distinct(domain) OVER hour AS domains_1h,
        median(gap) OVER hour AS gap_1h,
        count_distinct(mailbox) OVER slow AS n_24h,
        count_distinct(domain) OVER slow AS domains_24h,
        median(gap) OVER slow AS gap_24h
    FROM paced
    WINDOW fast AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        hour AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
arms AS (
    SELECT 'fast' AS arm, rec, ts, hash, nth, key, by_origin, n_10m AS n,
        domains_10m AS domains, gap_10m AS gap, :fast AS threshold
    FROM counted
    UNION ALL
    SELECT 'hour', rec, ts, hash, nth, key, by_origin, n_1h, domains_1h,
        gap_1h, :hour
    FROM counted
    UNION ALL
    SELECT 'slow', rec, ts, hash, nth, key, by_origin, n_24h, domains_24h,
        gap_24h, :slow
    FROM counted
)
SELECT arm, key, ts, rec, hash, nth, n AS metric,
    n >= threshold AND NOT (by_origin AND (SELECT yes FROM one_bucket)) AS fire,
    CASE WHEN by_origin THEN 'key: origin column' ELSE 'key: network' END
        || CASE WHEN domains >= :diverse * n AND gap > :human_gap_s * 1000000
            THEN '; diverse domains at the pace of people' ELSE '' END AS note,
    CASE WHEN domains >= :diverse * n AND gap > :human_gap_s * 1000000
        THEN 'informational' END AS level
FROM arms
