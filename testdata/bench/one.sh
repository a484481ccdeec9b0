#!/bin/sh
# usage: one.sh NAME
#
# The command that bench.sh measures under this name; its environment says with
# which files. What it answers is in $out/NAME. Programs of ours leave their
# peak memory, one line each, in $out/NAME.kb.
# shellcheck disable=SC2154 # bench.sh exports them
set -eu

name=$1
peers=$here/peers
rm -f "$out/$name.kb" "$out/$name.broken"
exec >"$out/$name" 2>"$out/$name.err"
# As one would who is where the log is: its name is in each record of a pipe.
cd "$(dirname "$log")"
log=$(basename "$log")

# ours PROGRAM ARGUMENT...: status 1 of raxx-eval says that not all was seen
ours() {
	program=$1
	shift
	set -- "$bin/$program" "$@"
	[ -z "$gnu_time" ] ||
		set -- "$gnu_time" -a -o "$out/$name.kb" -f %M "$@"
	rc=0
	"$@" || rc=$?
	[ $rc = 0 ] || { [ "$program" = raxx-eval ] && [ $rc = 1 ]; }
}

parse() {
	ours raxx-parse -q --app x "$@"
}

evaluate() {
	ours raxx-eval --limit 1h --site "$site" --format ndjson "$@"
}

# piped LOG ARGUMENT...: the log through both programs
piped() {
	from=$1
	shift
	{ parse "$from" || touch "$out/$name.broken"; } | evaluate "$@"
	[ ! -e "$out/$name.broken" ]
}

# most <FINDINGS: CLIENT,NUMBER as the peers print it
most() {
	sed -n '/"type":"finding"/s/.*"key":"\([^"]*\)".*"metric":\([0-9]*\).*/\1,\2/p'
}

top10() {
	sort -t, -k2,2nr -k1,1 | head -n 10
}

case $name in
# limits
wc) wc -l "$log" ;;
loop) awk 'BEGIN { for (i = 0; i < 10000000; i++) n += i; print n }' ;;
digest) b3sum --num-threads 1 "$log" ;;
gunzip) gzip -dc "$log.gz" >/dev/null ;;
scan) sqlite3 "$store" 'SELECT sum(status), sum(bytes), total(ts) FROM request' ;;

# ours
dry) parse -n "$log" ;;
one-thread) parse -n --threads 1 "$log" ;;
ndjson) parse "$log" >/dev/null ;;
store) parse -o "$store" "$log" ;;
append) parse -o "$side" "$log.2" ;;
again) parse -o "$store" "$log" ;;
gz) parse -o "$side" "$log.gz" ;;
eval) evaluate -R "$rules" "$store" ;;
sigma) evaluate -R "$sigma" "$store" ;;
fitted) site=$fitted evaluate -R "$rules" "$fitted_store" ;;
audit) site=$audit_site evaluate -R "$audit_rules" "$audit_store" ;;
pipe) piped "$log" -R "$rules" ;;
sliding)
	grep 'path="/preview/.* status=4' "$log" |
		piped - -R "$here/sliding" | most | top10
	;;
whole-sliding)
	parse -o "$side" "$log"
	evaluate -R "$here/sliding" "$side" | most | top10
	;;

# peers
mawk.status) mawk -f "$peers/status.awk" "$log" ;;
gawk.status) gawk -f "$peers/status.awk" "$log" ;;
mawk.fixed) mawk -f "$peers/fixed.awk" "$log" | top10 ;;
gawk.fixed) gawk -f "$peers/fixed.awk" "$log" | top10 ;;
python3.status) python3 "$peers/peer.py" status "$log" ;;
python3.sliding) python3 "$peers/peer.py" sliding "$log" ;;
python3.store) python3 "$peers/peer.py" store "$log" "$peer_store" ;;
duckdb.status) node "$peers/duckdb.js" status "$log" ;;
duckdb.sliding) node "$peers/duckdb.js" sliding "$log" ;;
duckdb.store) node "$peers/duckdb.js" store "$log" "$peer_store" ;;
chdb.status) node "$peers/chdb.js" status "$log" ;;
chdb.sliding) node "$peers/chdb.js" sliding "$log" ;;
chdb.store) node "$peers/chdb.js" store "$log" "$peer_store" ;;
lnav.status)
	lnav -n -N -I "$peers/lnav" -c ';SELECT status, count(*)
	    FROM heroku_router_log WHERE status IS NOT NULL GROUP BY 1' \
	    -c ':write-csv-to -' "$log" | sed 1d
	;;
*)
	echo "one.sh: no command '$name'" >&2
	exit 2
	;;
esac
