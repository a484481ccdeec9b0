-- id: DET-COST-001
-- title: Dyno hour spike
-- description: More dyno hours than the declared formation explains, a one-off dyno left running, or a process, size or scaling user nobody declared.
-- level: medium
-- sources: platform_api
-- fallback: heroku_platform
-- route: same-day
-- prerequisite: export formation, releases and ps from the Heroku Platform API
-- next_step: Ask who scaled or started it (heroku releases, access log of the account); scale back or stop it, and if nobody did it, rotate the API keys.
-- author: raxx
-- license: MIT
-- params: factor=1.25 extra_h=6 oneoff_h=4 undeclared=1 days=3 gap_s=60
--     beat_s=20 dark=0.05
-- site: apps, scaling_actors, dyno_hours_budget
-- arm: hours window=24h threshold=extra_h on=any
--     metric='dyno hours of a day beyond the declared' key='app and process type'
-- arm: oneoff window=24h threshold=oneoff_h on=any metric='hours alive' key='dyno'
-- arm: type threshold=undeclared baseline=never on=any level=high
--     metric='dynos' key='app and process type'
-- arm: size threshold=undeclared baseline=never on=any level=high
--     metric='dynos' key='app and process type'
-- arm: actor threshold=undeclared baseline=never on=any level=high
--     metric='process types scaled' key='who scaled'
-- arm: budget window=24h baseline=never on=any
--     metric='dyno hours projected for the month'
--     key='month'

