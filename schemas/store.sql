-- The store of raxx: one SQLite file. Base tables hold integers and dictionary
-- numbers, so that they are small and fast to write; the views below them are
-- what people and rules read. application_id and user_version are set by the
-- program, which refuses a file whose schema is not exactly this text.
--
-- Column types: ANY columns marked "text" hold a dictionary number (str.id) or
-- the text itself, of one that is not short the first time it comes and of any
-- when the dictionary is full; "address" columns hold an IPv4 address as an
-- integer of 32 bits, below 0 from 128.0.0.0 on, or the first 8 bytes of an IPv6
-- address.
-- Columns that are mostly NULL come last: a row does not hold those at its end.

-- One row per input. read = stored + duplicates + rejected + blank, always.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,        -- BLAKE3 of the bytes as they were read
    name TEXT NOT NULL,          -- as given on the command line; '-' is stdin
    format TEXT NOT NULL,        -- row of the format table, e.g. 'heroku-text'
    form TEXT NOT NULL,          -- 'pull', 'drain', 'stream' or 'dump'
    app TEXT,                    -- from --app or the file name
    dump TEXT,                   -- table name of a dump
    arrived INTEGER NOT NULL,    -- when it was taken: name, --taken-at, mtime
    bytes INTEGER NOT NULL,      -- decoded bytes read
    read INTEGER NOT NULL,       -- lines, frames or rows
    stored INTEGER NOT NULL,     -- records whose home is this input
    duplicates INTEGER NOT NULL, -- held by an input that arrived earlier
    rejected INTEGER NOT NULL,
    blank INTEGER NOT NULL,
    damaged TEXT,                -- why the input ended early, e.g. a cut gzip
    notes TEXT NOT NULL DEFAULT '{}', -- JSON: oddities counted, by name
    size INTEGER,                -- bytes as they were read; NULL: not known
    first INTEGER NOT NULL,      -- a multiple of 64 before the ids of its records
    UNIQUE (digest, app, arrived) -- of logs one; of dumps one for each time of taking
) STRICT;

-- The dictionary: every string once. One that no row uses any more may stay.
CREATE TABLE str (
    id INTEGER PRIMARY KEY,
    s TEXT NOT NULL
) STRICT;

-- Forms of messages of the app: %s stands for a value of the row, %% for %.
CREATE TABLE form (
    id INTEGER PRIMARY KEY,
    s TEXT NOT NULL
) STRICT;

-- What many requests have alike; of a row of request_row.
CREATE TABLE shape (
    id INTEGER PRIMARY KEY,
    at INTEGER,          -- str: info, warning, error
    method INTEGER,      -- str
    host ANY,            -- text
    dyno INTEGER,        -- str
    protocol INTEGER,    -- str
    tls INTEGER,         -- 0, 1
    flags INTEGER NOT NULL, -- 1 repeated keys (forged?), 2 fwd has a left part
    tls_version INTEGER  -- str
) STRICT;

-- HTTP requests as Heroku's router logged them. The view request has them whole.
CREATE TABLE request_row (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER,           -- in that input, from 1; NULL: id - source.first
    byte INTEGER NOT NULL,  -- where it starts there; behind stretch.byte without line
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    shape INTEGER,       -- shape.id; NULL: the last columns have it
    path ANY,            -- text, as received, secrets replaced
    request_id ANY,      -- 16 bytes when a lower-case uuid, else text
    client ANY,          -- address: rightmost untrusted of fwd; NULL unknown
    connect_ms INTEGER,
    service_ms INTEGER,
    status INTEGER,
    bytes INTEGER,
    fwd ANY,             -- text; NULL when it is the IPv4 client alone
    path_decoded ANY,    -- text: percent-decoded once; NULL when that is equal
    token INTEGER,       -- str: keyed hash of the path's secret segment
    token_shape INTEGER, -- str: length, character classes, trailing number
    token_parts INTEGER, -- str: keyed hashes of the token's thirds, of its
                         -- first 8 bytes, of it without its trailing number
    token_core INTEGER,  -- str: keyed hash of the token without what a mail
                         -- program glued to it; NULL when that is equal
    code INTEGER,        -- str: H12 ...
    description INTEGER, -- str
    sock INTEGER,        -- str: backend, client
    cause INTEGER,       -- str
    extra TEXT,          -- JSON: keys of rare lines: agent (H31), queue, wait
    joined INTEGER,      -- str: why several lines are one message
    lines INTEGER,       -- how many lines, this one included
    at INTEGER,          -- as in shape, when there are too many of them
    method INTEGER,
    host ANY,
    dyno INTEGER,
    protocol INTEGER,
    tls INTEGER,
    flags INTEGER,
    tls_version INTEGER
) STRICT;

-- Access lines of gunicorn, uvicorn, nginx: what the router does not log.
CREATE TABLE access (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER,           -- in that input, from 1; NULL: id - source.first
    byte INTEGER NOT NULL,  -- where it starts there; behind stretch.byte without line
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL, -- str: 'app[web.1]'
    method INTEGER,
    path ANY,
    peer ANY,            -- address: often Heroku's internal router
    peer_port INTEGER,   -- 0: the address came out of a header (uvicorn)
    status INTEGER,
    bytes INTEGER,
    protocol INTEGER,
    user_agent ANY,      -- text
    referer ANY,         -- text
    host ANY,
    path_decoded ANY,    -- text: percent-decoded once; NULL when that is equal
    request_id ANY,      -- 16 bytes when a lower-case uuid, else text
    token INTEGER,       -- str
    extra TEXT,          -- JSON: values that are no numbers
    joined INTEGER,      -- str: why several lines are one message
    lines INTEGER        -- how many lines, this one included
) STRICT;

-- Every other line of the app.
CREATE TABLE app (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER,           -- in that input, from 1; NULL: id - source.first
    byte INTEGER NOT NULL,  -- where it starts there; behind stretch.byte without line
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL,
    payload INTEGER NOT NULL, -- 0 text, 1 JSON, 2 logfmt, 3 a logger's line,
                         -- 4 Python traceback, 5 Postgres server line
    form INTEGER,        -- form.id: of the message, when it is apart
    level INTEGER,       -- str, lower case
    fields_form INTEGER, -- form.id: of the fields, of the same values
    request_id ANY,
    client ANY,          -- address the app itself saw
    v1 ANY,              -- values of the form, see the view app_text: integer
                         -- and text are themselves; real: a time; blob: of no
                         -- byte request_id, of one client, of 16 a uuid, else
                         -- hexadecimal
    v2 ANY,
    v3 ANY,
    v4 ANY,
    v5 ANY,
    v6 ANY,
    v7 ANY,
    v8 ANY,
    v9 ANY,
    v10 ANY,
    v11 ANY,
    v12 ANY,
    v13 ANY,
    v14 ANY,
    v15 ANY,
    v16 ANY,
    message ANY,         -- the payload as it was, secrets replaced; NULL when
                         -- it is apart
    event INTEGER,       -- str: evt of the payload
    fields TEXT,         -- what the text says, as JSON; of JSON see message,
                         -- unless odd bytes in there had to be escaped
    logger INTEGER,      -- str
    outcome INTEGER,     -- str
    version INTEGER,     -- str
    user_agent ANY,      -- text
    method INTEGER,      -- str
    id_h INTEGER,        -- str: keyed hashes made by the app
    user_h INTEGER,
    token_h INTEGER,
    screen INTEGER,      -- str
    known INTEGER,       -- 0, 1
    ok INTEGER,          -- 0, 1
    joined INTEGER,      -- str: why several lines are one message: split,
                         -- chunk, traceback, continued; the others are parts
    lines INTEGER        -- how many lines, this one included
) STRICT;

