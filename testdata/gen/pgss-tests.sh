#!/bin/sh
# usage: pgss-tests.sh >pipelines/rules/tests/DET-OPS-002.yml
#
# The tests of DET-OPS-002. Counters of pg_stat_statements are sums and one
# deviation over all calls since the reset, so they are reckoned here from what
# the calls of each hour were.
# shellcheck disable=SC2016 # dollars are Postgres's and awk's
set -eu

tmp=$(mktemp -d "${TMPDIR:-/tmp}/pgss.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# statement QUERYID QUERY N:MEAN:SD...: its row at 12:00, 13:00 ... after hours
# in which it was called N times, taking MEAN ms with deviation SD. '-' is an hour
# at whose end it is not there, 'reset' one at whose start its counters are 0.
# Settings: user, since, version, reset, dealloc (a list, one for each hour).
statement() {
	id=$1 query=$2
	shift 2
	for hour; do
		echo "$hour"
	done | awk -v id="$id" -v query="$query" -v user="${user:-app}" \
		-v since="${since-}" -v version="${version:-16.4}" \
		-v reset="${reset:-2026-06-01 00:00:00+00}" \
		-v dealloc="${dealloc:-0}" -v first="${first:-12}" '
	function at(list, i,    part, n) {
		n = split(list, part, "|")
		return part[i < n ? i : n]
	}
	{
		if ($0 == "reset" || $0 == "-") {
			n = total = squares = max = 0
			if ($0 == "reset")
				hour--
			hour++
			next
		}
		split($0, h, ":")
		n += h[1]
		total += h[1] * h[2]
		squares += h[1] * (h[3] * h[3] + h[2] * h[2])
		if (h[2] + 9 * h[3] > max)
			max = h[2] + 9 * h[3]
		mean = total / n
		printf "2026-06-%02d %02d:00:00+00,%s,%s,%s,%s,16401,t,%s,%s,%.0f," \
		    "%.6f,0.01,%.6f,%.6f,%.9f,%.0f,%s\n",
		    12 + int((first + hour) / 24), (first + hour) % 24,
		    at(version, hour + 1), at(reset, hour + 1), at(dealloc, hour + 1),
		    user, id, query, n, total, max, mean,
		    sqrt(squares / n - mean * mean), n, at(since, hour + 1)
		hour++
	}'
}

# begin KIND NAME [MEMBER...]
begin() {
	printf "  - case: '%s'\n    kind: %s\n" "$2" "$1"
	shift 2
	for member; do
		printf '    %s\n' "$member"
	done
}

# dump <rows
dump() {
	printf '    files:\n      - name: pg_stat_statements.csv\n        text: |\n'
	{
		printf '%s' snapshot_at,server_version,stats_reset,dealloc,userid,
		printf '%s' dbid,toplevel,queryid,query,calls,total_exec_time,
		printf '%s' min_exec_time,max_exec_time,mean_exec_time,
		printf '%s\n' stddev_exec_time,rows,stats_since
		cat
	} | sed 's/^/          /'
}

# expect RESULT [MEMBER...]; a MEMBER that starts with a brace is a finding
expect() {
	printf '    expect:\n      result: %s\n' "$1"
	shift
	found=
	for member; do
		case $member in
		'{'*)
			[ -n "$found" ] || echo '      findings:'
			found=yes
			printf '        - %s\n' "$member"
			;;
		*) printf '      %s\n' "$member" ;;
		esac
	done
}

cat <<'END'
# Made by testdata/gen/pgss-tests.sh: do not edit.
rule: DET-OPS-002
start: 2026-06-12T12:00:00Z
window: 8h
not_applicable:
  edge: intervals are those of the snapshots, no clock has a part in it
cases:
END

old=500:10:5
new=500:60:40
select='SELECT * FROM items WHERE id = $$1'
calm() {
	statement 22 'SELECT 1' 900:1:0.5 900:1:0.5 900:1:0.5 900:1:0.5 900:1:0.5 \
		900:1:0.5 900:1:0.5
}

