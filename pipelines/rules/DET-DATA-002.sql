-- id: DET-DATA-002
-- title: Audit log hash chain break
-- description: A row of the audit log was changed, removed, repeated or moved: its authentication code or its link does not hold.
-- level: critical
-- sources: customer_audit_events, audit_chain_key
-- fallback: customer_audit_events
-- route: immediate
-- suppress: 24h
-- prerequisite: wire the KMS HMAC chain and name its key file in site.yml
-- next_step: Keep the dumps and a copy of the table as they are; compare the rows with a backup, and ask who could write to the table since the last dump that held.
-- author: raxx
-- license: MIT
-- site: audit_chain
-- scan: dump_customer_audit_events 'a chain holds only as a whole'
-- arm: mac baseline=never standing=yes on=any level=critical
--     needs=customer_audit_events.mac metric='rows whose MAC does not hold'
--     key='tenant'
-- arm: anchor baseline=never standing=yes on=any level=critical
--     needs=customer_audit_events.mac
--     metric='rows that an earlier dump or a written head has otherwise'
--     key='tenant'
-- arm: link baseline=never standing=yes on=any level=high
--     needs=customer_audit_events.mac metric='breaks between rows'
--     key='tenant'

-- Every MAC is computed over the prev_mac that stands in its own row, so one
-- edit breaks one row and not all that follow. The base tables are read, and not
-- the view, since it matters which dump holds which row: what is walked is the
-- newest dump, with rows before its start from older ones.
--
-- Left out, or less grave: a start behind a retention cut that a MACed row
-- chain.checkpoint or a head in site.yml explains; what a MACed row chain.reseal
-- explains (low); numbers skipped under a link that holds by MAC (low); a link
-- that breaks beside a row whose MAC is broken, which is the same edit. Rows of a
-- tenant before its first MAC are from before the chain.
--
-- Most rows are plain: what they say follows from the row before, to which they
-- are linked. Each row is looked at once, in order of the table; only the others
-- and what stands beside them are kept, so that memory goes with the breaks and
-- not with the log.
WITH ring AS MATERIALIZED (
    SELECT value ->> '$.format' AS format, value ->> '$.known' AS known,
        value ->> '$.keys' AS keys
    FROM (SELECT audit_keyring() AS value)
),
key_file AS MATERIALIZED (
    SELECT k.key AS id, k.value ->> '$.fault' AS fault,
        k.value ->> '$.loose' AS loose
    FROM ring, json_each(ring.keys) AS k
),
head AS MATERIALIZED (
    SELECT CAST(value ->> '$.tenant' AS TEXT) AS tenant,
        value ->> '$.seq' AS seq, lower(value ->> '$.mac') AS mac
    FROM json_each(:audit_chain, '$.heads')
),
-- What was taken at one time is one dump, in parts or loaded twice.
dump AS MATERIALIZED (
    SELECT id, coalesce(app, '') AS app, arrived,
        coalesce(notes ->> '$."invalid-utf8"', 0) > 0 AS odd_bytes,
        dense_rank() OVER (PARTITION BY coalesce(app, '') ORDER BY arrived)
            AS nr
    FROM source WHERE dump = 'customer_audit_events'
),
newest AS MATERIALIZED (
    SELECT app, max(nr) AS nr FROM dump GROUP BY app
),
fresh AS MATERIALIZED (
    SELECT d.id, d.app FROM newest AS n JOIN dump AS d
        ON d.app = n.app AND d.nr = n.nr
),
tenant AS MATERIALIZED (
    SELECT DISTINCT tenant_id FROM dump_customer_audit_events
),
-- The chains: where the MACs begin, which numbers the newest dump has.
chain AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY n.app, t.tenant_id) AS nr, n.app,
        coalesce(t.tenant_id, 'unknown') AS tenant, t.tenant_id,
        n.nr AS newest,
        (SELECT r.seq FROM dump_customer_audit_events AS r
            WHERE r.tenant_id IS t.tenant_id AND r.seq IS NOT NULL
                AND r.mac <> '' AND (SELECT app FROM dump WHERE id = r.source)
                = n.app
            ORDER BY r.seq LIMIT 1) AS wired,
        (SELECT r.seq FROM dump_customer_audit_events AS r
            WHERE r.tenant_id IS t.tenant_id AND r.seq IS NOT NULL
                AND (r.source IN (SELECT id FROM fresh WHERE app = n.app)
                    OR EXISTS (SELECT 1 FROM also AS a JOIN fresh AS f
                        ON f.id = a.source
                        WHERE a.rec = r.id * 16 + 10 AND f.app = n.app))
            ORDER BY r.seq LIMIT 1) AS lo,
        (SELECT r.seq FROM dump_customer_audit_events AS r
            WHERE r.tenant_id IS t.tenant_id AND r.seq IS NOT NULL
                AND (r.source IN (SELECT id FROM fresh WHERE app = n.app)
                    OR EXISTS (SELECT 1 FROM also AS a JOIN fresh AS f
                        ON f.id = a.source
                        WHERE a.rec = r.id * 16 + 10 AND f.app = n.app))
            ORDER BY r.seq DESC LIMIT 1) AS hi
    FROM newest AS n CROSS JOIN tenant AS t
),
-- The time of the first row of the newest dump of an app.
reach AS MATERIALIZED (
    SELECT n.app, (SELECT r.ts FROM dump_customer_audit_events AS r
        WHERE r.source IN (SELECT id FROM fresh WHERE app = n.app)
            OR EXISTS (SELECT 1 FROM also AS a JOIN fresh AS f
                ON f.id = a.source
                WHERE a.rec = r.id * 16 + 10 AND f.app = n.app)
        ORDER BY r.ts LIMIT 1) AS start
    FROM newest AS n
),
line AS NOT MATERIALIZED (
    SELECT r.id, r.id * 16 + 10 AS rec, r.ts, r.hash, r.nth, r.source, r.row_id,
        c.nr AS chain, c.lo, r.tenant_id, r.seq, r.actor_id, r.action, r.detail,
        r.key_id, nullif(lower(r.mac), '') AS mac,
        nullif(nullif(lower(r.prev_mac), ''), printf('%064d', 0)) AS prev,
        r.extra ->> '$.mac_format' AS format, ring.format AS our_format,
        ring.known, d.app, d.nr AS first, c.newest
    FROM dump_customer_audit_events AS r CROSS JOIN dump AS d ON d.id = r.source
        CROSS JOIN chain AS c ON c.app = d.app AND c.tenant_id IS r.tenant_id
        CROSS JOIN ring
    WHERE r.mac <> '' OR r.seq >= c.wired
),
-- A MAC that is no MAC, or a text that is not the one which was signed: secrets
-- are taken out of every column but the detail, bytes that are no UTF-8 are
-- written \xNN.
checked AS NOT MATERIALIZED (
    SELECT r.*, CASE
        WHEN r.mac IS NULL THEN NULL
        WHEN audit_mac(r.key_id, r.prev, r.seq, r.ts, r.actor_id, r.action,
            r.detail) = r.mac THEN 'verified'
        WHEN NOT (r.seq IS NOT NULL
            AND length(r.mac) = 64 AND r.mac NOT GLOB '*[^0-9a-f]*'
            AND (r.prev IS NULL
                OR (length(r.prev) = 64 AND r.prev NOT GLOB '*[^0-9a-f]*'))
            AND coalesce(r.actor_id, '') || coalesce(r.action, '')
                NOT GLOB '*<secret:????????????????>*'
            AND coalesce(r.actor_id, '') || coalesce(r.action, '')
                NOT GLOB '*<token:????????????????>*'
            AND NOT (coalesce(r.actor_id, '') || coalesce(r.action, '')
                    || coalesce(r.detail, '') GLOB '*\x[0-9a-f][0-9a-f]*'
                AND EXISTS (SELECT 1 FROM dump AS d WHERE d.odd_bytes
                    AND (d.id = r.source OR d.id IN (SELECT a.source
                        FROM also AS a WHERE a.rec = r.rec)))))
            THEN 'unparsable'
        WHEN r.our_format IS NULL THEN 'unkeyed'
        WHEN NOT r.known OR coalesce(r.format, r.our_format) <> r.our_format
            THEN 'unknown_version'
        WHEN NOT EXISTS (SELECT 1 FROM key_file AS k WHERE k.id = r.key_id
            AND k.fault IS NULL) THEN 'unknown_key'
        ELSE 'mac_mismatch' END AS mac_says
    FROM line AS r
),
-- Rows that are not plain. A plain one has a number of its own, the row before
-- it is from the same dump and under the same key, and there is one behind it;
-- its MAC holds, or cannot be known as that of the row before cannot.
odd AS MATERIALIZED (
    SELECT r.id, r.tenant_id, r.app, r.seq FROM checked AS r
    WHERE coalesce(r.mac_says NOT IN ('verified', 'unkeyed', 'unknown_key',
            'unknown_version'), 1)
        OR r.action IN ('chain.checkpoint', 'chain.reseal')
        OR (r.first < r.newest AND r.seq >= r.lo
            AND NOT EXISTS (SELECT 1 FROM also AS a
                WHERE a.rec = r.rec AND a.source IN (SELECT id FROM fresh)))
        OR (SELECT count(*) FROM dump_customer_audit_events AS o
            WHERE o.tenant_id IS r.tenant_id
                AND o.seq BETWEEN r.seq AND r.seq + 1) <> 2
        OR NOT EXISTS (SELECT 1 FROM dump_customer_audit_events AS p
            WHERE p.tenant_id IS r.tenant_id AND p.seq = r.seq - 1
                AND lower(p.mac) = r.prev AND p.source = r.source
                AND p.key_id IS r.key_id
                AND p.extra ->> '$.mac_format' IS r.format
                AND (r.first = r.newest
                    OR EXISTS (SELECT 1 FROM also AS a
                        WHERE a.rec = p.id * 16 + 10
                            AND a.source IN (SELECT id FROM fresh))
                    = EXISTS (SELECT 1 FROM also AS a
                        WHERE a.rec = r.rec
                            AND a.source IN (SELECT id FROM fresh))))
        OR EXISTS (SELECT 1 FROM head AS h
            WHERE h.tenant = r.tenant_id AND h.seq = r.seq)
),
-- And what stands before and behind them.
near AS MATERIALIZED (
    SELECT r.id, max(r.id = odd.id) AS odd
    FROM odd CROSS JOIN dump_customer_audit_events AS r
        ON r.id = odd.id OR (r.tenant_id IS odd.tenant_id AND r.seq IN (
            (SELECT o.seq FROM dump_customer_audit_events AS o
                CROSS JOIN dump AS d ON d.id = o.source
                WHERE o.tenant_id IS odd.tenant_id AND o.seq < odd.seq
                    AND d.app = odd.app ORDER BY o.seq DESC LIMIT 1),
            (SELECT o.seq FROM dump_customer_audit_events AS o
                CROSS JOIN dump AS d ON d.id = o.source
                WHERE o.tenant_id IS odd.tenant_id AND o.seq > odd.seq
                    AND d.app = odd.app ORDER BY o.seq LIMIT 1)))
    GROUP BY r.id
),
-- Some exporters write NULL and the empty text alike: try the other reading of
-- each of the three texts.
swap(actor_id, action, detail) AS (
    VALUES (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0),
        (1, 1, 1)
),
judged AS MATERIALIZED (
    SELECT c.rec, c.ts, c.hash, c.nth, c.row_id, c.chain, c.seq,
        near.odd, c.app, c.lo, c.newest,
        CASE WHEN c.action IN ('chain.checkpoint', 'chain.reseal')
            AND json_valid(c.detail) THEN c.action END AS mark,
        CASE WHEN c.action IN ('chain.checkpoint', 'chain.reseal')
            AND json_valid(c.detail) THEN c.detail END AS mark_detail,
        c.key_id, c.mac, c.prev, coalesce(c.format, c.our_format) AS format,
        c.first, coalesce((SELECT max(d.nr) FROM also AS a CROSS JOIN dump AS d
            ON d.id = a.source WHERE a.rec = c.rec), c.first) AS last,
        CASE WHEN c.mac_says = 'mac_mismatch'
            AND '' IN (coalesce(c.actor_id, ''), coalesce(c.action, ''),
                coalesce(c.detail, ''))
            AND EXISTS (SELECT 1 FROM swap AS s WHERE c.mac = audit_mac(
                c.key_id, c.prev, c.seq, c.ts,
                iif(s.actor_id AND coalesce(c.actor_id, '') = '',
                    iif(c.actor_id IS NULL, '', NULL), c.actor_id),
                iif(s.action AND coalesce(c.action, '') = '',
                    iif(c.action IS NULL, '', NULL), c.action),
                iif(s.detail AND coalesce(c.detail, '') = '',
                    iif(c.detail IS NULL, '', NULL), c.detail)))
            THEN 'null_ambiguous' ELSE c.mac_says END AS mac_says
    FROM near CROSS JOIN checked AS c ON c.id = near.id
),
-- latest: of the rows of a number, the newest dump that has one of them.
version AS MATERIALIZED (
    SELECT j.*, c.tenant, c.wired, c.hi,
        max(j.last) OVER (PARTITION BY j.chain, j.seq) AS latest
    FROM judged AS j CROSS JOIN chain AS c ON c.nr = j.chain
    WHERE j.seq IS NOT NULL
),
step AS (
    SELECT *, lag(seq) OVER way AS seq_before, lag(mac) OVER way AS mac_before,
        lag(last) OVER way AS last_before, lag(ts) OVER way AS ts_before,
        lag(mac_says) OVER way AS says_before, lead(seq) OVER way AS next
    FROM version
    WHERE last = latest AND seq >= wired
        AND (last = newest OR lo IS NULL OR seq < lo)
    WINDOW way AS (PARTITION BY chain
        ORDER BY seq, CAST(row_id AS INTEGER), hash, nth)
),
-- `run` plain rows stand before a plain row, as itself.
walk AS MATERIALIZED (
    SELECT rec, ts, hash, nth, app, tenant, chain, seq, mac, prev, mac_says,
        mark, mark_detail, key_id, format, first, last, newest, next,
        iif(even, seq - 1 - seq_before, 0) AS run,
        iif(even, seq - 1, seq_before) AS seq_before,
        iif(even, prev, mac_before) AS mac_before,
        iif(even, last, last_before) AS last_before,
        iif(even, ts, ts_before) AS ts_before,
        iif(even, mac_says, says_before) AS says_before
    FROM (SELECT *, NOT odd AND seq_before < seq - 1 AS even FROM step)
),
gone AS MATERIALIZED (
    SELECT * FROM version WHERE last < newest AND mac IS NOT NULL
        AND (last < latest OR seq >= lo OR lo IS NULL)
),
mark AS MATERIALIZED (
    SELECT app, tenant, seq, ts, rec, mark AS action,
        mark_detail ->> '$.seq' AS from_seq,
        lower(mark_detail ->> '$.mac') AS from_mac,
        coalesce(mark_detail ->> '$.reason', 'no reason given') AS reason
    FROM walk WHERE mark IS NOT NULL AND mac_says = 'verified'
),
-- --- links -------------------------------------------------------------------
suspect AS MATERIALIZED (
    SELECT w.*, w.seq_before IS w.seq AS copy,
        w.last = w.newest AND w.last_before < w.newest AND w.ts_before >= r.start
            AS cut
    FROM walk AS w LEFT JOIN reach AS r ON r.app = w.app
    WHERE w.mac IS NULL OR (w.seq_before IS NULL AND w.prev IS NOT NULL)
        OR (w.seq_before IS NOT NULL AND (w.prev IS NULL
            OR w.prev IS NOT w.mac_before OR w.seq <> w.seq_before + 1
            OR (w.last = w.newest AND w.last_before < w.newest
                AND w.ts_before >= r.start)))
),
-- The row before may be one of several of its number.
held_by_copy AS MATERIALIZED (
    SELECT DISTINCT s.rec FROM suspect AS s CROSS JOIN walk AS o
        ON o.chain = s.chain AND o.seq = s.seq_before AND o.mac = s.prev
),
-- Rows that follow the same row: of the same number, or the first of all.
twin AS MATERIALIZED (
    SELECT DISTINCT s.rec FROM suspect AS s CROSS JOIN walk AS o
        ON o.chain = s.chain AND o.seq = s.seq AND o.prev = s.prev
            AND o.mac <> s.mac
),
eldest AS MATERIALIZED (
    SELECT d.app, r.tenant_id, lower(r.prev_mac) AS prev, min(r.seq) AS seq
    FROM dump_customer_audit_events AS r CROSS JOIN dump AS d ON d.id = r.source
    WHERE lower(r.prev_mac) IN (SELECT prev FROM suspect)
    GROUP BY 1, 2, 3
),
loose AS MATERIALIZED (
    SELECT s.*, h.rec IS NOT NULL AS holds, CASE
        WHEN s.mac IS NULL THEN 'mac_missing'
        WHEN s.copy THEN iif(t.rec IS NULL, 'duplicate_seq', 'fork')
        WHEN s.seq_before IS NULL OR s.cut THEN 'genesis_missing'
        WHEN s.seq > s.seq_before + 1 AND s.last > s.last_before
            AND h.rec IS NULL THEN 'genesis_missing'
        WHEN s.seq > s.seq_before + 1 THEN 'seq_gap'
        ELSE iif(f.seq < s.seq, 'fork', 'prev_mismatch') END AS class
    FROM suspect AS s LEFT JOIN held_by_copy AS h ON h.rec = s.rec
        LEFT JOIN twin AS t ON t.rec = s.rec
        LEFT JOIN eldest AS f ON f.prev = s.prev AND f.app = s.app
            AND coalesce(f.tenant_id, 'unknown') = s.tenant
    WHERE s.mac IS NULL OR s.copy OR s.cut OR h.rec IS NULL
        OR s.seq <> s.seq_before + 1
),
link AS (
    SELECT 'link' AS arm, l.*,
        CASE l.class
        WHEN 'mac_missing' THEN 'no MAC, though a row before has one'
        WHEN 'fork' THEN 'follows the same row as another'
        WHEN 'duplicate_seq' THEN 'the number is there twice'
        WHEN 'genesis_missing' THEN iif(l.cut, 'the rows before are gone, '
            || 'other tenants still have rows of their time',
            'the rows before are in no dump')
        WHEN 'seq_gap' THEN iif(l.holds, 'the link holds, skipped ',
                'missing ') || (l.seq_before + 1)
            || iif(l.seq > l.seq_before + 2, '-' || (l.seq - 1), '')
        ELSE 'follows another row than ' || l.seq_before END
            || coalesce('; explained by chain.reseal: ' || m.reason, '') AS what,
        m.rec IS NOT NULL OR (l.class = 'seq_gap' AND l.holds
            AND l.says_before = 'verified' AND l.mac_says = 'verified') AS mild
    FROM loose AS l LEFT JOIN mark AS m ON m.action = 'chain.reseal'
        AND m.rec = l.rec AND m.from_mac = l.prev
    WHERE NOT (l.class IN ('prev_mismatch', 'fork', 'duplicate_seq')
            AND (l.mac_says = 'mac_mismatch'
                OR (NOT l.copy AND l.says_before = 'mac_mismatch')))
        AND NOT (l.class = 'genesis_missing' AND (
            (l.mac_says = 'mac_mismatch' AND NOT coalesce(l.cut, 0))
            OR EXISTS (SELECT 1 FROM mark AS c
                WHERE c.action = 'chain.checkpoint' AND c.app = l.app
                    AND c.tenant = l.tenant AND c.from_seq = l.seq - 1
                    AND c.from_mac = l.prev)
            OR EXISTS (SELECT 1 FROM head AS h WHERE h.tenant = l.tenant
                    AND h.seq = l.seq - 1 AND h.mac = l.prev)))
),
tenant_sum AS MATERIALIZED (
    SELECT w.chain, w.app, w.tenant, total(1 + w.run) AS n,
        total(iif(w.mac_says = 'verified', 1 + w.run, 0)) AS verified,
        max(w.mac_says IN ('verified', 'mac_mismatch')) AS keyed,
        max(w.first < w.newest) OR EXISTS (SELECT 1 FROM head AS h
            WHERE h.tenant = w.tenant) AS anchored,
        max(w.seq) AS last_seq, max(iif(w.next IS NULL, w.rec, NULL)) AS last_rec
    FROM walk AS w GROUP BY w.chain
),
-- --- anchors: what earlier dumps and heads in site.yml know ------------------
changed AS (
    SELECT w.*, o.last AS dump_nr, o.ts AS ts_gone,
        row_number() OVER (PARTITION BY w.rec ORDER BY o.last DESC, o.hash)
            AS nr
    FROM gone AS o CROSS JOIN walk AS w ON w.chain = o.chain AND w.seq = o.seq
        AND w.last > o.last
    WHERE coalesce(w.mac_says, '') <> 'mac_mismatch' AND (o.mac IS NOT w.mac
        OR (w.mac_says <> 'verified' AND (SELECT coalesce(x.actor_id, ''), coalesce(x.action, ''),
            coalesce(x.detail, ''), x.ts FROM dump_customer_audit_events AS x
            WHERE x.id = w.rec >> 4)
        <> (SELECT coalesce(x.actor_id, ''), coalesce(x.action, ''),
            coalesce(x.detail, ''), x.ts FROM dump_customer_audit_events AS x
            WHERE x.id = o.rec >> 4)))
),
lost AS (
    SELECT g.*, count(*) OVER cut AS n, max(g.seq) OVER cut AS seq_end,
        max(g.ts) OVER cut AS ts_end, max(g.last) OVER cut AS dump_nr,
        row_number() OVER (PARTITION BY g.chain ORDER BY g.seq, g.hash) AS nr
    FROM gone AS g LEFT JOIN reach AS r ON r.app = g.app
    WHERE g.last = g.latest
        AND (g.seq > g.hi OR (g.hi IS NULL AND coalesce(g.ts >= r.start, 1)))
    WINDOW cut AS (PARTITION BY g.chain)
),
taken AS (
    SELECT DISTINCT app, nr, arrived FROM dump
),
anchor AS (
    SELECT c.rec, c.ts, c.hash, c.nth, c.app, c.tenant, c.seq,
        'anchor_mismatch' AS class, 'the dump of '
            || strftime('%Y-%m-%dT%H:%MZ', d.arrived / 1000000, 'unixepoch')
            || ' has another row' AS what,
        (SELECT min(m.reason) FROM mark AS m WHERE m.action = 'chain.reseal'
            AND m.app = c.app AND m.tenant = c.tenant AND m.seq <= c.seq
            AND m.from_seq < c.seq AND m.ts >= c.ts_gone) AS reason
    FROM changed AS c JOIN taken AS d ON d.app = c.app AND d.nr = c.dump_nr
    WHERE c.nr = 1
    UNION ALL
    SELECT l.rec, l.ts, l.hash, l.nth, l.app, l.tenant, l.seq,
        'tail_truncated', 'gone since the dump of '
            || strftime('%Y-%m-%dT%H:%MZ', d.arrived / 1000000, 'unixepoch')
            || ': ' || l.seq || iif(l.seq_end > l.seq, '-' || l.seq_end, ''),
        (SELECT min(m.reason) FROM mark AS m WHERE m.action = 'chain.reseal'
            AND m.app = l.app AND m.tenant = l.tenant AND m.from_seq < l.seq
            AND m.ts >= l.ts_end)
    FROM lost AS l JOIN taken AS d ON d.app = l.app AND d.nr = l.dump_nr
    WHERE l.nr = 1
    UNION ALL
    SELECT w.rec, w.ts, w.hash, w.nth, w.app, w.tenant, w.seq,
        'anchor_mismatch', 'the head in site.yml has another MAC', NULL
    FROM head AS h JOIN walk AS w ON w.tenant = h.tenant AND w.seq = h.seq
    WHERE NOT EXISTS (SELECT 1 FROM walk AS o WHERE o.tenant = h.tenant
        AND o.seq = h.seq AND o.mac = h.mac)
    UNION ALL
    SELECT w.rec, w.ts, w.hash, w.nth, w.app, h.tenant, h.seq,
        'tail_truncated', 'site.yml knows a head at seq ' || h.seq
            || iif(w.tenant = h.tenant, ', the last row is ' || w.seq,
                ', there is no row'), NULL
    FROM head AS h LEFT JOIN tenant_sum AS t ON t.tenant = h.tenant
        JOIN walk AS w ON w.rec = coalesce(t.last_rec, (SELECT o.rec
            FROM walk AS o ORDER BY o.ts DESC, o.hash LIMIT 1))
    WHERE coalesce(t.last_seq < h.seq, 1)
),
key_at_work AS MATERIALIZED (
    SELECT DISTINCT key_id FROM judged WHERE mac_says = 'verified'
),
break AS MATERIALIZED (
    SELECT 'mac' AS arm, rec, ts, hash, nth, app, tenant, seq,
        'mac_mismatch' AS class, 'key ' || key_id
            || iif(last < latest, ', in an earlier dump', '')
            || iif(key_id IN (SELECT key_id FROM key_at_work), '',
                ', under which no row holds: is it the right one?') AS what,
        0 AS mild
    FROM version WHERE mac_says = 'mac_mismatch'
    UNION ALL
    SELECT 'anchor', rec, ts, hash, nth, app, tenant, seq, class,
        what || coalesce('; explained by chain.reseal: ' || reason, ''),
        reason IS NOT NULL
    FROM anchor
    UNION ALL
    SELECT arm, rec, ts, hash, nth, app, tenant, seq, class, what, mild
    FROM link
),
-- --- what holds --------------------------------------------------------------
good AS (
    SELECT w.chain, w.seq, l.rec IS NOT NULL OR lag(w.seq) OVER (
            PARTITION BY w.chain ORDER BY w.seq) IS NOT w.seq - 1 - w.run AS start
    FROM walk AS w CROSS JOIN tenant_sum AS t ON t.chain = w.chain
        LEFT JOIN loose AS l ON l.rec = w.rec
    WHERE w.seq_before IS NOT w.seq AND (w.mac_says = 'verified'
        OR (NOT t.keyed AND w.mac_says <> 'unparsable'))
),
island AS (
    SELECT *, sum(start) OVER (PARTITION BY chain ORDER BY seq) AS nr
    FROM good
),
range AS (
    SELECT chain, nr, min(seq) || iif(max(seq) > min(seq), '-' || max(seq), '')
            AS text,
        count(*) OVER (PARTITION BY chain) AS n
    FROM island GROUP BY chain, nr
),
range_text AS (
    SELECT chain, nr, n, group_concat(text, ', ') OVER (
            PARTITION BY chain ORDER BY nr)
        || iif(n > 5, ' and ' || (n - 5) || ' more', '') AS text
    FROM range WHERE nr <= 5
),
tenant_text AS MATERIALIZED (
    SELECT t.app, t.tenant, t.n, t.verified, CASE WHEN NOT t.keyed THEN 'L0'
            WHEN t.anchored THEN 'L2' ELSE 'L1' END AS level,
        coalesce(r.text, 'none') AS ranges,
        row_number() OVER (ORDER BY t.app, t.tenant) AS nr
    FROM tenant_sum AS t LEFT JOIN range_text AS r ON r.chain = t.chain
        AND r.nr = min(r.n, 5)
),
tenant_list AS (
    SELECT nr, group_concat(tenant || ' ' || ranges, '; ') OVER (ORDER BY nr)
        AS text
    FROM tenant_text WHERE nr <= 4
),
whole AS MATERIALIZED (
    SELECT min(level) AS level, total(n) AS n, count(*) AS tenants,
        printf('%s%d rows of %d tenant%s (%s%s)', iif(min(level) = 'L0', '',
            printf('%d of ', total(verified))), total(n), count(*), iif(count(*) > 1, 's', ''),
            (SELECT text FROM tenant_list ORDER BY nr DESC LIMIT 1),
            iif(count(*) > 4, ' and ' || (count(*) - 4) || ' more', ''))
            AS text,
        coalesce((SELECT '; others can read the key file of '
            || min(id) FROM key_file WHERE loose AND fault IS NULL), '') AS warning
    FROM tenant_text
),
-- --- what cannot be verified -------------------------------------------------
-- Once some chain of an app has begun, rows that are in none are odd.
begun AS MATERIALIZED (
    SELECT n.app, (SELECT r.ts FROM dump_customer_audit_events AS r
        WHERE r.mac <> '' AND (SELECT app FROM dump WHERE id = r.source) = n.app
        ORDER BY r.ts LIMIT 1) AS ts
    FROM newest AS n
),
doubt AS (
    SELECT CASE
            WHEN j.mac_says = 'unknown_key' THEN 'unknown_key '
                || coalesce(j.key_id, 'NULL')
                || coalesce(' (' || k.fault || ')', '')
            WHEN j.mac_says = 'unknown_version' THEN 'unknown_version '
                || coalesce(j.format, 'NULL')
            WHEN j.mac_says = 'null_ambiguous' THEN 'null_ambiguous (holds with '
                || 'NULL and the empty text exchanged)'
            ELSE j.mac_says END AS class,
        total(1 + coalesce(w.run, 0)) AS n, min(c.tenant) AS tenant
    FROM judged AS j CROSS JOIN chain AS c ON c.nr = j.chain
        LEFT JOIN walk AS w ON w.rec = j.rec
        LEFT JOIN key_file AS k ON k.id = j.key_id
    WHERE j.mac_says IN ('unknown_key', 'unknown_version', 'null_ambiguous',
            'unparsable')
    GROUP BY 1
    UNION ALL
    SELECT 'no MAC', count(*), min(c.tenant)
    FROM chain AS c CROSS JOIN begun AS b ON b.app = c.app
        CROSS JOIN dump_customer_audit_events AS r ON r.tenant_id IS c.tenant_id
            AND (SELECT app FROM dump WHERE id = r.source) = c.app
    WHERE coalesce(r.mac, '') = '' AND (c.wired IS NULL OR r.seq IS NULL)
        AND r.ts >= b.ts
    HAVING count(*) > 0
),
doubt_list AS (
    SELECT row_number() OVER (ORDER BY class) AS nr, group_concat(
        printf('%s: %d row%s of %s', class, n, iif(n > 1, 's', ''), tenant),
        '; ') OVER (ORDER BY class) AS text
    FROM doubt
),
verdict AS (
    SELECT 'mac' AS arm, 'CANNOT_VERIFY' AS result, 'L0, structure only, no '
        || 'evidence against tampering: site.yml names no key (audit_chain); '
        || 'linked ' || text AS note
    FROM whole, ring WHERE ring.format IS NULL AND n > 0
    UNION ALL
    SELECT 'mac', 'CANNOT_VERIFY', level || ': ' || (SELECT text
        FROM doubt_list ORDER BY nr DESC LIMIT 1)
        || iif(level = 'L0', '; linked: ', '; verified: ') || text || warning
    FROM whole WHERE EXISTS (SELECT 1 FROM doubt)
    UNION ALL
    SELECT 'mac', 'CLEAR', level || ': verified ' || text || warning
    FROM whole WHERE n > 0 AND level > 'L0'
    UNION ALL
    SELECT 'anchor', 'INSUFFICIENT_DATA', level || ': have 1 dump of the chain '
        || 'and no head in site.yml, need 2 or a head: a cut tail would not be '
        || 'seen; ' || iif(level = 'L0', 'linked: ', 'verified: ') || text
    FROM whole WHERE n > 0 AND NOT EXISTS (SELECT 1 FROM newest WHERE nr > 1)
        AND NOT EXISTS (SELECT 1 FROM head)
    UNION ALL
    SELECT a.column1, 'INSUFFICIENT_DATA', 'have 0 rows with a MAC, need 1'
    FROM whole, (VALUES ('mac'), ('anchor'), ('link')) AS a WHERE n = 0
)
SELECT b.arm, b.tenant AS key, b.ts, b.rec, b.hash, b.nth,
    row_number() OVER (PARTITION BY b.arm, b.tenant ORDER BY b.ts, b.hash, b.nth)
        AS metric,
    1 AS fire, printf('seq %d: %s: %s; %d break%s, the first at seq %d; %s, '
        || '%s: %s', b.seq, b.class, b.what, count(*) OVER of_tenant,
        iif(count(*) OVER of_tenant > 1, 's', ''), min(b.seq) OVER of_tenant,
        coalesce(t.level, 'L0'), iif(t.level > 'L0', 'verified', 'linked'),
        coalesce(t.ranges, 'none')) AS note,
    iif(b.mild, 'low', NULL) AS level, NULL AS result
FROM break AS b LEFT JOIN tenant_text AS t
    ON t.app = b.app AND t.tenant = b.tenant
WINDOW of_tenant AS (PARTITION BY b.app, b.tenant)
UNION ALL
SELECT arm, NULL, NULL, NULL, NULL, NULL, NULL, NULL, note, NULL, result
FROM verdict