-- State changes, exits, scale, release, deploy, config names, R codes.
CREATE TABLE platform (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER,           -- in that input, from 1; NULL: id - source.first
    byte INTEGER NOT NULL,  -- where it starts there; behind stretch.byte without line
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL,
    event INTEGER NOT NULL, -- str: state, start, exit, release, scale ...
    message ANY NOT NULL, -- text
    code INTEGER,        -- str: R14 ...
    actor INTEGER,       -- str: user or add-on
    version INTEGER,     -- release number
    status INTEGER,      -- exit status
    from_state INTEGER,  -- str
    to_state INTEGER,    -- str
    subject ANY,         -- text: what was scaled, set, started, attached
    megabytes REAL,      -- memory in use, of event 'memory'
    percent REAL,        -- of the memory quota
    joined INTEGER,      -- str: why several lines are one message
    lines INTEGER        -- how many lines, this one included
) STRICT;

-- Samples of runtime metrics, Postgres, Redis; one row per line.
CREATE TABLE metric (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER,           -- in that input, from 1; NULL: id - source.first
    byte INTEGER NOT NULL,  -- where it starts there; behind stretch.byte without line
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL,
    subject INTEGER,     -- str: the line's source=, e.g. web.1, DATABASE
    names INTEGER,       -- str: JSON: [[name, 0, unit], ...], with a fourth
                         -- item if it is no sample: measure, count, tag
    samples TEXT NOT NULL, -- JSON: their values in that order; without names
                         -- all of it: [[name, value, unit], ...]
    instance INTEGER,    -- str: the line's dyno=, which run of the dyno
    addon INTEGER,       -- str
    extra TEXT,          -- what else the line says, secrets replaced
    joined INTEGER,      -- str: why several lines are one message
    lines INTEGER        -- how many lines, this one included
) STRICT;

-- Heroku's own notices that lines were lost.
CREATE TABLE loss (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL,
    code INTEGER NOT NULL, -- str: L10 ...
    lost INTEGER,        -- messages; NULL when the notice gives no number
    since INTEGER,       -- microseconds UTC; NULL when not given
    scope INTEGER NOT NULL, -- str: drain, tail, dyno
    drain INTEGER,       -- str: drain token the notice names
    message ANY NOT NULL, -- text
    joined INTEGER,      -- str: why several lines are one message
    lines INTEGER        -- how many lines, this one included
) STRICT;

-- Lines that are part of the message of another line's record: a traceback, a
-- line that Heroku cut at 10,000 bytes. Their text is in that record.
CREATE TABLE part (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    origin INTEGER NOT NULL,
    head TEXT NOT NULL,      -- hash of the head's record, hexadecimal
    joined INTEGER NOT NULL, -- str: why it is a part
    place INTEGER NOT NULL,  -- its place in the message, from 2
    lines INTEGER NOT NULL   -- how many lines of the message from this one on
) STRICT;

-- Rows of dumps. `line` counts physical lines, so a quoted newline is seen.
-- `extra` is a JSON object of the columns raxx does not know.
CREATE TABLE dump_waitlist_signups (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    row_id TEXT,
    email TEXT,
    origin TEXT,
    ip TEXT,
    user_agent TEXT,
    referrer TEXT,
    confirmed_at INTEGER,
    extra TEXT
) STRICT;

CREATE TABLE dump_console_audit_events (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    seq INTEGER,
    actor_id TEXT,
    actor_role TEXT,
    actor_tenant_id TEXT,
    action TEXT,
    resource_type TEXT,
    resource_id TEXT,
    resource_tenant_id TEXT,
    outcome TEXT,
    reason TEXT,
    ip TEXT,
    request_id TEXT,
    extra TEXT
) STRICT;

CREATE TABLE dump_customer_audit_events (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    row_id TEXT,
    seq INTEGER,
    tenant_id TEXT,
    actor_id TEXT,
    action TEXT,
    detail TEXT,         -- exact where there is a mac, else without secrets
    key_id TEXT,
    prev_mac TEXT,
    mac TEXT,
    extra TEXT
) STRICT;

CREATE TABLE dump_pg_stat_statements (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    server_version TEXT,
    stats_reset INTEGER,
    dealloc INTEGER,
    userid TEXT,
    dbid TEXT,
    toplevel INTEGER,
    queryid TEXT,
    query TEXT,
    calls INTEGER,
    total_exec_time REAL,
    min_exec_time REAL,
    max_exec_time REAL,
    mean_exec_time REAL,
    stddev_exec_time REAL,
    rows INTEGER,
    extra TEXT
) STRICT;

-- Any other dump; its view is csv_NAME, made when the first one is loaded.
CREATE TABLE dump_row (
    id INTEGER PRIMARY KEY, -- order of loading, see stretch
    ts INTEGER NOT NULL,    -- event time, microseconds UTC
    source INTEGER NOT NULL, -- source.id: the earliest arrived input that holds it
    line INTEGER NOT NULL,  -- line (or frame, or row) in that input, from 1
    byte INTEGER NOT NULL,  -- where it starts in the decoded input
    hash INTEGER NOT NULL,  -- content hash of (time, origin, trimmed message)
    nth INTEGER NOT NULL,   -- 1; the n-th real repeat of equal content
    dump INTEGER NOT NULL, -- str: table name
    fields TEXT NOT NULL -- JSON object in column order
) STRICT;

-- Ids of records are numbers over all tables of them: source.first + line, or, out
-- of order, the next that is free. So a range of ids is a piece of one input, and
-- one of 64 tells what an index on ts would, at a fiftieth of its size: rows of a
-- time are in those whose start and stop hold it.
CREATE TABLE stretch (
    id INTEGER PRIMARY KEY, -- a multiple of 64; of records with the ids to id + 63
    byte INTEGER NOT NULL,  -- where the one that was first read starts
    start INTEGER NOT NULL, -- earliest ts of them
    stop INTEGER NOT NULL   -- latest
) STRICT;

-- Places of a record in inputs other than its home. rec as in the views.
CREATE TABLE also (
    rec INTEGER NOT NULL,
    source INTEGER NOT NULL,
    line INTEGER NOT NULL,
    byte INTEGER NOT NULL,
    PRIMARY KEY (rec, source)
) STRICT, WITHOUT ROWID;

-- What could not be understood, with its place and bytes (secrets replaced).
CREATE TABLE reject (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    line INTEGER NOT NULL,
    byte INTEGER NOT NULL,
    length INTEGER NOT NULL, -- bytes it had; `bytes` may hold only its ends
    reason TEXT NOT NULL,    -- code, e.g. 'no-header', 'bad-time'
    detail TEXT NOT NULL,    -- value and what was expected
    bytes BLOB NOT NULL
) STRICT;