begin positive 'a statement became slow and stays so'
{ statement 11 "$select" $old $old $old $old $old $new $new; calm; } | dump
expect FIRED 'state: MANUAL' \
	"{arm: p99, key: '11', level: medium, events: 2, note: 'p99_est_lognormal 205 ms, before 27 ms; mean 60.0 ms, cv 0.7, max 420 ms, 500 calls; an indication: the router does not confirm it'}" \
	"{arm: mean, key: '11', metric: 6, level: medium, note: 'mean 60 ms, before 10 ms; mean 60.0 ms, cv 0.7'}" \
	"{arm: mix, key: all, level: medium}"

begin positive 'the router agrees' \
	'log:' \
	"  - {at: 10m, times: 300, every: 60s, router: {path: /api/v1/items, service: '\$(i%50+10)'}}" \
	"  - {at: 5h1m, times: 118, every: 60s, router: {path: /api/v1/items, service: '\$(i%50*5+50)'}}"
{ statement 11 "$select" $old $old $old $old $old 500:30:10 500:30:10; calm; } | dump
expect FIRED \
	"{arm: p99, key: '11', level: high, note: 'router p99 290 ms, before 59 ms'}" \
	"{arm: mean, key: '11', metric: 3, level: high}" \
	"{arm: mix, key: all, level: high}"

begin positive 'requests time out' \
	'log:' \
	"  - {at: 5h10m, times: 3, every: 10m, router: {path: /api/v1/items, status: 503, code: H12, desc: Request timeout, service: 30000}}"
{ statement 11 "$select" $old $old $old $old $old $new $new; } | dump
expect FIRED \
	"{arm: p99, key: '11', level: high, note: '3 H12'}" \
	"{arm: mean, key: '11', level: high}" "{arm: mix, key: all, level: high}"

begin positive 'the mix is slow, no statement is slower than before'
{
	statement 11 "$select" 5000:2:1 5000:2:1 5000:2:1 5000:2:1 5000:2:1 \
		5000:2:1 5000:2:1
	statement 12 'SELECT sum(x) FROM items' 25:300:50 25:300:50 25:300:50 \
		25:300:50 25:300:50 150:300:50 150:300:50
} | dump
expect FIRED "{arm: mix, key: all, level: medium, note: 'p99_est_lognormal'}"

begin positive 'the average stays, the slow calls became slower'
{ statement 11 "$select" 500:20:5 500:20:5 500:20:5 500:20:5 500:20:5 \
	500:20:40 500:20:40; } | dump
expect FIRED "{arm: p99, key: '11', note: 'p99_est_lognormal'}" \
	"{arm: mix, key: all}"

begin positive 'from PostgreSQL 12, whose columns have other names'
{ statement 11 "$select" $old $old $old $old $old $new $new; } | dump |
	sed 's/_exec_time/_time/g; s/toplevel/top/'
expect FIRED "{arm: p99, key: '11'}" "{arm: mean, key: '11'}" "{arm: mix, key: all}"

begin at 'twice the mean, and twenty milliseconds more'
statement 11 "$select" 500:20:1 500:20:1 500:20:1 500:40:2 500:40:2 | dump
expect FIRED "{arm: mean, key: '11', metric: 2, events: 2}" \
	"{arm: p99, key: '11', metric: 2, events: 2}" "{arm: mix, key: all}"

begin below 'nineteen milliseconds more'
statement 11 "$select" 500:19:1 500:19:1 500:19:1 500:38:1 500:38:1 | dump
expect CLEAR

begin below 'less than twice the mean'
statement 11 "$select" 500:100:1 500:100:1 500:100:1 500:149:1 500:149:1 | dump
expect CLEAR

begin below '199 calls an hour'
statement 11 "$select" 199:10:5 199:10:5 199:10:5 199:60:40 199:60:40 | dump
expect INSUFFICIENT_DATA \
	"reason: 'have 0 statements with 200 calls in each of 3 intervals, need 1'"

begin below 'slow for one interval only'
statement 11 "$select" $old $old $old $old $new $old $old | dump
expect CLEAR

begin below 'slow for two intervals, not one after the other'
statement 11 "$select" $old $old $old $old $new $old $new | dump
expect CLEAR

begin lookalike 'faster than before'
statement 11 "$select" $new $new $new $new $old $old | dump
expect CLEAR

begin lookalike 'its counters were reset between'
{ statement 11 "$select" $old $old $old $old reset $new $new; calm; } | dump
expect CLEAR

begin lookalike 'it says since when it counts'
since='2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-12 15:30:00+00' \
	statement 11 "$select" $old $old $old $old reset 3000:60:40 $new |
	dump
