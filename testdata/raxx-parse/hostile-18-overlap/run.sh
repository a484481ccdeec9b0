#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Two pulls that overlap: a line with the same time, source and bytes is held
# once, repeats inside one pull stay. In either order of loading.
lines 20 >all
head -n 12 all >app.heroku-logs.20260612T131000Z.log
sed -n '5p' all >>app.heroku-logs.20260612T131000Z.log
tail -n +6 all >app.heroku-logs.20260612T132000Z.log
set -- app.heroku-logs.20260612T131000Z.log app.heroku-logs.20260612T132000Z.log
raxx-parse --key-file key -v -o a.db "$1" "$2"
raxx-parse --key-file key -v -o b.db "$2" "$1"
raxx-parse --key-file key -q "$@" | records | wc -l