-- Time an input vouches for: lines of this span would be in it.
CREATE TABLE span (
    source INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    head_cut INTEGER NOT NULL -- 1: as many as a pull holds: there was more before
) STRICT;

-- A hole between two successive pulls of an app that share no line.
CREATE TABLE hole (
    app TEXT,
    before INTEGER NOT NULL, -- source.id of the earlier pull
    after INTEGER NOT NULL,  -- source.id of the later pull
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    need_lines INTEGER,      -- pull size that would have closed it (estimate)
    need_us INTEGER          -- pull interval that would have closed it
) STRICT;

-- Recorded runs (raxx-eval --record). body: the NDJSON record.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    now INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE verdict (
    run INTEGER NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    result TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    run INTEGER NOT NULL,
    id TEXT NOT NULL,
    rule TEXT NOT NULL,
    arm TEXT NOT NULL,
    key TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE baseline (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    arm TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    status TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE INDEX dump_customer_audit_events_ts ON dump_customer_audit_events (ts);
CREATE INDEX dump_customer_audit_events_chain
    ON dump_customer_audit_events (tenant_id, seq);
CREATE INDEX span_source ON span (source);
CREATE INDEX reject_source ON reject (source);
CREATE INDEX also_source ON also (source);

-- How much of each log was understood: neither rejected nor kept as mere text.
CREATE VIEW understood AS SELECT
    id AS source_id,
    name,
    app,
    arrived,
    digest,
    read - blank AS lines,
    read - blank - rejected - coalesce(notes ->> '$.untyped', 0) AS understood
FROM source WHERE form <> 'dump';

-- Inputs of which over 10 points less was understood than of all inputs of the
-- app that arrived before: Heroku or the app writes in a new form. Both sides
-- must have 100 lines.
CREATE VIEW parser_drift AS SELECT
    s.source_id,
    s.name,
    s.app,
    s.lines,
    100.0 * s.understood / s.lines AS share,
    100.0 * sum(b.understood) / sum(b.lines) AS share_before
FROM understood AS s JOIN understood AS b
    ON b.app IS s.app AND (b.arrived, b.digest) < (s.arrived, s.digest)
WHERE s.lines >= 100
GROUP BY s.source_id
HAVING sum(b.lines) >= 100
    AND 100.0 * sum(b.understood) / sum(b.lines) - 100.0 * s.understood / s.lines > 10;

-- Views: what people and rules read. rec names a record over all kinds
-- (id * 16 + kind, see store/kind.h); time is ts as text.

-- Requests whole.
CREATE VIEW request AS SELECT
    r.id,
    r.ts,
    r.source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth,
    iif(r.shape IS NULL, r.at, (SELECT at FROM shape WHERE id = r.shape)) AS at,
    iif(r.shape IS NULL, r.method, (SELECT method FROM shape WHERE id = r.shape)) AS method,
    r.path,
    iif(r.shape IS NULL, r.host, (SELECT host FROM shape WHERE id = r.shape)) AS host,
    r.request_id,
    r.client,
    iif(r.shape IS NULL, r.dyno, (SELECT dyno FROM shape WHERE id = r.shape)) AS dyno,
    r.connect_ms,
    r.service_ms,
    r.status,
    r.bytes,
    iif(r.shape IS NULL, r.protocol, (SELECT protocol FROM shape WHERE id = r.shape)) AS protocol,
    iif(r.shape IS NULL, r.tls, (SELECT tls FROM shape WHERE id = r.shape)) AS tls,
    iif(r.shape IS NULL, r.flags, (SELECT flags FROM shape WHERE id = r.shape)) AS flags,
    iif(r.shape IS NULL, r.tls_version, (SELECT tls_version FROM shape WHERE id = r.shape)) AS tls_version,
    r.fwd,
    r.path_decoded,
    r.token,
    r.token_shape,
    r.token_parts,
    r.token_core,
    r.code,
    r.description,
    r.sock,
    r.cause,
    r.extra,
    r.joined,
    r.lines
FROM request_row AS r;

CREATE VIEW requests AS SELECT
    r.id * 16 + 1 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.at) AS at,
    (SELECT s FROM str WHERE id = r.code) AS code,
    (SELECT s FROM str WHERE id = r.description) AS description,
    (SELECT s FROM str WHERE id = r.sock) AS sock,
    (SELECT s FROM str WHERE id = r.cause) AS cause,
    (SELECT s FROM str WHERE id = r.method) AS method,
    CASE typeof(r.path) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.path) ELSE r.path END AS path,
    CASE typeof(coalesce(r.path_decoded, r.path)) WHEN 'integer' THEN (SELECT s FROM str WHERE id = coalesce(r.path_decoded, r.path)) ELSE coalesce(r.path_decoded, r.path) END AS path_decoded,
    CASE typeof(r.host) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.host) ELSE r.host END AS host,
    CASE typeof(r.request_id) WHEN 'blob' THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4)
         || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) ELSE r.request_id END AS request_id,
    CASE typeof(r.client) WHEN 'integer' THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255)
         WHEN 'blob' THEN coalesce(nullif(ltrim(lower(substr(hex(r.client), 1, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 5, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 9, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 13, 4)), '0'), ''), '0') || '::/64' END AS client,
    CASE typeof(r.fwd) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.fwd)
         WHEN 'text' THEN r.fwd
         ELSE CASE typeof(r.client) WHEN 'integer' THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) END
         END AS fwd,
    (SELECT s FROM str WHERE id = r.dyno) AS dyno,
    r.connect_ms,
    r.service_ms,
    r.status,
    r.bytes,
    (SELECT s FROM str WHERE id = r.protocol) AS protocol,
    r.tls,
    (SELECT s FROM str WHERE id = r.tls_version) AS tls_version,
    r.extra,
    r.flags,
    r.flags & 1 AS ambiguous,
    r.flags >> 1 & 1 AS xff_prefix_present,
    (SELECT s FROM str WHERE id = r.token) AS token,
    (SELECT s FROM str WHERE id = r.token_shape) AS token_shape,
    (SELECT s FROM str WHERE id = r.token_parts) AS token_parts,
    (SELECT s FROM str WHERE id = r.token_core) AS token_core,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM request AS r;

CREATE VIEW access_lines AS SELECT
    r.id * 16 + 2 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    (SELECT s FROM str WHERE id = r.method) AS method,
    CASE typeof(r.path) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.path) ELSE r.path END AS path,
    CASE typeof(coalesce(r.path_decoded, r.path)) WHEN 'integer' THEN (SELECT s FROM str WHERE id = coalesce(r.path_decoded, r.path)) ELSE coalesce(r.path_decoded, r.path) END AS path_decoded,
    CASE typeof(r.host) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.host) ELSE r.host END AS host,
    CASE typeof(r.peer) WHEN 'integer' THEN (r.peer >> 24 & 255) || '.' || (r.peer >> 16 & 255) || '.' || (r.peer >> 8 & 255) || '.' || (r.peer & 255)
         WHEN 'blob' THEN coalesce(nullif(ltrim(lower(substr(hex(r.peer), 1, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.peer), 5, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.peer), 9, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.peer), 13, 4)), '0'), ''), '0') || '::/64' END AS peer,
    r.peer_port,
    r.status,
    r.bytes,
    (SELECT s FROM str WHERE id = r.protocol) AS protocol,
    CASE typeof(r.referer) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.referer) ELSE r.referer END AS referer,
    CASE typeof(r.user_agent) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.user_agent) ELSE r.user_agent END AS user_agent,
    (SELECT s FROM str WHERE id = r.token) AS token,
    CASE typeof(r.request_id) WHEN 'blob' THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4)
         || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) ELSE r.request_id END AS request_id,
    r.extra,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth
