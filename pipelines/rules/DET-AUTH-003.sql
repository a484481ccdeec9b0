-- id: DET-AUTH-003
-- title: RBAC denied burst
-- description: One actor of the console is refused many different permissions, many things of one kind or another tenant's things, in minutes or over a day, or gets in where it was refused. Only the console's own audit log is seen; refusals of the API are not.
-- level: medium
-- sources: console_audit_events
-- route: same-day
-- prerequisite: export console_audit_events
-- next_step: Ask the actor what they tried; if they did not, end their sessions and look what was allowed.
-- author: raxx
-- license: MIT
-- params: fast=5 fast_kinds=3 slow=15 slow_kinds=6 idor=10 tenants=2
--     client=8 client_kinds=5 client_actors=2 misdeploy=3
--     misdeploy_h=24 role_min=10
-- scan: dump_console_audit_events 'of several versions of a row the newest counts, whenever it happened; and what is new is in no earlier row'
-- arm: fast window=10m threshold=fast metric='denials' key='actor'
-- arm: slow window=24h threshold=slow metric='denials' key='actor'
-- arm: idor window=10m threshold=idor
--     metric='distinct things refused for one action' key='actor'
-- arm: cross-tenant window=24h threshold=tenants level=high
--     metric='denials across tenants' key='actor'
--     needs=console_audit_events.actor_tenant_id,console_audit_events.resource_tenant_id
-- arm: client window=10m threshold=client
--     metric='denials of several actors' key='client'
--     needs=console_audit_events.ip
-- arm: allowed window=24h level=critical baseline=never
--     metric='denials before it was allowed' key='actor'
-- arm: misdeploy window=1h threshold=misdeploy level=informational
--     baseline=never metric='actors newly refused' key='release'

