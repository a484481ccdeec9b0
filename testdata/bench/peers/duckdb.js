// usage: node duckdb.js QUESTION LOG [STORE]
//
// DuckDB asked what peer.py answers: status, sliding, store. One regular
// expression for the twelve columns, as its manual would have it; two threads.
'use strict';
const {DuckDBInstance} =
	require(process.env.PEERS + '/node_modules/@duckdb/node-api');
const [question, log, store] = process.argv.slice(2);

const columns = ['ts', 'method', 'path', 'host', 'rid', 'ip', 'dyno', 'connect',
	'service', 'status', 'bytes', 'proto'];
const request = String.raw`^(\S+) heroku\[router\]: at=\S+ .*?method=(\S+) ` +
	String.raw`path="([^"]*)" host=(\S+) request_id=(\S+) ` +
	String.raw`fwd="([^",]*)[^"]*" dyno=(\S*) connect=(\d+)ms ` +
	String.raw`service=(\d+)ms status=(\d+) bytes=(\d+) protocol=(\S+)`;
const lines = `read_csv('${log}', delim = chr(1), quote = '', escape = '',
	header = false, auto_detect = false, strict_mode = false,
	columns = {'l': 'VARCHAR'}, max_line_size = 1048576)`;
const rows = `SELECT epoch_us(ts::TIMESTAMPTZ) ts, method, path, host, rid, ip,
	dyno, connect::INT connect, service::INT service, status::INT status,
	bytes::BIGINT bytes, proto
	FROM (SELECT unnest(regexp_extract(l, '${request}',
			['${columns.join("', '")}']))
		FROM ${lines} WHERE contains(l, 'heroku[router]: '))`;
const byStatus = 'SELECT status, count(*) FROM r GROUP BY 1 ORDER BY 1';

const ask = {
	status: [`CREATE TABLE r AS ${rows}`, byStatus],
	store: [`CREATE TABLE r AS ${rows}`, byStatus],
	sliding: [`SELECT ip, max(d) m FROM (
		SELECT ip, count(DISTINCT path) OVER (PARTITION BY ip ORDER BY ts
			RANGE BETWEEN 300000000 PRECEDING AND CURRENT ROW) d
		FROM (${rows}) WHERE status BETWEEN 400 AND 499
			AND starts_with(path, '/preview/'))
		GROUP BY 1 ORDER BY m DESC, ip LIMIT 10`],
};

(async () => {
	const db = await DuckDBInstance.create(store || ':memory:',
		{threads: '2'});
	const connection = await db.connect();
	let answer;
	for (const sql of ask[question])
		answer = await connection.runAndReadAll(sql);
	for (const row of answer.getRowsJson())
		console.log(row.join(','));
	connection.closeSync();
	db.closeSync();
})().catch((e) => {
	console.error(String(e));
	process.exit(1);
});
