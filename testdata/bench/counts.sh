#!/bin/sh
# usage: counts.sh            compare with counts.tsv
#        counts.sh --update   rewrite it
#
# Instructions of three small runs under callgrind, by program and library: a
# time that does not depend on what else the machine does. What could make them
# vary is fixed: the input, the key, the time of arrival, names of files, the
# environment, which variants of its functions the C library takes, and that there
# is one thread. They are still those of one compiler and one version of each library: with others
# nothing is compared, and it says so.
#
# A run fails with more than 3 % over what is kept; with more than 3 % under it
# this is told, so that the file is renewed. The parts say where the change is;
# those under 1 % of a run are left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
bin=$(cd "${BIN:-$top/build/bin}" && pwd)
kept=$here/counts.tsv
command -v valgrind >/dev/null || { echo 'counts: needs valgrind' >&2; exit 2; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/raxx-counts.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

toolchain() {
	avx2=$(grep -m1 -o -w avx2 /proc/cpuinfo 2>/dev/null) || :
	echo "$(uname -m)${avx2:+ with $avx2}, $(${CC:-cc} --version | head -n 1)," \
		"CFLAGS ${CFLAGS:-}, $(getconf GNU_LIBC_VERSION 2>/dev/null)," \
		"$(for p in sqlite3 libpcre2-8 zlib yaml-0.1; do
			printf '%s %s, ' "$p" "$(pkg-config --modversion $p)"
		done)$(valgrind --version)"
}

# The plainest variants, which every x86-64 has, and a fixed size of cache.
tunables=glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM
tunables=$tunables:glibc.cpu.x86_non_temporal_threshold=0xc0000

# by_object FILE: of callgrind; "OBJECT COUNT" of each program and library
by_object() {
	awk '
	/^c?ob=/ {
		id = $0
		sub(/^c?ob=/, "", id)
		name = id
		sub(/\).*/, ")", id)
		if (sub(/^\([0-9]+\) /, "", name))
			object[id] = name
		if (/^ob=/)
			in_ = id
		next
	}
	/^calls=/ { called = 1; next }
	/^[-+*0-9]/ {
		if (!called) {
			n[in_] += $2
			all += $2
		}
		called = 0
	}
	END {
		printf "all\t%d\n", all
		for (id in n) {
			name = object[id]
			sub(/.*\//, "", name)
			sub(/\.so.*/, "", name)
			if (n[id] >= all / 100)
				printf "%s\t%d\n", name == "???" ? "jit" : name, n[id]
		}
	}' "$1" | sort
}

# count RUN PROGRAM ARGUMENT...; status 1 of raxx-eval: not all was seen
count() {
	run=$1 program=$2
	shift 2
	rc=0
	env -i PATH="$PATH" HOME="$tmp" LC_ALL=C TZ=UTC GLIBC_TUNABLES="$tunables" \
		valgrind -q --tool=callgrind --callgrind-out-file=callgrind.out \
		"$bin/$program" "$@" >out 2>err || rc=$?
	[ $rc = 0 ] || { [ $rc = 1 ] && [ "$program" = raxx-eval ]; } || {
		cat err >&2
		echo "counts: $run: $program failed ($rc)" >&2
		exit 3
	}
	by_object callgrind.out | sed "s/^/$run	/" >>counted
	rm callgrind.out
}

"$bin/raxx-loggen" --lines 20000 >log
(umask 077 && printf '%064d\n' 7 >key)
cp -R "$top/pipelines/rules" "$top/pipelines/site.yml" .
taken='--threads 1 --app x --key-file key --taken-at 2025-03-10T00:00Z'
# shellcheck disable=SC2086 # a list
{
	count dry-run raxx-parse -q $taken -n log
	count new-store raxx-parse -q $taken -o db log
}
count catalog raxx-eval -R rules --site site.yml --limit 1h --format ndjson db

now=$(toolchain)
if [ "${1-}" = --update ]; then
	{
		echo "# $now"
		cat counted
	} >"$kept"
	cat "$kept"
	exit 0
fi
was=$(sed -n '1s/^# //p' "$kept")
if [ "$now" != "$was" ]; then
	cat counted
	printf 'counts: other toolchain: not compared\n  here: %s\n  kept: %s\n' \
		"$now" "$was"
	exit 0
fi
awk '
BEGIN { FS = "\t" }
/^#/ { next }
FNR == NR { kept[$1, $2] = $3; next }
{
	was = kept[$1, $2]
	change = was ? $3 / was - 1 : 1
	verdict = ""
	if ($2 == "all" && change > 0.03)
		verdict = "MORE"
	if ($2 == "all" && change < -0.03)
		verdict = "less: renew counts.tsv"
	printf "%-10s %-12s %11d, kept %11d %+7.1f %% %s\n", $1, $2, $3, was,
	    100 * change, verdict
	if ($2 == "all") {
		failed += change > 0.03
		passed += change <= 0.03
	}
}
END {
	printf "counts: %d passed, %d failed\n", passed, failed
	exit failed > 0
}' "$kept" counted