-- Left out: denials within :role_min minutes after a change of the actor's role,
-- and those of a permission that :misdeploy or more actors first met within an
-- hour after a release (a wrong deployment refuses everybody), for :misdeploy_h
-- hours from then;
-- that is a note for operations, in an arm of its own. The whole history is
-- read, since a permission is new only if nobody met it before.
--
-- An actor's window is HIGH when the actor is an administrator, or one of the
-- denials is of a grant of roles or of an admin action. What was refused and is
-- allowed within a day, without a grant by somebody else in between, is
-- critical after a burst, or if the actor granted itself a role; one denial
-- alone, of a thing that then changed hands, is everyday work.
WITH audit AS MATERIALIZED (
    SELECT rec, ts, hash, nth, outcome, action, resource_id,
        coalesce(nullif(trim(actor_id), ''), ip_key(ip)) AS actor,
        ip_key(ip) AS client,
        action || ' on ' || coalesce(resource_type, 'nothing') AS permission,
        actor_tenant_id != resource_tenant_id AS crosses,
        coalesce(lower(actor_role) IN ('admin', 'administrator', 'owner',
            'root', 'superuser'), 0)
            OR action IN ('role.grant', 'role.revoke')
            OR action LIKE 'admin.%' OR resource_type = 'admin' AS admin
    FROM console_audit_events WHERE ts <= :to
),
denial AS MATERIALIZED (
    SELECT * FROM audit WHERE outcome = 'denied' AND actor IS NOT NULL
),
role_change AS MATERIALIZED (
    SELECT ts, action, actor AS by, resource_id AS actor
    FROM audit
    WHERE outcome = 'allowed' AND action IN ('role.grant', 'role.revoke')
),
met AS MATERIALIZED (
    SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY actor, permission
            ORDER BY ts, hash, nth) AS place FROM denial)
    WHERE place = 1
),
release AS MATERIALIZED (
    SELECT min(ts) AS ts, version FROM (
        SELECT ts, CAST(version AS INTEGER) AS version FROM platform_events
        WHERE event = 'release' AND ts BETWEEN
            :from - 172800000000 - 3600000000 * :misdeploy_h AND :to
        UNION ALL SELECT ts, CAST(version AS INTEGER) FROM releases
        WHERE ts BETWEEN
            :from - 172800000000 - 3600000000 * :misdeploy_h AND :to)
    GROUP BY coalesce(version, -ts)
),
misdeploy AS MATERIALIZED (
    SELECT release.ts, release.version, permission
    FROM release JOIN met
        ON met.ts BETWEEN release.ts AND release.ts + 3600000000
    GROUP BY release.ts, permission HAVING count(*) >= :misdeploy
),
-- Two days back: what is allowed looks back a day at bursts, and those a day.
counted AS MATERIALIZED (
    SELECT rec, ts, hash, nth, actor, client, permission, admin, crosses,
        resource_id,
        count(*) OVER fast AS n_10m,
        count_distinct(permission) OVER fast AS kinds_10m,
        max(admin) OVER fast AS admin_10m,
        count(*) OVER slow AS n_24h,
        count_distinct(permission) OVER slow AS kinds_24h,
        max(admin) OVER slow AS admin_24h,
        count_distinct(resource_id) OVER kind AS things_10m,
        coalesce(sum(crosses) OVER slow, 0) AS crossings_24h
    FROM denial AS d
    WHERE ts >= :from - 172800000000
        AND NOT EXISTS (SELECT 1 FROM role_change AS c
            WHERE c.actor = d.actor
                AND c.ts BETWEEN d.ts - 60000000 * :role_min AND d.ts)
        AND NOT EXISTS (SELECT 1 FROM misdeploy AS m
            WHERE m.permission = d.permission
                AND d.ts BETWEEN m.ts AND m.ts + 3600000000 * :misdeploy_h)
    WINDOW fast AS (PARTITION BY actor ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW),
        slow AS (PARTITION BY actor ORDER BY ts
            RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW),
        kind AS (PARTITION BY actor, permission ORDER BY ts
            RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
),
judged AS MATERIALIZED (
    SELECT *, n_10m >= :fast AND kinds_10m >= :fast_kinds AS is_fast,
        n_24h >= :slow AND kinds_24h >= :slow_kinds AS is_slow,
        things_10m >= :idor AS is_idor,
        coalesce(crosses AND crossings_24h >= :tenants, 0) AS is_crossing
    FROM counted
),
together AS (
    SELECT rec, ts, hash, nth, client, count(*) OVER fast AS n,
        count_distinct(permission) OVER fast AS kinds,
        count_distinct(actor) OVER fast AS actors,
        max(admin) OVER fast AS admin, max(is_fast) OVER fast AS alone
    FROM judged WHERE client IS NOT NULL
    WINDOW fast AS (PARTITION BY client ORDER BY ts
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW)
),
burst AS MATERIALIZED (
    SELECT actor, ts FROM judged
    WHERE is_fast OR is_slow OR is_idor OR is_crossing
),
tried AS MATERIALIZED (
    SELECT DISTINCT actor, permission FROM judged
),
answered AS (
    SELECT rec, ts, hash, nth, actor, permission, 1 AS denied FROM judged
    UNION ALL
    SELECT rec, ts, hash, nth, actor, permission, 0 FROM audit
    WHERE outcome = 'allowed' AND ts >= :from - 86400000000
        AND (actor, permission) IN (SELECT actor, permission FROM tried)
),
refused AS MATERIALIZED (
    SELECT *, sum(denied) OVER slow AS n,
        min(CASE WHEN denied THEN ts END) OVER slow AS since
    FROM answered
    WINDOW slow AS (PARTITION BY actor, permission ORDER BY ts
        RANGE BETWEEN 86400000000 PRECEDING AND CURRENT ROW)
),
obtained AS MATERIALIZED (
    SELECT * FROM refused AS r
    WHERE NOT denied AND n > 0
        AND NOT EXISTS (SELECT 1 FROM role_change AS c
            WHERE c.action = 'role.grant' AND c.actor = r.actor
                AND c.by IS NOT r.actor AND c.ts BETWEEN r.since AND r.ts)
        AND (EXISTS (SELECT 1 FROM burst AS b
                WHERE b.actor = r.actor
                    AND b.ts BETWEEN r.ts - 86400000000 AND r.ts)
            OR EXISTS (SELECT 1 FROM role_change AS c
                WHERE c.action = 'role.grant' AND c.actor = r.actor
                    AND c.by = r.actor AND c.ts BETWEEN r.since AND r.ts))
),
newly AS (
    SELECT m.rec, m.ts, m.hash, m.nth, m.actor, m.permission,
        coalesce('v' || d.version, 'unnamed') AS release,
        count_distinct(m.actor) OVER (PARTITION BY d.ts ORDER BY m.ts
            RANGE UNBOUNDED PRECEDING) AS actors
    FROM met AS m JOIN misdeploy AS d
        ON d.permission = m.permission
            AND m.ts BETWEEN d.ts AND d.ts + 3600000000
)
SELECT 'fast' AS arm, actor AS key, ts, rec, hash, nth, n_10m AS metric,
    is_fast AS fire, kinds_10m || ' different permissions' AS note,
    CASE WHEN admin_10m THEN 'high' END AS level
FROM judged
UNION ALL
SELECT 'slow', actor, ts, rec, hash, nth, n_24h, is_slow,
    kinds_24h || ' different permissions',
    CASE WHEN admin_24h THEN 'high' END
FROM judged
UNION ALL
SELECT 'idor', actor, ts, rec, hash, nth, things_10m, is_idor, permission,
    CASE WHEN admin THEN 'high' END
FROM judged WHERE resource_id IS NOT NULL
UNION ALL
SELECT 'cross-tenant', actor, ts, rec, hash, nth, crossings_24h, is_crossing,
    permission, NULL
FROM judged WHERE crosses
UNION ALL
SELECT 'client', client, ts, rec, hash, nth, n,
    n >= :client AND kinds >= :client_kinds AND actors >= :client_actors
        AND NOT alone,
    actors || ' actors, none of them alone; ' || kinds
        || ' different permissions',
    CASE WHEN admin THEN 'high' END
FROM together
UNION ALL
SELECT 'allowed', actor, ts, rec, hash, nth, n, 1,
    permission || ' was allowed without a grant by somebody else'
        || CASE WHEN EXISTS (SELECT 1 FROM release
                WHERE release.ts BETWEEN since AND obtained.ts)
            THEN '; there was a release in between' ELSE '' END,
    NULL
FROM obtained
UNION ALL
SELECT 'allowed', actor, ts, rec, hash, nth, 0, 0, NULL, NULL
FROM judged WHERE (actor, permission) IN (SELECT actor, permission FROM obtained)
UNION ALL
SELECT 'misdeploy', release, ts, rec, hash, nth, actors, actors >= :misdeploy,
    permission || ': refused to ' || actors
        || ' actors who never met it before the release', NULL
FROM newly
