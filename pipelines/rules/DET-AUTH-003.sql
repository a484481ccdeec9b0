-- id: DET-AUTH-003
-- title: RBAC denied burst
-- description: One actor of the console is refused many different permissions, in minutes or over a day. Only the console's own audit log is seen; refusals of the API are not.
-- level: medium
-- sources: console_audit_events
-- route: same-day
-- prerequisite: export console_audit_events
-- next_step: Ask the actor what they tried; if they did not, end their sessions and look what was allowed.
-- author: raxx
-- license: MIT
-- params: fast=5 fast_kinds=3 slow=15 slow_kinds=6
-- scan: dump_console_audit_events 'of several versions of a row the newest counts, whenever it happened'
-- arm: fast window=10m threshold=fast metric='denials' key='actor'
-- arm: slow window=24h threshold=slow metric='denials' key='actor'

-- Left out: denials within 10 minutes after a change of the actor's role, and
-- those of a permission that three or more actors first met within an hour
-- after a release (a wrong deployment refuses everybody), for a day from then.
WITH denial AS MATERIALIZED (
    SELECT rec, ts, hash, nth, coalesce(actor_id, ip_key(ip)) AS actor,
        action || ' on ' || coalesce(resource_type, 'nothing') AS permission
    FROM console_audit_events
    WHERE outcome = 'denied' AND ts <= :to
),
met AS MATERIALIZED (
    SELECT actor, permission, min(ts) AS ts FROM denial
    WHERE actor IS NOT NULL GROUP BY actor, permission
),
release AS MATERIALIZED (
    SELECT DISTINCT ts FROM platform_events
    WHERE event = 'release' AND ts BETWEEN :from - 172800000000 AND :to
),
misdeploy AS MATERIALIZED (
    SELECT release.ts, permission
    FROM release JOIN met
        ON met.ts BETWEEN release.ts AND release.ts + 3600000000
    GROUP BY release.ts, permission HAVING count(*) >= 3
),
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, actor,
        count(*) OVER fast AS n_10m,
        count_distinct(permission) OVER fast AS kinds_10m,
        count(*) OVER slow AS n_24h,
        count_distinct(permission) OVER slow AS kinds_24h
    FROM denial AS d
    WHERE ts >= :from - 86400000000 AND actor IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM console_audit_events AS c
            WHERE c.action IN ('role.grant', 'role.revoke')
                AND c.outcome = 'allowed' AND c.resource_id = d.actor
                AND c.ts BETWEEN d.ts - 600000000 AND d.ts)
        AND NOT EXISTS (SELECT 1 FROM misdeploy AS m
            WHERE m.permission = d.permission
                AND d.ts BETWEEN m.ts AND m.ts + 86400000000)
    WINDOW fast AS (PARTITION BY actor ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY actor ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
)
SELECT 'fast' AS arm, actor AS key, ts, rec, hash, nth, n_10m AS metric,
    n_10m >= :fast AND kinds_10m >= :fast_kinds AS fire,
    kinds_10m || ' different permissions' AS note
FROM counted
UNION ALL
SELECT 'slow', actor, ts, rec, hash, nth, n_24h,
    n_24h >= :slow AND kinds_24h >= :slow_kinds,
    kinds_24h || ' different permissions'
FROM counted
