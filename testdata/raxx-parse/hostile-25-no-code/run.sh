#!/bin/sh
# shellcheck disable=SC2016 # $(...) must stay as it is
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# SQL, format strings and shell commands are text.
cat >a.log <<'L'
2026-06-12T13:00:00.000001+00:00 app[web.1]: '); DROP TABLE source; --
2026-06-12T13:00:00.000002+00:00 app[web.1]: %s%s%s%n%n%99999999d
2026-06-12T13:00:00.000003+00:00 app[web.1]: $(touch pwned) `touch pwned` ; touch pwned |
2026-06-12T13:00:00.000004+00:00 app[');DROP.1]: " OR ""="
%s%n $(touch pwned)
L
parse a.log | records
cp a.log '%s%n$(touch pwned);.log'
parse -v -o s.db './%s%n$(touch pwned);.log' 2>err
cat err >&2
printf '%s\n' 'id,"a"");DROP TABLE source;--",%n' '1,2,3' \
	>"x');DROP TABLE source;--.csv"
parse -v -o s.db "x');DROP TABLE source;--.csv" 2>err
cat err >&2
parse -v -o s.db a.log "x');DROP TABLE source;--.csv"
test -e pwned || echo nothing ran