expect CLEAR

begin lookalike 'all were reset'
reset='2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-01 00:00:00+00|2026-06-12 15:30:00+00' \
	statement 11 "$select" $old $old $old $old reset 3000:60:40 $new | dump
expect CLEAR

begin lookalike 'another version'
version='16.4|16.4|16.4|16.4|17.0' \
	statement 11 "$select" $old $old $old $old $new $new | dump
expect CLEAR

begin lookalike 'a cold cache after a restart' \
	'log:' \
	"  - {at: 3h50m, app: '[DATABASE] [1-1]  sql_error_code = 00000 LOG:  database system is ready to accept connections', dyno: postgres.1}"
statement 11 "$select" $old $old $old $old $new $new $old | dump
expect CLEAR

begin lookalike 'the plan of the database was changed' \
	'log:' \
	"  - {at: 3h50m, platform: 'app[api]: Update DATABASE by user ops@raxx.example (heroku-postgresql)'}"
statement 11 "$select" $old $old $old $old $new $new $old | dump
expect CLEAR

begin lookalike 'a tenth was evicted and more'
{
	dealloc='0|0|0|0|7' statement 11 "$select" $old $old $old $old $new $new
	dealloc='0|0|0|0|7' statement 12 'SELECT 2' 600:1:1 600:1:1 600:1:1 600:1:1
} | dump
expect CLEAR

begin lookalike 'a statement of a new release'
{ calm; first=16 statement 11 "$select" 3000:60:40 500:10:5 500:10:5; } | dump
expect CLEAR

begin lookalike 'a statement that comes and goes'
{ calm; statement 11 "$select" $old $old $old $old - $new $new; } | dump
expect CLEAR

begin lookalike 'migrations, upkeep and backups'
{
	calm
	statement 31 'ALTER TABLE items ADD COLUMN x int' $old $old $old $old $new $new
	statement 32 'VACUUM (ANALYZE) items' $old $old $old $old $new $new
	statement 33 '/* app */ analyze items' $old $old $old $old $new $new
	statement 34 'COPY items TO stdout' $old $old $old $old $new $new
	statement 35 'CREATE INDEX CONCURRENTLY i ON items (x)' $old $old $old $old \
		$new $new
} | dump
expect CLEAR

begin lookalike 'a batch job of a service account' \
	'site: {service_accounts: [batch]}'
{ calm; user="batch" statement 11 "$select" $old $old $old $old $new $new; } | dump
expect CLEAR

begin lookalike 'inside of a function, counted with it'
{ calm; statement 11 "$select" $old $old $old $old $new $new |
	sed 's/,16401,t,/,16401,f,/'; } | dump
expect CLEAR

begin other 'the same snapshots twice'
{ statement 11 "$select" 500:20:1 500:20:1 500:20:1 500:40:2 500:40:2; } >"$tmp/rows"
dump <"$tmp/rows"
dump <"$tmp/rows" | sed '1d; s/pg_stat_statements.csv/pg_stat_statements_20260612T200000Z.csv/'
expect FIRED "{arm: mean, key: '11', metric: 2, events: 2}" \
	"{arm: p99, key: '11', metric: 2, events: 2}" "{arm: mix, key: all}"

begin other 'so many calls before that the deviation of a few is lost in them'
statement 11 "$select" 200000000000:10:5 500:10:5 500:10:5 500:10:40 500:10:40 |
	dump
expect CLEAR_PARTIAL "reason: 'arm p99: have 0 statements with 200 calls'"

begin missing 'no snapshot'
expect NOT_EVALUATED 'state: DORMANT'

begin missing 'two snapshots'
statement 11 "$select" $old $new | dump
expect INSUFFICIENT_DATA "reason: 'have 2 valid snapshots of 2, need 4'"

begin missing 'three snapshots'
statement 11 "$select" $old $new $new | dump
expect INSUFFICIENT_DATA "reason: 'have 3 valid snapshots of 3, need 4'"

begin partial 'the last snapshot is from 60 % of the window' 'window: 10h'
statement 11 "$select" $old $old $old $old $old $old $old | dump |
	sed 's/pg_stat_statements.csv/pg_stat_statements_20260612T180000Z.csv/'
expect CLEAR_PARTIAL 'coverage: [0.59, 0.61]'