FROM access AS r;

-- The table app with its messages whole.
CREATE VIEW app_text AS SELECT
    r.id,
    r.ts,
    r.source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth,
    r.origin,
    r.payload,
    r.level,
    r.request_id,
    r.client,
    CASE WHEN r.form IS NULL THEN r.message ELSE format((SELECT s FROM form WHERE id = r.form),
        CASE WHEN r.v1 IS NULL THEN '' WHEN typeof(r.v1) = 'blob' THEN CASE length(r.v1) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v1), 1, 8) || '-' || substr(hex(r.v1), 9, 4) || '-' || substr(hex(r.v1), 13, 4) || '-' || substr(hex(r.v1), 17, 4) || '-' || substr(hex(r.v1), 21)) ELSE lower(hex(r.v1)) END WHEN typeof(r.v1) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v1, 'unixepoch') ELSE r.v1 END,
        CASE WHEN r.v2 IS NULL THEN '' WHEN typeof(r.v2) = 'blob' THEN CASE length(r.v2) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v2), 1, 8) || '-' || substr(hex(r.v2), 9, 4) || '-' || substr(hex(r.v2), 13, 4) || '-' || substr(hex(r.v2), 17, 4) || '-' || substr(hex(r.v2), 21)) ELSE lower(hex(r.v2)) END WHEN typeof(r.v2) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v2, 'unixepoch') ELSE r.v2 END,
        CASE WHEN r.v3 IS NULL THEN '' WHEN typeof(r.v3) = 'blob' THEN CASE length(r.v3) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v3), 1, 8) || '-' || substr(hex(r.v3), 9, 4) || '-' || substr(hex(r.v3), 13, 4) || '-' || substr(hex(r.v3), 17, 4) || '-' || substr(hex(r.v3), 21)) ELSE lower(hex(r.v3)) END WHEN typeof(r.v3) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v3, 'unixepoch') ELSE r.v3 END,
        CASE WHEN r.v4 IS NULL THEN '' WHEN typeof(r.v4) = 'blob' THEN CASE length(r.v4) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v4), 1, 8) || '-' || substr(hex(r.v4), 9, 4) || '-' || substr(hex(r.v4), 13, 4) || '-' || substr(hex(r.v4), 17, 4) || '-' || substr(hex(r.v4), 21)) ELSE lower(hex(r.v4)) END WHEN typeof(r.v4) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v4, 'unixepoch') ELSE r.v4 END,
        CASE WHEN r.v5 IS NULL THEN '' WHEN typeof(r.v5) = 'blob' THEN CASE length(r.v5) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v5), 1, 8) || '-' || substr(hex(r.v5), 9, 4) || '-' || substr(hex(r.v5), 13, 4) || '-' || substr(hex(r.v5), 17, 4) || '-' || substr(hex(r.v5), 21)) ELSE lower(hex(r.v5)) END WHEN typeof(r.v5) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v5, 'unixepoch') ELSE r.v5 END,
        CASE WHEN r.v6 IS NULL THEN '' WHEN typeof(r.v6) = 'blob' THEN CASE length(r.v6) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v6), 1, 8) || '-' || substr(hex(r.v6), 9, 4) || '-' || substr(hex(r.v6), 13, 4) || '-' || substr(hex(r.v6), 17, 4) || '-' || substr(hex(r.v6), 21)) ELSE lower(hex(r.v6)) END WHEN typeof(r.v6) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v6, 'unixepoch') ELSE r.v6 END,
        CASE WHEN r.v7 IS NULL THEN '' WHEN typeof(r.v7) = 'blob' THEN CASE length(r.v7) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v7), 1, 8) || '-' || substr(hex(r.v7), 9, 4) || '-' || substr(hex(r.v7), 13, 4) || '-' || substr(hex(r.v7), 17, 4) || '-' || substr(hex(r.v7), 21)) ELSE lower(hex(r.v7)) END WHEN typeof(r.v7) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v7, 'unixepoch') ELSE r.v7 END,
        CASE WHEN r.v8 IS NULL THEN '' WHEN typeof(r.v8) = 'blob' THEN CASE length(r.v8) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v8), 1, 8) || '-' || substr(hex(r.v8), 9, 4) || '-' || substr(hex(r.v8), 13, 4) || '-' || substr(hex(r.v8), 17, 4) || '-' || substr(hex(r.v8), 21)) ELSE lower(hex(r.v8)) END WHEN typeof(r.v8) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v8, 'unixepoch') ELSE r.v8 END,
        CASE WHEN r.v9 IS NULL THEN '' WHEN typeof(r.v9) = 'blob' THEN CASE length(r.v9) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v9), 1, 8) || '-' || substr(hex(r.v9), 9, 4) || '-' || substr(hex(r.v9), 13, 4) || '-' || substr(hex(r.v9), 17, 4) || '-' || substr(hex(r.v9), 21)) ELSE lower(hex(r.v9)) END WHEN typeof(r.v9) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v9, 'unixepoch') ELSE r.v9 END,
        CASE WHEN r.v10 IS NULL THEN '' WHEN typeof(r.v10) = 'blob' THEN CASE length(r.v10) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v10), 1, 8) || '-' || substr(hex(r.v10), 9, 4) || '-' || substr(hex(r.v10), 13, 4) || '-' || substr(hex(r.v10), 17, 4) || '-' || substr(hex(r.v10), 21)) ELSE lower(hex(r.v10)) END WHEN typeof(r.v10) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v10, 'unixepoch') ELSE r.v10 END,
        CASE WHEN r.v11 IS NULL THEN '' WHEN typeof(r.v11) = 'blob' THEN CASE length(r.v11) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v11), 1, 8) || '-' || substr(hex(r.v11), 9, 4) || '-' || substr(hex(r.v11), 13, 4) || '-' || substr(hex(r.v11), 17, 4) || '-' || substr(hex(r.v11), 21)) ELSE lower(hex(r.v11)) END WHEN typeof(r.v11) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v11, 'unixepoch') ELSE r.v11 END,
        CASE WHEN r.v12 IS NULL THEN '' WHEN typeof(r.v12) = 'blob' THEN CASE length(r.v12) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v12), 1, 8) || '-' || substr(hex(r.v12), 9, 4) || '-' || substr(hex(r.v12), 13, 4) || '-' || substr(hex(r.v12), 17, 4) || '-' || substr(hex(r.v12), 21)) ELSE lower(hex(r.v12)) END WHEN typeof(r.v12) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v12, 'unixepoch') ELSE r.v12 END,
        CASE WHEN r.v13 IS NULL THEN '' WHEN typeof(r.v13) = 'blob' THEN CASE length(r.v13) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v13), 1, 8) || '-' || substr(hex(r.v13), 9, 4) || '-' || substr(hex(r.v13), 13, 4) || '-' || substr(hex(r.v13), 17, 4) || '-' || substr(hex(r.v13), 21)) ELSE lower(hex(r.v13)) END WHEN typeof(r.v13) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v13, 'unixepoch') ELSE r.v13 END,
        CASE WHEN r.v14 IS NULL THEN '' WHEN typeof(r.v14) = 'blob' THEN CASE length(r.v14) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v14), 1, 8) || '-' || substr(hex(r.v14), 9, 4) || '-' || substr(hex(r.v14), 13, 4) || '-' || substr(hex(r.v14), 17, 4) || '-' || substr(hex(r.v14), 21)) ELSE lower(hex(r.v14)) END WHEN typeof(r.v14) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v14, 'unixepoch') ELSE r.v14 END,
        CASE WHEN r.v15 IS NULL THEN '' WHEN typeof(r.v15) = 'blob' THEN CASE length(r.v15) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v15), 1, 8) || '-' || substr(hex(r.v15), 9, 4) || '-' || substr(hex(r.v15), 13, 4) || '-' || substr(hex(r.v15), 17, 4) || '-' || substr(hex(r.v15), 21)) ELSE lower(hex(r.v15)) END WHEN typeof(r.v15) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v15, 'unixepoch') ELSE r.v15 END,
        CASE WHEN r.v16 IS NULL THEN '' WHEN typeof(r.v16) = 'blob' THEN CASE length(r.v16) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v16), 1, 8) || '-' || substr(hex(r.v16), 9, 4) || '-' || substr(hex(r.v16), 13, 4) || '-' || substr(hex(r.v16), 17, 4) || '-' || substr(hex(r.v16), 21)) ELSE lower(hex(r.v16)) END WHEN typeof(r.v16) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v16, 'unixepoch') ELSE r.v16 END) END AS message,
    r.event,
    CASE WHEN r.fields_form IS NULL THEN r.fields ELSE format((SELECT s FROM form WHERE id = r.fields_form),
        CASE WHEN r.v1 IS NULL THEN '' WHEN typeof(r.v1) = 'blob' THEN CASE length(r.v1) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v1), 1, 8) || '-' || substr(hex(r.v1), 9, 4) || '-' || substr(hex(r.v1), 13, 4) || '-' || substr(hex(r.v1), 17, 4) || '-' || substr(hex(r.v1), 21)) ELSE lower(hex(r.v1)) END WHEN typeof(r.v1) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v1, 'unixepoch') ELSE r.v1 END,
        CASE WHEN r.v2 IS NULL THEN '' WHEN typeof(r.v2) = 'blob' THEN CASE length(r.v2) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v2), 1, 8) || '-' || substr(hex(r.v2), 9, 4) || '-' || substr(hex(r.v2), 13, 4) || '-' || substr(hex(r.v2), 17, 4) || '-' || substr(hex(r.v2), 21)) ELSE lower(hex(r.v2)) END WHEN typeof(r.v2) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v2, 'unixepoch') ELSE r.v2 END,
        CASE WHEN r.v3 IS NULL THEN '' WHEN typeof(r.v3) = 'blob' THEN CASE length(r.v3) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v3), 1, 8) || '-' || substr(hex(r.v3), 9, 4) || '-' || substr(hex(r.v3), 13, 4) || '-' || substr(hex(r.v3), 17, 4) || '-' || substr(hex(r.v3), 21)) ELSE lower(hex(r.v3)) END WHEN typeof(r.v3) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v3, 'unixepoch') ELSE r.v3 END,
        CASE WHEN r.v4 IS NULL THEN '' WHEN typeof(r.v4) = 'blob' THEN CASE length(r.v4) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v4), 1, 8) || '-' || substr(hex(r.v4), 9, 4) || '-' || substr(hex(r.v4), 13, 4) || '-' || substr(hex(r.v4), 17, 4) || '-' || substr(hex(r.v4), 21)) ELSE lower(hex(r.v4)) END WHEN typeof(r.v4) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v4, 'unixepoch') ELSE r.v4 END,
        CASE WHEN r.v5 IS NULL THEN '' WHEN typeof(r.v5) = 'blob' THEN CASE length(r.v5) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v5), 1, 8) || '-' || substr(hex(r.v5), 9, 4) || '-' || substr(hex(r.v5), 13, 4) || '-' || substr(hex(r.v5), 17, 4) || '-' || substr(hex(r.v5), 21)) ELSE lower(hex(r.v5)) END WHEN typeof(r.v5) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v5, 'unixepoch') ELSE r.v5 END,
        CASE WHEN r.v6 IS NULL THEN '' WHEN typeof(r.v6) = 'blob' THEN CASE length(r.v6) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v6), 1, 8) || '-' || substr(hex(r.v6), 9, 4) || '-' || substr(hex(r.v6), 13, 4) || '-' || substr(hex(r.v6), 17, 4) || '-' || substr(hex(r.v6), 21)) ELSE lower(hex(r.v6)) END WHEN typeof(r.v6) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v6, 'unixepoch') ELSE r.v6 END,
        CASE WHEN r.v7 IS NULL THEN '' WHEN typeof(r.v7) = 'blob' THEN CASE length(r.v7) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v7), 1, 8) || '-' || substr(hex(r.v7), 9, 4) || '-' || substr(hex(r.v7), 13, 4) || '-' || substr(hex(r.v7), 17, 4) || '-' || substr(hex(r.v7), 21)) ELSE lower(hex(r.v7)) END WHEN typeof(r.v7) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v7, 'unixepoch') ELSE r.v7 END,
        CASE WHEN r.v8 IS NULL THEN '' WHEN typeof(r.v8) = 'blob' THEN CASE length(r.v8) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v8), 1, 8) || '-' || substr(hex(r.v8), 9, 4) || '-' || substr(hex(r.v8), 13, 4) || '-' || substr(hex(r.v8), 17, 4) || '-' || substr(hex(r.v8), 21)) ELSE lower(hex(r.v8)) END WHEN typeof(r.v8) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v8, 'unixepoch') ELSE r.v8 END,
        CASE WHEN r.v9 IS NULL THEN '' WHEN typeof(r.v9) = 'blob' THEN CASE length(r.v9) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v9), 1, 8) || '-' || substr(hex(r.v9), 9, 4) || '-' || substr(hex(r.v9), 13, 4) || '-' || substr(hex(r.v9), 17, 4) || '-' || substr(hex(r.v9), 21)) ELSE lower(hex(r.v9)) END WHEN typeof(r.v9) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v9, 'unixepoch') ELSE r.v9 END,
        CASE WHEN r.v10 IS NULL THEN '' WHEN typeof(r.v10) = 'blob' THEN CASE length(r.v10) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v10), 1, 8) || '-' || substr(hex(r.v10), 9, 4) || '-' || substr(hex(r.v10), 13, 4) || '-' || substr(hex(r.v10), 17, 4) || '-' || substr(hex(r.v10), 21)) ELSE lower(hex(r.v10)) END WHEN typeof(r.v10) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v10, 'unixepoch') ELSE r.v10 END,
        CASE WHEN r.v11 IS NULL THEN '' WHEN typeof(r.v11) = 'blob' THEN CASE length(r.v11) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v11), 1, 8) || '-' || substr(hex(r.v11), 9, 4) || '-' || substr(hex(r.v11), 13, 4) || '-' || substr(hex(r.v11), 17, 4) || '-' || substr(hex(r.v11), 21)) ELSE lower(hex(r.v11)) END WHEN typeof(r.v11) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v11, 'unixepoch') ELSE r.v11 END,
        CASE WHEN r.v12 IS NULL THEN '' WHEN typeof(r.v12) = 'blob' THEN CASE length(r.v12) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v12), 1, 8) || '-' || substr(hex(r.v12), 9, 4) || '-' || substr(hex(r.v12), 13, 4) || '-' || substr(hex(r.v12), 17, 4) || '-' || substr(hex(r.v12), 21)) ELSE lower(hex(r.v12)) END WHEN typeof(r.v12) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v12, 'unixepoch') ELSE r.v12 END,
        CASE WHEN r.v13 IS NULL THEN '' WHEN typeof(r.v13) = 'blob' THEN CASE length(r.v13) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v13), 1, 8) || '-' || substr(hex(r.v13), 9, 4) || '-' || substr(hex(r.v13), 13, 4) || '-' || substr(hex(r.v13), 17, 4) || '-' || substr(hex(r.v13), 21)) ELSE lower(hex(r.v13)) END WHEN typeof(r.v13) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v13, 'unixepoch') ELSE r.v13 END,
        CASE WHEN r.v14 IS NULL THEN '' WHEN typeof(r.v14) = 'blob' THEN CASE length(r.v14) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v14), 1, 8) || '-' || substr(hex(r.v14), 9, 4) || '-' || substr(hex(r.v14), 13, 4) || '-' || substr(hex(r.v14), 17, 4) || '-' || substr(hex(r.v14), 21)) ELSE lower(hex(r.v14)) END WHEN typeof(r.v14) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v14, 'unixepoch') ELSE r.v14 END,
        CASE WHEN r.v15 IS NULL THEN '' WHEN typeof(r.v15) = 'blob' THEN CASE length(r.v15) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v15), 1, 8) || '-' || substr(hex(r.v15), 9, 4) || '-' || substr(hex(r.v15), 13, 4) || '-' || substr(hex(r.v15), 17, 4) || '-' || substr(hex(r.v15), 21)) ELSE lower(hex(r.v15)) END WHEN typeof(r.v15) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v15, 'unixepoch') ELSE r.v15 END,
        CASE WHEN r.v16 IS NULL THEN '' WHEN typeof(r.v16) = 'blob' THEN CASE length(r.v16) WHEN 0 THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4) || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) WHEN 1 THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255) WHEN 16 THEN lower(substr(hex(r.v16), 1, 8) || '-' || substr(hex(r.v16), 9, 4) || '-' || substr(hex(r.v16), 13, 4) || '-' || substr(hex(r.v16), 17, 4) || '-' || substr(hex(r.v16), 21)) ELSE lower(hex(r.v16)) END WHEN typeof(r.v16) = 'real' THEN strftime('%Y-%m-%dT%H:%M:%fZ', r.v16, 'unixepoch') ELSE r.v16 END) END AS fields,
    r.logger,
    r.outcome,
    r.version,
    r.user_agent,
    r.method,
    r.id_h,
    r.user_h,
    r.token_h,
    r.screen,
    r.known,
    r.ok,
    r.joined,
    r.lines
