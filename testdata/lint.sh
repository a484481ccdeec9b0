#!/bin/sh
# What no compiler checks: the layers, the fences round foreign libraries,
# banned functions, unique names; manuals, shell scripts and built programs as
# far as the tools for them are here.
set -u

cd "$(dirname "$0")/.." || exit 3
BIN=${BIN:-build/bin}
passed=0 failed=0

# verdict NAME: runs the function NAME; what it prints are complaints
verdict() {
	complaints=$("$1" 2>&1)
	if [ -z "$complaints" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s\nlint: %s: failed\n' "$complaints" "$1"
	fi
}

sources() {
	find src cmd -name '*.[ch]' 2>/dev/null | LC_ALL=C sort
}

# C text with comments, strings and characters blanked, as FILE:LINE:TEXT
code() {
	sources | while read -r f; do
		awk -v file="$f" '
		{
			s = $0
			out = ""
			while (s != "") {
				if (block) {
					i = index(s, "*/")
					if (!i)
						break
					block = 0
					s = substr(s, i + 2)
					continue
				}
				two = substr(s, 1, 2)
				one = substr(s, 1, 1)
				if (two == "//")
					break
				if (two == "/*") {
					block = 1
					s = substr(s, 3)
				} else if (one == "\"" || one == "\047") {
					s = substr(s, 2)
					while (s != "" && substr(s, 1, 1) != one)
						s = substr(s, substr(s, 1, 1) == "\\" ? 3 : 2)
					s = substr(s, 2)
					out = out one one
				} else {
					out = out one
					s = substr(s, 2)
				}
			}
			print file ":" NR ":" out
		}' "$f"
	done
}

includes() {
	sources | while read -r f; do
		awk -v file="$f" '/^[ \t]*#[ \t]*include/ {
			sub(/^[ \t]*#[ \t]*include[ \t]*/, "")
			print file, NR, $1
		}' "$f"
	done
}

layers() {
	includes | awk '
	BEGIN {
		n = split("base input parse record store output detect", name, " ")
		for (i = 1; i <= n; i++)
			rank[name[i]] = i
		rank["output"] = rank["store"]
	}
	$3 ~ /^"/ {
		inc = substr($3, 2, length($3) - 2)
		split($1, path, "/")
		split(inc, to, "/")
		from = path[1] == "cmd" ? "cmd" : path[2]
		if (inc ~ /_sql\.h$/ || inc == "suites.h")
			next
		if (!(to[1] in rank) || to[2] == "") {
			if (!(from ~ /^(test|fuzz)$/ && to[1] == from))
				print $1 ":" $2 ": \"" inc "\" names no layer"
			next
		}
		if (from ~ /^(cmd|test|fuzz)$/ || from == to[1])
			next
		if (!(from in rank))
			print $1 ":" $2 ": folder " from " has no rank"
		else if (rank[to[1]] >= rank[from])
			print $1 ":" $2 ": " from " may not include \"" inc "\""
	}'
}

# Tests may use a library to make their inputs.
fences() {
	includes | awk '
	BEGIN {
		home["zlib.h"] = "^src/input/gunzip\\.c$"
		home["isa-l/igzip_lib.h"] = "^src/input/igz\\.c$"
		home["pcre2.h"] = "^src/detect/regex\\.c$"
		home["sqlite3.h"] = "^src/(store/|detect/sqlfn.*)"
		home["yaml.h"] = "^src/parse/yaml\\.c$"
		home["ctype.h"] = "^$"
	}
	{ inc = substr($3, 2, length($3) - 2) }
	!(inc in home) || (inc != "ctype.h" && $1 ~ /^src\/(test|fuzz)\//) {
		next
	}
	$1 !~ home[inc] { print $1 ":" $2 ": " inc " does not belong here" }'
}

banned() {
	code | awk '
	BEGIN {
		names = "strcpy|strcat|sprintf|strncpy|strtok|atoi|scanf|gets|" \
			"ctime|localtime|gmtime|system"
		re = "(^|[^A-Za-z0-9_])(" names ")[ \t]*\\("
	}
	match($0, /^[^:]*:[0-9]+:/) {
		where = substr($0, 1, RLENGTH)
		text = substr($0, RLENGTH + 1)
		if (match(text, re)) {
			word = substr(text, RSTART, RLENGTH)
			gsub(/[^a-z]/, "", word)
			print where " " word " is banned"
		}
	}'
}

pure_asserts() {
	code | grep -E '[^A-Za-z0-9_]assert[[:blank:]]*\(' |
		grep -E '\+\+|--|[^=!<>]=[^=]' |
		sed 's/$/   <- assert with a side effect/'
}

unique_names() {
	sources | sed 's/\.[ch]$//' | LC_ALL=C sort -u | awk -F / '
	$NF in seen { print $0 ": the name is taken by " seen[$NF] }
	{ seen[$NF] = $0 }'
}

manuals() {
	for m in docs/man/*.[1-9]; do
		[ -f "$m" ] && mandoc -Tlint -W warning "$m"
	done
}

scripts() {
	{
		find . -name '*.sh' -not -path './build/*' -not -path './.git/*'
		for f in bootstrap .ci/run; do
			[ -f "$f" ] && echo "$f"
		done
	} | LC_ALL=C sort | while read -r f; do
		shellcheck -x -f gcc "$f"
	done
}

# The protections that the build asked for, where they can be read back.
binaries() {
	for b in cmd/*.c; do
		b=$BIN/$(basename "$b" .c)
		[ -f "$b" ] || continue
		readelf -W -h "$b" | grep -q 'Type:.*DYN' ||
			echo "$b: not position independent"
		readelf -W -l "$b" | grep -q GNU_RELRO ||
			echo "$b: no RELRO"
		readelf -W -l "$b" | grep -q 'GNU_STACK.* RWE ' &&
			echo "$b: executable stack"
		readelf -W -d "$b" | grep -q -e BIND_NOW -e 'FLAGS.*NOW' ||
			echo "$b: lazy binding"
		readelf -W -d "$b" | grep -q -e RPATH -e RUNPATH &&
			echo "$b: carries a library path"
	done
}

have() {
	command -v "$1" >/dev/null 2>&1
}

verdict layers
verdict fences
verdict banned
verdict pure_asserts
verdict unique_names
have mandoc && verdict manuals
have shellcheck && verdict scripts
# Only where flags.mk says that the linker has them: not on macOS.
have readelf && grep -q relro "$BIN/../flags.mk" 2>/dev/null &&
	verdict binaries

echo "lint: $passed passed, $failed failed"
[ $failed = 0 ]
