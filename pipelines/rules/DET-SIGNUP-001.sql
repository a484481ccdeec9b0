-- id: DET-SIGNUP-001
-- title: Waitlist velocity per origin
-- description: One network (or one value of the origin column, where no address is known) signs up many different mailboxes; or all together far more than usual.
-- level: medium
-- sources: waitlist_signups
-- route: same-day
-- prerequisite: export waitlist_signups
-- next_step: Look whether the addresses confirm; if not, drop the rows and slow the form down for that network.
-- author: raxx
-- license: MIT
-- params: fast=5 hour=10 slow=20 rollup=15 distributed=20 usual_factor=5
--     import_rows=6 one_origin=0.8 diverse=0.8 human_gap_s=20
--     surge_origins=0.5 surge_domains=5
--     confirm_ratio=0.8 usual_rows=20 usual_confirmed=0.2
--     day_share=0.5 day_rows=20 bomb=10 bomb_domains=3 bomb_wait_min=60
-- site: internal_email_domains
-- scan: dump_waitlist_signups 'of several versions of a row the newest counts, whenever it happened'
-- arm: fast window=10m threshold=fast metric='distinct mailboxes' key='network or origin'
-- arm: hour window=1h threshold=hour metric='distinct mailboxes' key='network or origin'
-- arm: slow window=24h threshold=slow metric='distinct mailboxes' key='network or origin'
-- arm: rollup window=1h threshold=rollup metric='distinct mailboxes'
--     key='wider network' needs=waitlist_signups.ip
-- arm: distributed window=1h threshold=distributed
--     metric='distinct mailboxes' key='all origins'

