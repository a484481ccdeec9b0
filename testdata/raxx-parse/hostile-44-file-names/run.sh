#!/bin/sh
# shellcheck disable=SC2016 # $(...) must stay as it is
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Names with a newline, ESC, a leading dash, commands: files like others, and
# printed so that a terminal obeys nothing.
newline=$(printf 'a\nraxx-parse: forged: read 1')
escape=$(printf 'b\033]0;x\007\302\233\342\200\256\377.log')
for f in "$newline" "$escape" -o --help '$(touch pwned)' '`touch pwned`' \
	';touch pwned' '*' ' ' '%s%n' file:x?mode=memory; do
	lines 1 >"./$f"
done
parse -v -- "$newline" "$escape" -o --help '$(touch pwned)' '`touch pwned`' \
	';touch pwned' '*' ' ' '%s%n' file:x?mode=memory >out 2>err
echo "status $?"
cat err >&2
safe err out
grep -c '"kind":"input_end"' out
parse -q -o -- '*' 2>/dev/null
echo "status $?"
for s in "$newline.db" "$escape.db" '$(touch pwned).db' \
	file:x?mode=memory.db :memory:; do
	parse -o "$s" -- -o --help 2>err
	echo "status $?"
	cat err >&2
	safe err
	[ -s "$s" ] || echo 'no store'
done
parse -- "$(printf 'no\033[2J\nsuch')" 2>err
cat err >&2
safe err
test -e pwned || echo nothing ran
