# shellcheck shell=sh
# Sourced by run.sh of the cases hostile-NN-WHAT, in the case's copy.
# shellcheck disable=SC2034 # each case uses some of this

printf '%064d\n' 7 >key
chmod 600 key
head='2026-06-12T13:00:00.000001+00:00 app[web.1]: '
# The head of a line that is rejected: no such day.
bad='2026-06-32T13:00:00.000001+00:00 app[web.1]: '
total='1 input: read'
# Loops over every byte take every 19th one where programs are slow.
every=1
[ -n "$FAULT" ] || every=19

parse() {
	raxx-parse --key-file key --taken-at 2026-06-12T14:00Z "$@"
}

# lines N [FROM]: N app lines
lines() {
	awk -v n="$1" -v from="${2:-0}" 'BEGIN {
		for (i = from + 0; i < from + n; i++)
			printf "2026-06-12T13:%02d:%02d.%06d+00:00 " \
			    "app[web.1]: line %d\n", i / 60 % 60, i % 60, i, i
	}'
}

# The records of NDJSON without what holds for the whole input.
records() {
	sed -e '/^{"kind":"input/d' -e 's/"id":"[0-9a-f]*",//' \
		-e 's/"src":{"source":"[^"]*",/"src":{/'
}

# safe FILE...: is there nothing in it that a terminal may obey?
safe() {
	unsafe=$(cat "$@" | tr -d '\n\040-\176\200-\377' | wc -c)
	cat "$@" | LC_ALL=C grep -e "$(printf '\302[\200-\237]')" \
		-e "$(printf '\342\200[\216\217\250-\256]')" \
		-e "$(printf '\342\201[\246-\251]')" && unsafe=1
	if [ "$unsafe" -eq 0 ]; then
		echo safe
	else
		echo 'not safe for a terminal'
	fi
}

# balanced FILE: does the account of every input in it add up?
balanced() {
	sed -n 's/.*: read \([0-9]*\) = stored \([0-9]*\) + duplicates \([0-9]*\) + rejected \([0-9]*\) + blank \([0-9]*\) .*/\1 \2 \3 \4 \5/p' \
		"$1" | awk '$1 != $2 + $3 + $4 + $5 || NF != 5 { bad = 1 }
		END { exit bad || NR == 0 }'
}

# In a subshell: far less memory than the input holds.  Not for sanitizers.
small_memory() {
	# shellcheck disable=SC3045 # dash and others have it
	[ -z "$FAULT" ] || ulimit -v 130000
}

skip() {
	echo "$1" >&2
	exit 77
}

need_fault() {
	[ -n "$FAULT" ] || skip 'the fault library is not built'
}

# fault VARIABLE=VALUE... COMMAND: runs it with the calls made to fail
fault() {
	env LD_PRELOAD="$FAULT" "$@"
}

# Contents of stores are compared as text: equal ones may differ in their pages.
need_sqlite() {
	command -v sqlite3 >/dev/null 2>&1 || skip 'no sqlite3 program'
}

# same A B: one content of two stores?
same() {
	sqlite3 "$1" .dump >"$1.dump"
	sqlite3 "$2" .dump | cmp -s - "$1.dump"
}

# whole STORE: is it as the undisturbed run left want.db, with no file beside?
whole() {
	[ ! -e "$1-journal" ] && [ ! -e "$1-load" ] && same "$1" want.db
}

# locked STORE: does a writer hold it?  Only Linux tells.
locked() {
	[ -e "$1" ] || return 1
	[ -r /proc/locks ] || sleep 2
	[ ! -r /proc/locks ] || grep -q \
	    "WRITE .*:$(find "$1" -printf %i) " /proc/locks
}
