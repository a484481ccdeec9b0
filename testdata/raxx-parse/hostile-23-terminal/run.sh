#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# What a terminal would obey: ESC, OSC 0, 8 and 52, C1, BEL, BS, DEL, bidi and
# zero-width characters, in a message, a reject, a file's name.
evil=$(printf '\033[2J\033]0;title\007\033]8;;http://raxx.example\033\\\033]52;c;YQ==\007\302\233\302\2352\b\177\342\200\256\342\201\246\342\200\213\357\273\277.')
name="a$(printf '\033]0;x\007\302\233').log"
printf '%s%s\n%s%s\n' "$head" "$evil" "$bad" "$evil" >"$name"
printf '2026-06-12T13:00:00.%s+00:00 app[web.1]: x\n' "$evil" >>"$name"
parse -v --rejects rejects "$name" >out 2>err
echo "status $?"
parse -v -o s.db "$name" 2>err2
cat err2 err >&2
safe err err2 out rejects
records <out
parse -o "$name/$name.db" "$name" 2>err
cat err >&2
parse --format "$evil" "$name" 2>err
cat err >&2
safe err