FROM app AS r;

CREATE VIEW app_events AS SELECT
    r.id * 16 + 3 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    (SELECT s FROM str WHERE id = r.level) AS level,
    (SELECT s FROM str WHERE id = r.event) AS event,
    (SELECT message FROM app_text WHERE id = r.id) AS message,
    CASE r.payload WHEN 1 THEN 'json' WHEN 2 THEN 'logfmt' WHEN 3 THEN 'logger' WHEN 4 THEN 'traceback' WHEN 5 THEN 'postgres' ELSE 'text' END AS payload,
    CASE WHEN r.payload <> 1 OR r.fields IS NOT NULL OR r.fields_form IS NOT NULL THEN (SELECT fields FROM app_text WHERE id = r.id) ELSE (SELECT message FROM app_text WHERE id = r.id) END AS fields,
    (SELECT s FROM str WHERE id = r.logger) AS logger,
    CASE typeof(r.request_id) WHEN 'blob' THEN lower(substr(hex(r.request_id), 1, 8) || '-' || substr(hex(r.request_id), 9, 4) || '-' || substr(hex(r.request_id), 13, 4)
         || '-' || substr(hex(r.request_id), 17, 4) || '-' || substr(hex(r.request_id), 21)) ELSE r.request_id END AS request_id,
    CASE typeof(r.client) WHEN 'integer' THEN (r.client >> 24 & 255) || '.' || (r.client >> 16 & 255) || '.' || (r.client >> 8 & 255) || '.' || (r.client & 255)
         WHEN 'blob' THEN coalesce(nullif(ltrim(lower(substr(hex(r.client), 1, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 5, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 9, 4)), '0'), ''), '0')||':'||coalesce(nullif(ltrim(lower(substr(hex(r.client), 13, 4)), '0'), ''), '0') || '::/64' END AS client,
    (SELECT s FROM str WHERE id = r.id_h) AS id_h,
    (SELECT s FROM str WHERE id = r.user_h) AS user_h,
    (SELECT s FROM str WHERE id = r.token_h) AS token_h,
    (SELECT s FROM str WHERE id = r.screen) AS screen,
    (SELECT s FROM str WHERE id = r.outcome) AS outcome,
    (SELECT s FROM str WHERE id = r.version) AS version,
    (SELECT s FROM str WHERE id = r.method) AS method,
    CASE typeof(r.user_agent) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.user_agent) ELSE r.user_agent END AS user_agent,
    r.known,
    r.ok,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth
FROM app AS r;

CREATE VIEW platform_events AS SELECT
    r.id * 16 + 4 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    (SELECT s FROM str WHERE id = r.event) AS event,
    (SELECT s FROM str WHERE id = r.code) AS code,
    (SELECT s FROM str WHERE id = r.actor) AS actor,
    r.version,
    r.status,
    (SELECT s FROM str WHERE id = r.from_state) AS from_state,
    (SELECT s FROM str WHERE id = r.to_state) AS to_state,
    CASE typeof(r.subject) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.subject) ELSE r.subject END AS subject,
    r.megabytes,
    r.percent,
    CASE typeof(r.message) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.message) ELSE r.message END AS message,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth
FROM platform AS r;

CREATE VIEW metrics AS SELECT
    r.id * 16 + 5 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    (SELECT s FROM str WHERE id = r.subject) AS subject,
    (SELECT s FROM str WHERE id = r.instance) AS instance,
    (SELECT s FROM str WHERE id = r.addon) AS addon,
    coalesce(json_extract(j.value, '$[3]'), 'sample') AS kind,
    json_extract(j.value, '$[0]') AS name,
    iif(json_type(iif(r.names IS NULL, j.value, r.samples), iif(r.names IS NULL, '$[1]', '$[' || j.key || ']')) = 'text', NULL, json_extract(iif(r.names IS NULL, j.value, r.samples), iif(r.names IS NULL, '$[1]', '$[' || j.key || ']'))) AS value, -- NULL: no number
    json_extract(j.value, '$[2]') AS unit,
    iif(json_type(iif(r.names IS NULL, j.value, r.samples), iif(r.names IS NULL, '$[1]', '$[' || j.key || ']')) = 'text', json_extract(iif(r.names IS NULL, j.value, r.samples), iif(r.names IS NULL, '$[1]', '$[' || j.key || ']')), NULL) AS text, -- of a tag, or of what is no number
    r.extra,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    coalesce(r.line, r.id - (SELECT first FROM source WHERE id = r.source)) AS line,
    iif(r.line IS NULL, r.byte + (SELECT byte FROM stretch WHERE id = r.id & -64), r.byte) AS byte,
    r.hash,
    r.nth
