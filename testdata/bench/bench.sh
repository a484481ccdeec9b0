#!/bin/sh
# usage: bench.sh
#
# Measures raxx against the goals of docs/performance.md: beside the limits of
# the machine (wc, gzip, a scan of SQLite) and beside what else one would use
# (DuckDB, ClickHouse, Python, awk, lnav; `make bench-peers` installs the first
# two). All commands run once in a round, one behind the other, so that what
# else the machine does falls on all alike; medians of the rounds are compared.
# Answers are compared with what raxx-loggen counted, or with peer.py's.
#
# From the environment:
#   LINES=4000000  lines of log, of SEED=1; made once, kept in build/bench/data
#   BIN=DIR        the programs (build/bin); make bench takes those of make pgo
#   RUNS=5         rounds
#   GROWTH=1       also a quarter and three times the lines: does it stay linear?
#   SKIP='A B'     programs and commands that are not run
#   PEERS=DIR      where node_modules is (build/bench/peers)
#   GATE=0         exit with 0 though a must is not met
#   UPDATE=1       write the tables into docs/performance.md
#   LIMIT=1800     seconds that a command may take
#   QUICK=1        500000 lines, 1 round, GATE=0, without slow or minor ones
#
# Left in build/bench: results.tsv (the goals), times.tsv (every run),
# results.md. Exit status: 0 all musts are met, 1 one is not, a program of ours
# failed or an answer differs, 2 it cannot measure, or was interrupted: then what
# is known by then is printed all the same.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
mkdir -p "$build/bench"
work=$(cd "$build/bench" && pwd)
bin=$(cd "${BIN:-$build/bin}" && pwd)
if [ "${QUICK-}" = 1 ]; then
	lines=500000 runs=1 gate=0
	skip='python3 chdb gawk lnav audit fitted'
else
	lines=4000000 runs=5 gate=1 skip=
fi
# Some shells export LINES: how high the terminal is.
[ "${LINES:-0}" -lt 1000 ] || lines=$LINES
seed=${SEED:-1}
runs=${RUNS:-$runs}
gate=${GATE:-$gate}
growth=${GROWTH:-0}
skip=" ${SKIP-$skip} "
PEERS=${PEERS:-$work/peers}
if [ -d "$PEERS" ]; then
	PEERS=$(cd "$PEERS" && pwd)
fi

command -v hyperfine >/dev/null || { echo 'bench: needs hyperfine' >&2; exit 2; }
command -v sqlite3 >/dev/null || { echo 'bench: needs sqlite3' >&2; exit 2; }
gnu_time=
if /usr/bin/time -f %M true >/dev/null 2>&1; then
	gnu_time=/usr/bin/time
fi

out=$work/out
stores=$work/stores
rules=$top/pipelines/rules
site=$top/pipelines/site.yml
sigma=$work/sigma
fitted=$work/fitted.yml
audit_rules=$work/audit/rules
audit_site=$work/audit/site.yml
audit_store=$stores/audit.db
times=$work/times.tsv
notes=$work/notes.tsv
XDG_CONFIG_HOME=$work/config
LC_ALL=C
export here bin gnu_time out rules site sigma fitted audit_rules audit_site \
	audit_store PEERS XDG_CONFIG_HOME LC_ALL

# name, the program that must be there, what it is; in the order of a round
commands() {
	cat <<'END'
wc wc wc -l
loop awk a loop in awk
dry - raxx-parse --dry-run
one-thread - raxx-parse --dry-run --threads 1
duckdb.store duckdb DuckDB: requests into a table
store - raxx-parse -o new.db
python3.store python3 Python, re and sqlite3: requests into SQLite
chdb.store chdb ClickHouse: requests into a MergeTree
append - raxx-parse -o db-of-the-first-half, second half
again - raxx-parse -o the-same.db
digest b3sum b3sum --num-threads 1
gunzip gzip gzip -dc
gz - raxx-parse -o new.db, .gz
wc wc wc -l
scan sqlite3 sqlite3: three sums over request
eval - raxx-eval, the catalog
sigma sigma raxx-eval, the catalog and 102 Sigma rules
fitted - raxx-eval, the catalog, with facts that fit this log
ndjson - raxx-parse, NDJSON to /dev/null
pipe - raxx-parse into raxx-eval, NDJSON
mawk.fixed mawk mawk: refused previews, fixed windows
sliding - grep into raxx: refused previews, sliding windows
whole-sliding - raxx, the whole log, store between: refused previews, sliding windows
gawk.fixed gawk gawk: refused previews, fixed windows
python3.sliding python3 Python: refused previews, sliding windows
duckdb.sliding duckdb DuckDB: refused previews, sliding windows
chdb.sliding chdb ClickHouse: refused previews, sliding windows
loop awk a loop in awk
mawk.status mawk mawk: requests by status
gawk.status gawk gawk: requests by status
python3.status python3 Python, re: requests by status
lnav.status lnav lnav: requests by status
duckdb.status duckdb DuckDB, 12 columns: requests by status
chdb.status chdb ClickHouse, 12 columns: requests by status
audit - raxx-eval, DET-DATA-002 over 200,000 rows
wc wc wc -l
END
}

