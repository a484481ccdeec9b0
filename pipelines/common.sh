# Read by the pipelines beside it, not run: what they share.
# shellcheck shell=sh

# run COMMAND...: status 1 means done, but something was rejected or blind, and
# that is no reason to stop; 2 (usage) and 3 (failed) are.
run() {
	rc=0
	"$@" || rc=$?
	case $rc in
	0) ;;
	1) echo "${0##*/}: ${1##*/}: done, but not complete (status 1)" >&2 ;;
	*) echo "${0##*/}: ${1##*/}: status $rc" >&2; exit "$rc" ;;
	esac
}

# ago SECONDS: that time as RFC 3339 UTC; -d is GNU's and busybox's, -r BSD's
ago() {
	at=$(($(date +%s) - $1))
	date -u -d "@$at" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
		date -u -r "$at" +%Y-%m-%dT%H:%M:%SZ
}

# need PROGRAM: a clear message now is better than a half-done run later
need() {
	command -v "$1" >/dev/null 2>&1 || {
		echo "${0##*/}: $1: not found; set BIN or PATH" >&2
		exit 2
	}
}