FROM metric AS r, json_each(coalesce((SELECT s FROM str WHERE id = r.names), r.samples)) AS j;

CREATE VIEW losses AS SELECT
    r.id * 16 + 6 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    (SELECT s FROM str WHERE id = r.code) AS code,
    r.lost,
    r.since,
    (SELECT s FROM str WHERE id = r.scope) AS scope,
    (SELECT s FROM str WHERE id = r.drain) AS drain,
    CASE typeof(r.message) WHEN 'integer' THEN (SELECT s FROM str WHERE id = r.message) ELSE r.message END AS message,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM loss AS r;

-- The head of a part: printf('%016x', hash) of a record equals its `head`.
CREATE VIEW parts AS SELECT
    r.id * 16 + 12 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    (SELECT s FROM str WHERE id = r.origin) AS origin,
    r.head,
    (SELECT s FROM str WHERE id = r.joined) AS joined,
    r.place,
    r.lines,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM part AS r;

-- Of several versions of a row of one app (dumps of different days) that of the
-- newest dump is shown.
CREATE VIEW waitlist_signups AS SELECT
    rec,
    ts,
    time,
    app,
    id,
    created_at,
    email,
    origin,
    ip,
    user_agent,
    referrer,
    confirmed_at,
    extra,
    source,
    line,
    byte,
    hash,
    nth
FROM (SELECT
    r.id * 16 + 8 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    s.app,
    r.row_id AS id,
    r.ts AS created_at,
    r.email,
    r.origin,
    r.ip,
    r.user_agent,
    r.referrer,
    r.confirmed_at,
    r.extra,
    s.name AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth,
    row_number() OVER (PARTITION BY s.app, r.row_id, CASE WHEN r.row_id IS NULL THEN r.id END
        ORDER BY max(s.arrived, coalesce((SELECT max(o.arrived) FROM also AS a
            JOIN source AS o ON o.id = a.source WHERE a.rec = r.id * 16 + 8), s.arrived)) DESC,
            s.digest, r.line DESC) AS version_
FROM dump_waitlist_signups AS r JOIN source AS s ON s.id = r.source)
WHERE version_ = 1;

-- Of several versions of a row of one app (dumps of different days) that of the
-- newest dump is shown.
CREATE VIEW console_audit_events AS SELECT
    rec,
    ts,
    time,
    app,
    seq,
    created_at,
    actor_id,
    actor_role,
    actor_tenant_id,
    action,
    resource_type,
    resource_id,
    resource_tenant_id,
    outcome,
    reason,
    ip,
    request_id,
    extra,
    source,
    line,
    byte,
    hash,
    nth
FROM (SELECT
    r.id * 16 + 9 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    s.app,
    r.seq,
    r.ts AS created_at,
    r.actor_id,
    r.actor_role,
    r.actor_tenant_id,
    r.action,
    r.resource_type,
    r.resource_id,
    r.resource_tenant_id,
    r.outcome,
    r.reason,
    r.ip,
    r.request_id,
    r.extra,
    s.name AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth,
    row_number() OVER (PARTITION BY s.app, r.seq, CASE WHEN r.seq IS NULL THEN r.id END
        ORDER BY max(s.arrived, coalesce((SELECT max(o.arrived) FROM also AS a
            JOIN source AS o ON o.id = a.source WHERE a.rec = r.id * 16 + 9), s.arrived)) DESC,
            s.digest, r.line DESC) AS version_
FROM dump_console_audit_events AS r JOIN source AS s ON s.id = r.source)
WHERE version_ = 1;

-- Rows of an audit log are never merged: a changed row is what rules look for.
CREATE VIEW customer_audit_events AS SELECT
    r.id * 16 + 10 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.row_id AS id,
    r.seq,
    r.ts AS created_at,
    r.tenant_id,
    r.actor_id,
    r.action,
    r.detail,
    r.key_id,
    r.prev_mac,
    r.mac,
    r.extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_customer_audit_events AS r;

CREATE VIEW pg_stat_statements AS SELECT
    r.id * 16 + 11 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.ts AS snapshot_at,
    r.server_version,
    r.stats_reset,
    r.dealloc,
    r.userid,
    r.dbid,
    r.toplevel,
    r.queryid,
    r.query,
    r.calls,
    r.total_exec_time,
    r.min_exec_time,
    r.max_exec_time,
    r.mean_exec_time,
    r.stddev_exec_time,
    r.rows,
    r.extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_pg_stat_statements AS r;

-- Releases, of heroku releases --json. Of several versions of one, as of the one that
-- is current no more, that of the newest export is shown. Versions have one time: a
-- bound on ts is one on the table.
CREATE VIEW releases AS SELECT
    rec,
    ts,
    time,
    app,
    version,
    status,
    description,
    current,
    user_email,
    user_id,
    slug_id,
    release_id,
    created_at,
    updated_at,
    output_stream_url,
    addon_plan_names,
    extra,
    source,
    line,
    byte,
    hash,
    nth
FROM (SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    s.app,
    r.fields ->> '$.version' AS version,
    r.fields ->> '$.status' AS status,
    r.fields ->> '$.description' AS description,
    r.fields ->> '$.current' AS current,
    r.fields ->> '$.user_email' AS user_email,
    r.fields ->> '$.user_id' AS user_id,
    r.fields ->> '$.slug_id' AS slug_id,
    r.fields ->> '$.release_id' AS release_id,
    r.fields ->> '$.created_at' AS created_at,
    r.fields ->> '$.updated_at' AS updated_at,
    r.fields ->> '$.output_stream_url' AS output_stream_url,
    r.fields ->> '$.addon_plan_names' AS addon_plan_names,
    r.fields ->> '$.extra' AS extra,
    s.name AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth,
    row_number() OVER (PARTITION BY s.app, r.ts, r.fields ->> '$.version',
        CASE WHEN r.fields ->> '$.version' IS NULL THEN r.id END
        ORDER BY max(s.arrived, coalesce((SELECT max(o.arrived) FROM also AS a
            JOIN source AS o ON o.id = a.source WHERE a.rec = r.id * 16 + 7), s.arrived)) DESC,
            s.digest, r.line DESC) AS version_
FROM dump_row AS r JOIN source AS s ON s.id = r.source
WHERE r.dump = (SELECT id FROM str WHERE s = 'release'))
WHERE version_ = 1;