# Those of ours whose growth is looked at, in the order that they need.
own='dry store append again gz eval sigma ndjson pipe sliding whole-sliding'

say() {
	echo "bench: $*" >&2
}

# note NAME TEXT...: for the end: why a command has no time, or is not good
note() {
	about=$1
	shift
	say "$about: $*"
	grep -qxF "$about	$*" "$notes" ||
		printf '%s\t%s\n' "$about" "$*" >>"$notes"
}

# The programs that something needs; their names are also for SKIP.
have() {
	case $1 in
	-) ;;
	duckdb) [ -d "$PEERS/node_modules/@duckdb/node-api" ] && have node ;;
	chdb) [ -d "$PEERS/node_modules/chdb" ] && have node ;;
	sigma) [ -f "$here/sigma102.sh" ] ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# wanted NAME PROGRAM: true if it is to be run; says why not the first time
wanted() {
	case $skip in
	*" $1 "* | *" $2 "*) why='skipped' ;;
	*)
		! have "$2" || return 0
		why="no $2"
		;;
	esac
	grep -q "^$1	" "$notes" || printf '%s\tnot run: %s\n' "$1" "$why" >>"$notes"
	return 1
}

# --- inputs ----------------------------------------------------------------

# data N: sets $log to a log of N lines, and makes what belongs to it
data() {
	log=$work/data/$1-$seed.log
	export log
	[ ! -e "$log.made" ] || return 0
	say "making a log of $1 lines"
	mkdir -p "$work/data"
	"$bin/raxx-loggen" --lines "$1" --seed "$seed" --truth "$log.json" >"$log"
	gzip -c "$log" >"$log.gz"
	head -n $(($1 / 2)) "$log" >"$log.1"
	tail -n +$(($1 / 2 + 1)) "$log" >"$log.2"
	sed -n 's/^ "status":{\(.*\)},$/\1/p' "$log.json" | tr -d '"' |
		tr ':,' ',\n' >"$log.status"
	if have python3; then
		for q in fixed sliding; do
			python3 "$here/peers/peer.py" $q "$log" >"$log.$q"
		done
	fi
	touch "$log.made"
}

# An audit log of twenty tenants, the MACs of one key.
audit_log() {
	mkdir -p "$work/audit/rules"
	cp "$rules/DET-DATA-002.sql" "$work/audit/rules"
	(umask 077 && printf '%064d\n' 7 >"$work/audit/k1.hex")
	echo 'audit_chain: {format: raxx-audit-v1, keys: {k1: k1.hex}}' \
		>"$audit_site"
	awk -v n=200000 'BEGIN {
		print "seq,created_at,tenant_id,actor_id,action,detail"
		for (i = 0; i < n; i++)
			printf "%d,2026-07-%02d %02d:%02d:%02d+00,t%d,u%d," \
			    "item.update,\"{\"\"id\"\": %d, " \
			    "\"\"request_id\"\": \"\"%032x\"\"}\"\n",
			    i / 20 + 1, 1 + int(i * 28 / n), i / 3600 % 24,
			    i / 60 % 60, i % 60, i % 20, i % 97, i, i
	}' | "$bin/raxx-chain" k1="$work/audit/k1.hex" \
		>"$work/audit/customer_audit_events_20260801T000000Z.csv"
}

# at_size N: the log of N lines and its stores; that which append adds to is made
# by raxx-parse as it is now
at_size() {
	data "$1"
	dir=$stores/$1
	store=$dir/store.db
	side=$dir/side.db
	half_store=$dir/half.db
	fitted_store=$dir/fitted.db
	peer_store=$dir/peer
	export store side half_store fitted_store peer_store
	[ ! -e "$half_store" ] || return 0
	mkdir -p "$dir"
	"$bin/raxx-parse" -q --app x -o "$half_store" "$log.1" ||
		note append 'the first half did not load'
}