-- Left out: our own domains, imports (by origin, or many rows of one time). When
-- one value of the origin column holds nearly all rows that have no address, it
-- names the site and not a visitor: no key of that kind fires, the arm over all
-- origins alone is left. A wider network (/24, /48) is looked at for what none
-- of its clients does alone.
--
-- Worth a line, no more: many domains at the pace of people from one network
-- (a campus, a conference), or many origins with many domains over all (a
-- launch). LOW where as many confirm as elsewhere. HIGH where one origin holds
-- most of a day, or many mailboxes of several domains got a mail, none confirmed
-- and there was time to: the form mails strangers.
--
-- The whole table is read: what is usual is in all of it.
WITH signup AS MATERIALIZED (
    SELECT rec, ts, hash, nth, email_canonical(email) AS mailbox,
        lower(trim(email)) AS address, email_domain(email) AS domain,
        coalesce(ip_key(ip), nullif(trim(origin), '')) AS key,
        ip_rollup(ip) AS wider, ip_key(ip) IS NULL AS by_origin,
        coalesce(origin, '') AS origin,
        nullif(trim(referrer), '') IS NOT NULL AS referred,
        coalesce(confirmed_at <= :to, 0) AS confirmed,
        count(*) OVER (PARTITION BY ts) AS at_once
    FROM waitlist_signups WHERE ts <= :to
),
person AS MATERIALIZED (
    SELECT *, sum(confirmed) OVER (PARTITION BY key, by_origin) AS key_confirmed,
        count(*) OVER (PARTITION BY key, by_origin) AS key_rows
    FROM signup
    WHERE mailbox IS NOT NULL AND origin != 'import'
        AND at_once < :import_rows
        AND coalesce(domain, '') NOT IN
            (SELECT lower(value) FROM json_each(:internal_email_domains))
),
whole AS MATERIALIZED (
    SELECT count(*) AS rows, coalesce(sum(confirmed), 0) AS confirmed,
        :dumps ->> '$.waitlist_signups' AS taken
    FROM person
),
one_bucket AS MATERIALIZED (
    SELECT coalesce(max(n) > :one_origin * total(n), 0) AS yes
    FROM (SELECT count(*) AS n FROM person
        WHERE by_origin AND key IS NOT NULL GROUP BY key)
),
hourly AS (
    SELECT hour, median(n) OVER (ORDER BY hour
            ROWS UNBOUNDED PRECEDING) AS median
    FROM (SELECT ts / 3600000000 AS hour, count(DISTINCT mailbox) AS n
        FROM person GROUP BY 1)
),
-- Hours that are over when the window of a row of this hour begins.
usual AS MATERIALIZED (
    SELECT h.hour, (SELECT u.median FROM hourly AS u
        WHERE u.hour <= h.hour - 2 ORDER BY u.hour DESC LIMIT 1) AS median
    FROM hourly AS h WHERE h.hour >= (:from - 86400000000) / 3600000000
),
loaded AS MATERIALIZED (
    SELECT rec, ts, hash, nth, key, by_origin, wider, mailbox, address, domain,
        referred, confirmed, key_confirmed, key_rows,
        count_distinct(key) OVER hour AS keys_all,
        count_distinct(mailbox) OVER hour AS n_all,
        count_distinct(address) OVER hour AS addresses_all,
        count_distinct(domain) OVER hour AS domains_all,
        sum(confirmed) OVER hour AS confirmed_all,
        sum(referred) OVER hour AS referred_all,
        count(*) OVER hour AS rows_all,
        count_distinct(mailbox) OVER (ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS day
    FROM person WHERE ts >= :from - 86400000000
    WINDOW hour AS (ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
paced AS (
    SELECT *, ts - lag(ts) OVER (PARTITION BY key, by_origin
            ORDER BY ts, hash, nth) AS gap
    FROM loaded WHERE key IS NOT NULL
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, key, by_origin, wider, mailbox, address, domain,
        confirmed, key_confirmed, key_rows, day,
        count_distinct(mailbox) OVER fast AS n_10m,
        count_distinct(address) OVER fast AS addresses_10m,
        count_distinct(domain) OVER fast AS domains_10m,
        median(gap) OVER fast AS gap_10m,
        sum(confirmed) OVER fast AS confirmed_10m,
        count(*) OVER fast AS rows_10m,
        count_distinct(mailbox) OVER hour AS n_1h,
        count_distinct(address) OVER hour AS addresses_1h,
        count_distinct(domain) OVER hour AS domains_1h,
        median(gap) OVER hour AS gap_1h,
        sum(confirmed) OVER hour AS confirmed_1h,
        count(*) OVER hour AS rows_1h,
        count_distinct(mailbox) OVER slow AS n_24h,
        count_distinct(address) OVER slow AS addresses_24h,
        count_distinct(domain) OVER slow AS domains_24h,
        median(gap) OVER slow AS gap_24h,
        sum(confirmed) OVER slow AS confirmed_24h,
        count(*) OVER slow AS rows_24h
    FROM paced
    WINDOW fast AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        hour AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY key, by_origin ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
strolling AS (
    SELECT rec, ts, hash, nth, key, wider, mailbox, address, domain, confirmed,
        day, n_10m >= :fast OR n_1h >= :hour AS loud,
        ts - lag(ts) OVER (PARTITION BY wider ORDER BY ts, hash, nth) AS gap
    FROM counted WHERE wider IS NOT NULL
),
widened AS MATERIALIZED (
    SELECT rec, ts, hash, nth, wider, day, count_distinct(key) OVER wide
            AS clients,
        max(loud) OVER wide AS alone, count_distinct(mailbox) OVER wide AS n,
        count_distinct(address) OVER wide AS addresses,
        count_distinct(domain) OVER wide AS domains,
        median(gap) OVER wide AS gap, sum(confirmed) OVER wide AS confirmed,
        count(*) OVER wide AS rows,
        count_distinct(mailbox) OVER (PARTITION BY wider ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW) AS own_day
    FROM strolling
    WINDOW wide AS (PARTITION BY wider ORDER BY ts
        RANGE BETWEEN 3600000000 PRECEDING AND CURRENT ROW)
),
arms AS (
    SELECT 'fast' AS arm, key, rec, ts, hash, nth, by_origin, n_10m AS n,
        addresses_10m AS addresses, domains_10m AS domains,
        rows_10m AS rows, confirmed_10m AS confirmed, key_rows AS own_rows,
        key_confirmed AS own_confirmed, n_24h AS own_day, day,
        n_10m >= :fast AS enough,
        domains_10m >= :diverse * n_10m AND gap_10m > :human_gap_s * 1000000
            AS human,
        CASE WHEN by_origin THEN 'key: origin column' ELSE 'key: network' END
            AS about
    FROM counted
    UNION ALL
    SELECT 'hour', key, rec, ts, hash, nth, by_origin, n_1h, addresses_1h,
        domains_1h, rows_1h, confirmed_1h, key_rows, key_confirmed, n_24h, day,
        n_1h >= :hour,
        domains_1h >= :diverse * n_1h AND gap_1h > :human_gap_s * 1000000,
        CASE WHEN by_origin THEN 'key: origin column' ELSE 'key: network' END
    FROM counted
    UNION ALL
    SELECT 'slow', key, rec, ts, hash, nth, by_origin, n_24h, addresses_24h,
        domains_24h, rows_24h, confirmed_24h, key_rows, key_confirmed, n_24h,
        day, n_24h >= :slow,
        domains_24h >= :diverse * n_24h AND gap_24h > :human_gap_s * 1000000,
        CASE WHEN by_origin THEN 'key: origin column' ELSE 'key: network' END
    FROM counted
    UNION ALL
    SELECT 'rollup', wider, rec, ts, hash, nth, 0, n, addresses, domains, rows,
        confirmed, rows, confirmed, own_day, day,
        n >= :rollup AND clients > 1 AND NOT alone,
        domains >= :diverse * n AND gap > :human_gap_s * 1000000,
        clients || ' clients'
    FROM widened
    UNION ALL
    SELECT 'distributed', 'all origins', rec, ts, hash, nth, 0, n_all,
        addresses_all, domains_all, rows_all, confirmed_all, rows_all,
        confirmed_all, 0, day,
        n_all >= max(:distributed,
            :usual_factor * coalesce(usual.median, 0)),
        keys_all >= :surge_origins * n_all AND domains_all >= :surge_domains,
        keys_all || ' origins, ' || domains_all || ' domains, ' || referred_all
            || ' with a referrer; usual in an hour: '
            || coalesce(usual.median, 'not known')
    FROM loaded LEFT JOIN usual ON usual.hour = ts / 3600000000
),
-- What the others confirm, if they are enough to tell.
judged AS (
    SELECT arms.*, CASE WHEN whole.rows - own_rows >= :usual_rows
            THEN 1.0 * (whole.confirmed - own_confirmed)
                / (whole.rows - own_rows) END AS others,
        whole.taken - ts >= 60000000 * :bomb_wait_min AS waited
    FROM arms, whole
),
levelled AS (
    SELECT *, CASE
        WHEN n >= :bomb AND domains >= :bomb_domains AND confirmed = 0
            AND others >= :usual_confirmed AND waited THEN 'strangers'
        WHEN human THEN 'human'
        WHEN others > 0 AND confirmed >= :confirm_ratio * others * rows
            THEN 'confirmed'
        WHEN own_day > :day_share * day AND day >= :day_rows THEN 'most'
        END AS why
    FROM judged
)
SELECT arm, key, ts, rec, hash, nth, n AS metric,
    enough AND NOT (by_origin AND (SELECT yes FROM one_bucket)) AS fire,
    about
        || CASE WHEN addresses > n THEN '; ' || addresses || ' addresses'
            ELSE '' END
        || CASE why
            WHEN 'strangers' THEN '; ' || domains || ' domains, none confirmed'
            WHEN 'human' THEN CASE arm WHEN 'distributed'
                THEN '; many origins and domains: a surge?'
                ELSE '; diverse domains at the pace of people' END
            WHEN 'confirmed' THEN '; ' || confirmed || ' of ' || rows
                || ' confirmed, as elsewhere'
            WHEN 'most' THEN '; ' || own_day || ' of the ' || day || ' in a day'
            ELSE '' END AS note,
    CASE why WHEN 'strangers' THEN 'high' WHEN 'human' THEN 'informational'
        WHEN 'confirmed' THEN 'low' WHEN 'most' THEN 'high' END AS level
FROM levelled