-- Heroku bills what is scaled, not what runs, so the best count of hours is that
-- of the formation: exports say it from their updated_at on, scale lines from
-- their time on. Heartbeats (metrics of a dyno, no more than gap_s apart) and
-- state changes are lower bounds; of a day that count is taken which is largest.
-- What is not known is not guessed: hours are the least that can be, and the note
-- says how much the declared formation would add for the time before the first
-- evidence. Hours are not money: sizes differ and prices have caps.
--
-- Left out: what somebody of scaling_actors scaled, as planned; a dyno that runs
-- twice while it is replaced (preboot, cycling), since a name counts once; release
-- phase and scheduler. Other one-off dynos have nothing declared, so their hours
-- of a day are summed too. The evidence of a day stands at the time when it had
-- been too much.
WITH RECURSIVE app_name AS MATERIALIZED (
    SELECT value ->> '$.name' AS app, json_type(value, '$.dynos') IS NOT NULL
        AS told
    FROM json_each(:apps)
),
declared AS MATERIALIZED (
    SELECT a.value ->> '$.name' AS app, d.key AS type,
        coalesce(d.value ->> '$.quantity', 1) AS quantity,
        lower(d.value ->> '$.size') AS size
    FROM json_each(:apps) AS a, json_each(a.value, '$.dynos') AS d
),
-- Which app an input is of; without a label it is the only one.
input AS MATERIALIZED (
    SELECT s.id, n.app FROM source AS s JOIN app_name AS n
        ON n.app = coalesce(s.app, (SELECT min(app) FROM app_name
            HAVING count(*) = 1))
    WHERE n.told
),
some AS MATERIALIZED (
    SELECT 1 FROM input LIMIT 1
),
bound AS MATERIALIZED (
    SELECT min(:from - :from % 86400000000 - 86400000000,
        iif(json_array_length(:dyno_hours_budget) > 0, 1000000 * strftime('%s',
            :to / 1000000, 'unixepoch', 'start of month'), :from)) AS start
),
-- --- formation: exports and scale lines ---------------------------------------
scaled AS (
    SELECT p.id * 16 + 4 AS rec, p.ts, p.hash, p.nth, i.app,
        coalesce((SELECT lower(s) FROM str WHERE id = p.actor), 'unknown')
            AS actor,
        CASE typeof(p.subject) WHEN 'integer'
            THEN (SELECT s FROM str WHERE id = p.subject) ELSE p.subject END
            AS subject
    FROM platform AS p CROSS JOIN input AS i ON i.id = p.source
    WHERE p.event = (SELECT id FROM str WHERE s = 'scale') AND p.ts <= :to
),
word AS (
    SELECT s.*, rtrim(w.value, ',') AS word,
        iif(instr(w.value, '@'), instr(w.value, '@'), instr(w.value, '=')) AS at
    FROM scaled AS s, json_each('['
        || replace(json_quote(s.subject), ' ', '","') || ']') AS w
),
scale AS MATERIALIZED (
    SELECT rec, ts, hash, nth, app, actor, substr(word, 1, at - 1) AS type,
        CAST(substr(word, at + 1) AS INTEGER) AS quantity,
        iif(instr(word, ':'), lower(substr(word, instr(word, ':') + 1)), NULL)
            AS size,
        actor IN (SELECT lower(value) FROM json_each(:scaling_actors)) AS planned
    FROM word WHERE at > 1
),
export AS MATERIALIZED (
    SELECT f.id * 16 + 7 AS rec, f.ts, f.hash, f.nth, i.app,
        f.fields ->> '$.type' AS type,
        coalesce(f.fields ->> '$.quantity', 0) AS quantity,
        lower(f.fields ->> '$.size') AS size,
        coalesce(min(f.ts, strftime('%s', f.fields ->> '$.updated_at') * 1000000),
            f.ts) AS since
    FROM dump_row AS f CROSS JOIN input AS i ON i.id = f.source
    WHERE f.dump = (SELECT id FROM str WHERE s = 'formation') AND f.ts <= :to
),
point AS MATERIALIZED (
    SELECT rec, ts, ts AS since, hash, nth, app, type, quantity, size, planned,
        'scale lines' AS method
    FROM scale
    UNION ALL
    SELECT e.rec, e.ts, e.since, e.hash, e.nth, e.app, e.type, e.quantity, e.size,
        coalesce((SELECT s.planned AND s.quantity = e.quantity FROM scale AS s
            WHERE s.app = e.app AND s.type = e.type AND s.ts <= e.ts
            ORDER BY s.ts DESC, s.hash LIMIT 1), 0), 'formation'
    FROM export AS e
),
-- --- life of dynos: heartbeats, states, ps -------------------------------------
beat_run AS (
    SELECT i.app, m.origin, join_spans(m.ts, m.ts + :gap_s * 1000000,
        m.id * 16 + 5, m.hash, m.nth) AS runs
    FROM some CROSS JOIN metric AS m
        CROSS JOIN str AS o ON o.id = m.origin
        CROSS JOIN input AS i ON i.id = m.source
    WHERE m.ts BETWEEN (SELECT start FROM bound) AND :to
        AND o.s GLOB 'heroku[[]*.*]'
    GROUP BY i.app, m.origin
),
beat_life AS (
    SELECT b.app, substr(o.s, 8, length(o.s) - 8) AS name,
        r.value ->> 0 AS start, (r.value ->> 1)
            - CAST(:gap_s * 1000000 AS INTEGER) + :beat_s * 1000000 AS stop,
        r.value ->> 2 AS rec, r.value ->> 3 AS hash, r.value ->> 4 AS nth,
        'heartbeats' AS method
    FROM beat_run AS b JOIN str AS o ON o.id = b.origin, json_each(b.runs) AS r
),
state AS (
    SELECT p.id * 16 + 4 AS rec, p.ts, p.hash, p.nth, i.app,
        substr(o.s, 8, length(o.s) - 8) AS name, t.s IN ('starting', 'up') AS alive
    FROM some CROSS JOIN platform AS p CROSS JOIN str AS o ON o.id = p.origin
        CROSS JOIN input AS i ON i.id = p.source
        CROSS JOIN str AS e ON e.id = p.event LEFT JOIN str AS t ON t.id = p.to_state
    WHERE p.ts BETWEEN (SELECT start FROM bound) AND :to
        AND o.s GLOB 'heroku[[]*.*]' AND e.s IN ('state', 'exit')
),
state_life AS (
    SELECT app, name, ts AS start, lead(ts) OVER (PARTITION BY app, name
            ORDER BY ts, hash, nth) AS stop, rec, hash, nth, 'states' AS method,
        alive
    FROM state
),
listed AS (
    SELECT i.app, d.fields ->> '$.name' AS name,
        strftime('%s', d.fields ->> '$.created_at') * 1000000 AS start,
        d.ts AS stop, d.id * 16 + 7 AS rec, d.hash, d.nth,
        d.fields ->> '$.type' AS type, lower(d.fields ->> '$.size') AS size
    FROM dump_row AS d CROSS JOIN input AS i ON i.id = d.source
    WHERE d.dump = (SELECT id FROM str WHERE s = 'dyno') AND d.ts <= :to
        AND d.fields ->> '$.state' IN ('up', 'starting')
),
life AS MATERIALIZED (
    SELECT *, substr(name, 1, instr(name, '.') - 1) AS type FROM (
        SELECT app, name, start, stop, rec, hash, nth, method FROM beat_life
        UNION ALL
        SELECT app, name, start, stop, rec, hash, nth, method
        FROM state_life WHERE alive AND stop IS NOT NULL
        UNION ALL
        SELECT app, name, start, stop, rec, hash, nth, 'ps' FROM listed)
    WHERE start IS NOT NULL AND stop > start
),
-- --- hours of a day -----------------------------------------------------------
seen_until AS MATERIALIZED (
    SELECT app, min(:to, max(ts)) AS ts FROM (
        SELECT app, stop AS ts FROM life
        UNION ALL SELECT app, ts FROM point)
    GROUP BY app
),
step AS MATERIALIZED (
    SELECT p.*, min(u.ts, coalesce(lead(p.since) OVER (PARTITION BY p.app, p.type
        ORDER BY p.since, p.ts, p.hash, p.nth), u.ts)) AS stop
    FROM point AS p JOIN seen_until AS u ON u.app = p.app
),
-- A name may run twice for minutes, when it is replaced: count it once.
name_run AS (
    SELECT app, type, method, join_spans(start, stop, rec, hash, nth) AS runs
    FROM life WHERE type NOT IN ('release', 'scheduler')
    GROUP BY app, name, method
),
stay AS (
    SELECT n.app, n.type, 1 AS quantity, 0 AS planned, n.method,
        r.value ->> 0 AS start, r.value ->> 1 AS stop, r.value ->> 2 AS rec,
        r.value ->> 3 AS hash, r.value ->> 4 AS nth
    FROM name_run AS n, json_each(n.runs) AS r
    UNION ALL
    SELECT app, type, quantity, planned, method, since, stop, rec, hash, nth
    FROM step WHERE stop > since
),
day(start) AS (
    SELECT start FROM bound
    UNION ALL
    SELECT start + 86400000000 FROM day WHERE start + 86400000000 <= :to
),
piece AS MATERIALIZED (
    SELECT s.app, s.type, s.quantity, s.planned, s.method, s.rec, s.hash, s.nth,
        d.start AS day, max(s.start, d.start) AS start,
        min(s.stop, d.start + 86400000000) AS stop
    FROM stay AS s JOIN day AS d ON d.start < s.stop
        AND d.start + 86400000000 > s.start
),
-- What was declared for the day, with what was planned beyond it.
allowed AS (
    SELECT p.app, p.type, p.day, total(iif(p.planned, max(0, p.quantity
        - coalesce(c.quantity, 0)) * (p.stop - p.start), 0)) / 3600000000.0 AS extra
    FROM piece AS p LEFT JOIN declared AS c ON c.app = p.app AND c.type = p.type
    WHERE p.method IN ('formation', 'scale lines') GROUP BY p.app, p.type, p.day
),
counted AS (
    SELECT app, type, day, iif(method = 'scale lines', 'formation', method) AS way,
        sum(quantity * (stop - start)) / 3600000000.0 AS hours,
        min(start) AS first
    FROM piece GROUP BY app, type, day, 4
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY app, type, day
        ORDER BY hours DESC, way) AS place
    FROM counted
),
total AS MATERIALIZED (
    SELECT r.app, r.type, r.day, r.way, r.hours,
        24.0 * coalesce(c.quantity, 0) + coalesce(a.extra, 0) AS fair,
        coalesce(c.quantity, 0) * (r.first - r.day) / 3600000000.0 AS unknown
    FROM ranked AS r LEFT JOIN declared AS c ON c.app = r.app AND c.type = r.type
        LEFT JOIN allowed AS a ON a.app = r.app AND a.type = r.type
            AND a.day = r.day
    WHERE r.place = 1
),
-- When a day had been too much: the running sum of its pieces.
running AS (
    SELECT p.*, t.hours, t.fair, t.unknown, t.way,
        max(:factor * t.fair, t.fair + :extra_h) AS line,
        sum(p.quantity * (p.stop - p.start)) OVER (
            PARTITION BY p.app, p.type, p.day ORDER BY p.start, p.stop, p.hash,
                p.nth ROWS UNBOUNDED PRECEDING) / 3600000000.0 AS so_far
    FROM total AS t JOIN piece AS p ON p.app = t.app AND p.type = t.type
        AND p.day = t.day
        AND iif(p.method = 'scale lines', 'formation', p.method) = t.way
    WHERE t.hours >= t.fair + :extra_h AND t.hours > :factor * t.fair
),
over AS (
    SELECT *, start + CAST(max(0, line - so_far
            + quantity * (stop - start) / 3600000000.0) * 3600000000
            / quantity AS INTEGER) AS ts,
        row_number() OVER (PARTITION BY app, type, day
            ORDER BY start, stop, hash, nth) AS nr
    FROM running WHERE so_far >= line - 1e-6 AND quantity > 0
),
-- --- one-off dynos ------------------------------------------------------------
oneoff AS (
    SELECT *, (stop - start) / 3600000000.0 AS hours,
        row_number() OVER (PARTITION BY app, name
            ORDER BY stop - start DESC, hash, nth) AS place
    FROM life WHERE type NOT IN ('release', 'scheduler')
        AND name GLOB 'run.[0-9]*'
),
-- --- what nobody declared -----------------------------------------------------
sighting AS (
    SELECT app, type, ts, rec, hash, nth, quantity, size, planned FROM point
    WHERE quantity > 0
    UNION ALL
    SELECT app, type, start, rec, hash, nth, 1, NULL, EXISTS (SELECT 1
        FROM scale AS s WHERE s.app = l.app AND s.type = l.type AND s.planned)
    FROM (SELECT *, row_number() OVER (PARTITION BY app, type
            ORDER BY start, hash, nth) AS nr
        FROM life WHERE method IN ('heartbeats', 'states')
            AND (app, type, start) IN (SELECT app, type, min(start) FROM life
                WHERE method IN ('heartbeats', 'states') GROUP BY app, type))
        AS l
    WHERE nr = 1
    UNION ALL
    SELECT app, type, stop, rec, hash, nth, 1, size, EXISTS (SELECT 1
        FROM scale AS s WHERE s.app = l.app AND s.type = l.type AND s.planned)
    FROM listed AS l
),
stranger AS (
    SELECT s.*, c.app IS NULL AS odd_type, c.size IS NOT NULL
            AND s.size IS NOT NULL AND s.size <> c.size AS odd_size,
        c.size AS size_declared
    FROM sighting AS s LEFT JOIN declared AS c ON c.app = s.app AND c.type = s.type
    WHERE s.type NOT IN ('run', 'release', 'scheduler')
),
-- --- the month ----------------------------------------------------------------
month_day AS (
    SELECT day, sum(hours) AS hours FROM total
    WHERE day >= 1000000 * strftime('%s', :to / 1000000, 'unixepoch',
            'start of month')
        AND day + 86400000000 <= :to
        AND json_array_length(:dyno_hours_budget) > 0
    GROUP BY day
),
month AS (
    SELECT day, count(*) OVER (ORDER BY day) AS n, sum(hours) OVER (ORDER BY day)
            / count(*) OVER (ORDER BY day)
        * strftime('%d', day / 1000000, 'unixepoch', 'start of month', '+1 month',
            '-1 day') AS projection
    FROM month_day
),
-- The record of a day is the last one that began to count in it.
month_end AS (
    SELECT m.day, m.n, m.projection, p.rec, p.hash, p.nth,
        max(p.start, m.day) AS ts, row_number() OVER (PARTITION BY m.day
            ORDER BY p.start DESC, p.hash, p.nth) AS place
    FROM month AS m JOIN piece AS p ON p.day = m.day
),
-- What is not seen. The newest formation export tells what was there from its
-- latest change on; before that, and of one-off dynos, only the log tells.
told AS (
    SELECT n.app, max(e.since) AS start, max(e.ts) AS stop
    FROM app_name AS n LEFT JOIN export AS e ON e.app = n.app AND e.ts =
        (SELECT max(x.ts) FROM export AS x WHERE x.app = n.app)
    WHERE n.told GROUP BY n.app
),
part(app, what, start, stop) AS (
    SELECT app, 'formation', :from, min(:to, coalesce(start, :to)) FROM told
    UNION ALL
    SELECT app, 'formation', max(:from, start, stop), :to FROM told
    UNION ALL
    SELECT app, 'oneoff', :from, :to FROM told
),
dark AS MATERIALIZED (
    SELECT what, app, total(max(0, stop - start)) - total((SELECT total(max(0,
            min(p.stop, s.value ->> '$[1]') - max(p.start, s.value ->> '$[0]')))
            FROM json_each(:seen) AS s)) AS length
    FROM part AS p
    WHERE EXISTS (SELECT 1 FROM source
        WHERE dump IN ('formation', 'dyno', 'release'))
    GROUP BY what, app
),
verdict(arm, result, note) AS (
    SELECT a.column1, 'NOT_EVALUATED', 'site.yml does not say which dynos '
        || (SELECT min(app) FROM app_name WHERE NOT told) || ' has'
    FROM (VALUES ('hours'), ('oneoff'), ('type'), ('size'), ('actor')) AS a
    WHERE EXISTS (SELECT 1 FROM app_name WHERE NOT told)
    UNION ALL
    SELECT a.column1, 'INSUFFICIENT_DATA', printf(
        'neither a formation export nor the log tells %.1f %% of the window',
        100.0 * max(d.length) / (:to - :from))
    FROM dark AS d, (VALUES ('hours'), ('type'), ('size'), ('actor')) AS a
    WHERE d.what = 'formation' GROUP BY 1
    HAVING max(d.length) > :dark * (:to - :from)
    UNION ALL
    SELECT 'oneoff', 'INSUFFICIENT_DATA', printf('one-off dynos are in the log, '
        || 'which tells %.1f %% of the window',
        100 - 100.0 * max(length) / (:to - :from))
    FROM dark WHERE what = 'oneoff'
    HAVING max(length) > :dark * (:to - :from)
    UNION ALL
    SELECT 'budget', 'INSUFFICIENT_DATA', printf('have %d days of the month, need '
        || '%d', (SELECT count(*) FROM month_day), :days)
    WHERE json_array_length(:dyno_hours_budget) > 0
        AND (SELECT count(*) FROM month_day) < :days
)
SELECT 'hours' AS arm, app || ' ' || type AS key, ts, rec, hash, nth,
    round(hours - fair, 1) AS metric, 1 AS fire,
    printf('%.1f hours by %s, %.1f declared or planned%s', hours, way, fair,
        iif(unknown > 0.05, printf('; at most %.1f, with what is declared for the '
            || 'time before', hours + unknown), '')) AS note,
    NULL AS level, NULL AS result