# What the commands beside the goals need.
extras() {
	sed -e 's|/api/beta/preview/|/preview/|' -e 's|raxx-api-prod|x|' \
	    -e 's|^trusted_proxies: .*|trusted_proxies: [162.158.0.0/15]|' \
	    "$site" >"$fitted"
	! wanted fitted - || "$bin/raxx-parse" -q --app x --site "$fitted" \
		-o "$fitted_store" "$log" || note fitted 'its store did not load'
	! wanted audit - || "$bin/raxx-parse" -q --app x \
		--key-file "$work/audit/k1.hex" -o "$audit_store" \
		"$work"/audit/*.csv || note audit 'its store did not load'
	! wanted sigma sigma || sigma_rules || note sigma 'sigma102.sh failed'
}

# The catalog, and beside it the rules that sigma102.sh writes.
sigma_rules() {
	rm -rf "$sigma" "$sigma.only"
	mkdir "$sigma.only"
	sh "$here/sigma102.sh" "$sigma.only" >&2 || return 1
	cp -R "$rules" "$sigma"
	cp -R "$sigma.only/." "$sigma"
}

# --- measuring ---------------------------------------------------------------

# warm LINES: reads what commands read, then takes and gives back as much memory as
# one takes, and more: 256 bytes a line. A virtual machine may not have the memory
# that it thinks it has: not since it was started from a snapshot, or no more, where
# free memory goes back to the host (free page reporting).
warm() {
	cat "$log" "$log.1" "$log.2" "$log.gz" >/dev/null
	[ ! -e "$store" ] || cat "$store" >/dev/null
	dd if=/dev/zero of=/dev/null bs=$(($1 * 256)) count=1 2>/dev/null || :
}

# prepare LINES NAME
prepare() {
	case $2 in
	store) rm -f "$store" ;;
	gz | whole-sliding) rm -f "$side" ;;
	append) cp "$half_store" "$side" ;;
	*.store) rm -rf "$peer_store"* ;;
	esac
	sync
	warm "$1"
}

# by_status STORE >STATUS,COUNT
by_status() {
	sqlite3 -separator , "$1" \
		'SELECT status, count(*) FROM request GROUP BY 1 ORDER BY 1'
}

# findings FILE: what both ways to evaluate must agree on
findings() {
	grep '"type":"finding"' "$1" || :
}

# judge NAME: a note when what the command answered is not right
judge() {
	case $1 in
	store | again) by_status "$store" >"$out/answer" ;;
	append | gz) by_status "$side" >"$out/answer" ;;
	*.status | *.store) sort "$out/$1" >"$out/answer" ;;
	*fixed | *sliding) cp "$out/$1" "$out/answer" ;;
	eval | sigma | fitted | audit)
		! grep -q '"result":"UNDECIDED"' "$out/$1" ||
			note "$1" 'a rule is UNDECIDED'
		[ "$1" != eval ] || findings "$out/eval" >"$dir/found"
		return 0
		;;
	pipe)
		findings "$out/pipe" | cmp -s - "$dir/found" ||
			note pipe 'other findings than over the store'
		return 0
		;;
	*) return 0 ;;
	esac
	case $1 in
	*fixed) want=$log.fixed ;;
	*sliding) want=$log.sliding ;;
	*) want=$log.status ;;
	esac
	if [ ! -e "$want" ]; then
		note "$1" 'answer not compared: no python3'
	elif ! cmp -s "$out/answer" "$want"; then
		note "$1" 'answer differs'
	fi
}

# measure LINES ROUND NAME: a line in times.tsv
measure() {
	prepare "$1" "$3"
	if ! hyperfine -N -r 1 --export-csv "$out/csv" -n "$3" \
		"${limit}sh '$here/one.sh' $3" >"$out/hyperfine" 2>&1; then
		why=$(tail -n 1 "$out/$3.err" 2>/dev/null) || :
		note "$3" "failed, $1 lines: ${why:-see $out/hyperfine}"
		return 0
	fi
	kb=0
	[ ! -e "$out/$3.kb" ] ||
		kb=$(awk '/^[0-9]+$/ { kb += $1 } END { print kb + 0 }' "$out/$3.kb")
	awk -F, -v lines="$1" -v round="$2" -v kb="$kb" 'NR == 2 {
		printf "%s\t%d\t%d\t%.6f\t%.6f\t%d\n",
		    $1, lines, round, $2, $5 + $6, kb
	}' "$out/csv" >>"$times"
	[ "$2" != 1 ] || judge "$3"
	[ "$3$2" != store1 ] || size "$1"
	case $3 in
	*.store) rm -rf "$peer_store"* ;;
	esac
}

# size LINES: of the input and of the store
size() {
	printf '%s\t%d\t%d\n' "$1" "$(wc -c <"$log")" \
		"$(wc -c <"$store")" >>"$work/sizes.tsv"
}

# measure_all LINES ROUNDS: every command
measure_all() {
	at_size "$1"
	extras
	for round in $(seq "$2"); do
		say "$1 lines, round $round of $2"
		commands | while read -r name program rest; do
			wanted "$name" "$program" || continue
			measure "$1" "$round" "$name" </dev/null
		done
	done
}

# measure_own LINES FROM TO NAME: these rounds of one of ours
measure_own() {
	! grep -q "^$4	not run" "$notes" || return 0
	at_size "$1"
	for round in $(seq "$2" "$3"); do
		measure "$1" "$round" "$4"
	done
}

# measure_growth LINES MORE-LINES ROUNDS NAME...: at two sizes, in turn, so that
# what else the machine does falls on both; four small ones around a large one
measure_growth() {
	few=$1 many=$2 turns=$3
	shift 3
	say "$few and $many lines, $turns rounds"
	for own_name; do
		for turn in $(seq "$turns"); do
			measure_own "$few" $((4 * turn - 3)) $((4 * turn - 2)) \
				"$own_name"
			measure_own "$many" "$turn" "$turn" "$own_name"
			measure_own "$few" $((4 * turn - 1)) $((4 * turn)) \
				"$own_name"
		done
	done
}

# --- what it was measured with -----------------------------------------------

version() {
	case $1 in
	duckdb) pkg=@duckdb/node-api ;;
	*) pkg=$1 ;;
	esac
	sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' \
		"$PEERS/node_modules/$pkg/package.json"
}

machine() {
	cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null |
		head -n 1)
	os=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null)
	echo "${cpu:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) cores;" \
		"${os:-$(uname -s)}; $(${CC:-cc} --version | head -n 1);" \
		"SQLite $(sqlite3 --version | cut -d' ' -f1)"
}

revision() {
	git -C "$top" log -1 --format=', %h' 2>/dev/null || :
}

# What is measured beside, with versions, in one line.
peers() {
	{
		for p in duckdb chdb; do
			! have $p || echo "$p $(version $p)"
		done
		! have python3 || python3 --version
		! have mawk || mawk -W version 2>&1 </dev/null | head -n 1
		! have gawk || gawk --version | head -n 1 | cut -d, -f1
		! have lnav || lnav --version
	} | paste -sd, - | sed 's/,/, /g'
}

# head of results.md
head_line() {
	cat <<END
$(date -u +%F), \`make bench${INFLATE:+ INFLATE=$INFLATE} LINES=$lines SEED=$seed RUNS=$runs GROWTH=$growth\`,
raxx $("$bin/raxx-parse" -V | sed 's/.* //')$(revision).
$(machine).
Beside it: $(peers).
Medians of $runs runs, page cache and memory warm; two threads where a program has them.
Load average when it began: $load.

END
}

# into_docs: results.md between the marks of the page
into_docs() {
	awk -v new="$work/results.md" '
		/^<!-- bench: end/ { inside = 0 }
		!inside { print }
		/^<!-- bench: begin/ {
			inside = 1
			while ((getline line <new) > 0)
				print line
		}' "$top/docs/performance.md" >"$work/performance.md"
	cp "$work/performance.md" "$top/docs/performance.md"
}

# report: prints what is known; $rc is then that of goals.awk
report() {
	commands | sed 's/^\([^ ]*\) [^ ]* /\1	/' >"$work/names.tsv"
	rc=0
	{
		head_line
		awk -f "$here/goals.awk" -v lines="$lines" -v tsv="$work/results.tsv" \
			-v own="$([ "$growth" != 1 ] || echo "$own")" \
			what=names "$work/names.tsv" what=notes "$notes" \
			what=sizes "$work/sizes.tsv" what=times "$times"
	} >"$work/results.md" 2>"$work/missed" || rc=$?
	cat "$work/results.md"
	cat "$work/missed" >&2
}

# --- all ---------------------------------------------------------------------

load=$(uptime | sed 's/.*average[s]*: *//; s/[, ].*//')
limit=
if timeout 1 true 2>/dev/null; then
	limit="timeout ${LIMIT:-1800} "
fi
rm -rf "$out"
mkdir -p "$out"
trap 'rm -rf "$stores"' EXIT
trap 'say interrupted; report; exit 2' HUP INT TERM
: >"$times"
: >"$notes"
: >"$work/sizes.tsv"
rm -rf "$stores"
mkdir -p "$stores"
[ -e "$work/audit/site.yml" ] || audit_log

measure_all "$lines" "$runs"
if [ "$growth" = 1 ]; then
	# shellcheck disable=SC2086 # a list
	measure_growth $((lines / 4)) $((lines * 3)) "$runs" wc $own
else
	for name in store eval pipe; do
		measure_own $((lines / 4)) 1 1 $name
	done
fi

report
[ "${UPDATE-}" != 1 ] || into_docs
case $rc in
0) ;;
1) [ "$gate" = 0 ] ;;
*) exit 1 ;;
esac