-- Dynos at the time of the export, of heroku ps --json.
CREATE VIEW dynos AS SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.fields ->> '$.name' AS name,
    r.fields ->> '$.type' AS type,
    r.fields ->> '$.size' AS size,
    r.fields ->> '$.state' AS state,
    r.fields ->> '$.command' AS command,
    r.fields ->> '$.release_version' AS release_version,
    r.fields ->> '$.dyno_id' AS dyno_id,
    r.fields ->> '$.created_at' AS created_at,
    r.fields ->> '$.updated_at' AS updated_at,
    r.fields ->> '$.extra' AS extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_row AS r WHERE r.dump = (SELECT id FROM str WHERE s = 'dyno');

-- Process types at the time of the export.
CREATE VIEW formation AS SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.fields ->> '$.type' AS type,
    r.fields ->> '$.quantity' AS quantity,
    r.fields ->> '$.size' AS size,
    r.fields ->> '$.command' AS command,
    r.fields ->> '$.formation_id' AS formation_id,
    r.fields ->> '$.created_at' AS created_at,
    r.fields ->> '$.updated_at' AS updated_at,
    r.fields ->> '$.extra' AS extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_row AS r WHERE r.dump = (SELECT id FROM str WHERE s = 'formation');

-- Log drains at the time of the export; url is a keyed hash.
CREATE VIEW drains AS SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.fields ->> '$.token' AS token,
    r.fields ->> '$.url' AS url,
    r.fields ->> '$.url_scheme' AS url_scheme,
    r.fields ->> '$.url_host' AS url_host,
    r.fields ->> '$.url_port' AS url_port,
    r.fields ->> '$.addon_name' AS addon_name,
    r.fields ->> '$.addon_id' AS addon_id,
    r.fields ->> '$.drain_id' AS drain_id,
    r.fields ->> '$.created_at' AS created_at,
    r.fields ->> '$.updated_at' AS updated_at,
    r.fields ->> '$.extra' AS extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_row AS r WHERE r.dump = (SELECT id FROM str WHERE s = 'drain');

-- Config vars at the time of the export; value is a keyed hash.
CREATE VIEW config_vars AS SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.fields ->> '$.name' AS name,
    r.fields ->> '$.value' AS value,
    r.fields ->> '$.length' AS length,
    r.fields ->> '$.url_scheme' AS url_scheme,
    r.fields ->> '$.url_host' AS url_host,
    r.fields ->> '$.url_port' AS url_port,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_row AS r WHERE r.dump = (SELECT id FROM str WHERE s = 'config_var');

-- Issues of Sentry.
CREATE VIEW sentry_issues AS SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    (SELECT app FROM source WHERE id = r.source) AS app,
    r.fields ->> '$.issue_id' AS issue_id,
    r.fields ->> '$.short_id' AS short_id,
    r.fields ->> '$.title' AS title,
    r.fields ->> '$.culprit' AS culprit,
    r.fields ->> '$.permalink' AS permalink,
    r.fields ->> '$.level' AS level,
    r.fields ->> '$.status' AS status,
    r.fields ->> '$.type' AS type,
    r.fields ->> '$.platform' AS platform,
    r.fields ->> '$.unhandled' AS unhandled,
    r.fields ->> '$.count' AS count,
    r.fields ->> '$.user_count' AS user_count,
    r.fields ->> '$.first_seen' AS first_seen,
    r.fields ->> '$.last_seen' AS last_seen,
    r.fields ->> '$.project' AS project,
    r.fields ->> '$.exception_type' AS exception_type,
    r.fields ->> '$.exception_value' AS exception_value,
    r.fields ->> '$.exception_file' AS exception_file,
    r.fields ->> '$.exception_function' AS exception_function,
    r.fields ->> '$.extra' AS extra,
    (SELECT name FROM source WHERE id = r.source) AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth
FROM dump_row AS r WHERE r.dump = (SELECT id FROM str WHERE s = 'sentry_issue');

-- Events of Sentry, of its REST API or as an SDK sends them. Of several versions of
-- one, as a list and its details have it, one with its exception is shown, and of
-- these that of the newest export.
CREATE VIEW sentry_events AS SELECT
    rec,
    ts,
    time,
    app,
    event_id,
    group_id,
    title,
    message,
    level,
    platform,
    type,
    culprit,
    "transaction",
    release,
    environment,
    server_name,
    logger,
    user_id,
    user_email,
    user_ip,
    exception_type,
    exception_value,
    exception_file,
    exception_function,
    exception_line,
    handled,
    request_method,
    request_url,
    tags,
    created_at,
    received_at,
    project,
    extra,
    source,
    line,
    byte,
    hash,
    nth
FROM (SELECT
    r.id * 16 + 7 AS rec,
    r.ts,
    strftime('%Y-%m-%dT%H:%M:%S', r.ts / 1000000, 'unixepoch') || printf('.%06dZ', r.ts % 1000000) AS time,
    s.app,
    r.fields ->> '$.event_id' AS event_id,
    r.fields ->> '$.group_id' AS group_id,
    r.fields ->> '$.title' AS title,
    r.fields ->> '$.message' AS message,
    r.fields ->> '$.level' AS level,
    r.fields ->> '$.platform' AS platform,
    r.fields ->> '$.type' AS type,
    r.fields ->> '$.culprit' AS culprit,
    r.fields ->> '$.transaction' AS "transaction",
    r.fields ->> '$.release' AS release,
    r.fields ->> '$.environment' AS environment,
    r.fields ->> '$.server_name' AS server_name,
    r.fields ->> '$.logger' AS logger,
    r.fields ->> '$.user_id' AS user_id,
    r.fields ->> '$.user_email' AS user_email,
    r.fields ->> '$.user_ip' AS user_ip,
    r.fields ->> '$.exception_type' AS exception_type,
    r.fields ->> '$.exception_value' AS exception_value,
    r.fields ->> '$.exception_file' AS exception_file,
    r.fields ->> '$.exception_function' AS exception_function,
    r.fields ->> '$.exception_line' AS exception_line,
    r.fields ->> '$.handled' AS handled,
    r.fields ->> '$.request_method' AS request_method,
    r.fields ->> '$.request_url' AS request_url,
    r.fields ->> '$.tags' AS tags,
    r.fields ->> '$.created_at' AS created_at,
    r.fields ->> '$.received_at' AS received_at,
    r.fields ->> '$.project' AS project,
    r.fields ->> '$.extra' AS extra,
    s.name AS source,
    r.line,
    r.byte,
    r.hash,
    r.nth,
    row_number() OVER (PARTITION BY s.app, r.ts, r.fields ->> '$.project', r.fields ->> '$.event_id',
        CASE WHEN r.fields ->> '$.event_id' IS NULL THEN r.id END
        ORDER BY r.fields ->> '$.exception_type' IS NULL, max(s.arrived, coalesce((SELECT max(o.arrived) FROM also AS a
            JOIN source AS o ON o.id = a.source WHERE a.rec = r.id * 16 + 7), s.arrived)) DESC,
            s.digest, r.line DESC) AS version_
FROM dump_row AS r JOIN source AS s ON s.id = r.source
WHERE r.dump = (SELECT id FROM str WHERE s = 'sentry_event'))
WHERE version_ = 1;
