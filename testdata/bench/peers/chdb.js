// usage: node chdb.js QUESTION LOG [STORE]
//
// ClickHouse, as the library chdb, asked what peer.py answers: status, sliding,
// store (a folder). One regular expression for the twelve columns.
'use strict';
const {query, Session} = require(process.env.PEERS + '/node_modules/chdb');
const [question, log, store] = process.argv.slice(2);

// A backslash of a string is written twice in ClickHouse.
const request = (String.raw`^(\S+) heroku\[router\]: at=\S+ .*?method=(\S+) ` +
	String.raw`path="([^"]*)" host=(\S+) request_id=(\S+) ` +
	String.raw`fwd="([^",]*)[^"]*" dyno=(\S*) connect=(\d+)ms ` +
	String.raw`service=(\d+)ms status=(\d+) bytes=(\d+) protocol=(\S+)`)
	.replaceAll('\\', '\\\\');
const rows = `SELECT
	toUnixTimestamp64Micro(parseDateTime64BestEffort(g[1], 6)) ts, g[2] method,
	g[3] path, g[4] host, g[5] rid, g[6] ip, g[7] dyno, toUInt32(g[8]) connect,
	toUInt32(g[9]) service, toUInt16(g[10]) status, toUInt64(g[11]) bytes,
	g[12] proto
	FROM (SELECT extractGroups(line, '${request}') g
		FROM file('${log}', 'LineAsString', 'line String')
		WHERE position(line, 'heroku[router]: ') > 0)`;

// Without the hash it would not make the columns that are not asked for.
const ask = {
	status: [`SELECT status, count() FROM (SELECT *, cityHash64(ts, method, path,
			host, rid, ip, dyno, connect, service, bytes, proto) h
		FROM (${rows})) WHERE h != 0 GROUP BY 1 ORDER BY 1`],
	store: ['CREATE DATABASE d ENGINE = Atomic',
		`CREATE TABLE d.r ENGINE = MergeTree ORDER BY ts AS ${rows}`,
		'SELECT status, count() FROM d.r GROUP BY 1 ORDER BY 1'],
	sliding: [`SELECT ip, max(d) m FROM (
		SELECT ip, uniqExact(path) OVER (PARTITION BY ip ORDER BY ts
			RANGE BETWEEN 300000000 PRECEDING AND CURRENT ROW) d
		FROM (${rows}) WHERE status BETWEEN 400 AND 499
			AND startsWith(path, '/preview/'))
		GROUP BY 1 ORDER BY m DESC, ip LIMIT 10`],
};

const session = store ? new Session(store) : null;
for (const sql of ask[question]) {
	const answer = session ? session.query(sql, 'CSV') : query(sql, 'CSV');
	process.stdout.write(String(answer).replaceAll('"', ''));
}
process.exit(0);