FROM over WHERE nr = 1
UNION ALL
SELECT 'oneoff', app || ' ' || name, start + :oneoff_h * 3600000000, rec, hash, nth,
    round(hours, 1), 1, 'by ' || method, NULL, NULL
FROM oneoff WHERE place = 1 AND hours >= :oneoff_h
UNION ALL
SELECT 'type', app || ' ' || type, ts, rec, hash, nth, quantity,
    quantity >= :undeclared, iif(planned, 'planned by a scaling actor', NULL),
    iif(planned, 'informational', NULL), NULL
FROM stranger WHERE odd_type
UNION ALL
SELECT 'size', app || ' ' || type, ts, rec, hash, nth, quantity,
    quantity >= :undeclared, size || ', declared ' || size_declared
        || iif(planned, '; planned by a scaling actor', ''),
    iif(planned, 'informational', NULL), NULL
FROM stranger WHERE odd_size
UNION ALL
SELECT 'actor', actor, ts, rec, hash, nth, count(*), count(*) >= :undeclared,
    group_concat(app || ' ' || type || '@' || quantity, ', '), NULL, NULL
FROM (SELECT * FROM scale WHERE NOT planned ORDER BY rec, type) GROUP BY rec
UNION ALL
SELECT 'budget', strftime('%Y-%m', day / 1000000, 'unixepoch'), ts, rec, hash, nth,
    round(projection, 1), projection > :dyno_hours_budget ->> '$[0]',
    printf('budget %d hours, from %d days', :dyno_hours_budget ->> '$[0]', n), NULL,
    NULL
FROM month_end
WHERE place = 1 AND n >= :days
UNION ALL
SELECT arm, NULL, NULL, NULL, NULL, NULL, NULL, NULL, note, NULL, result
FROM verdict
