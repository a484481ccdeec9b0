#!/bin/sh
# usage: demo.sh BINDIR DEMODIR
#
# The main job on the week that raxx-demo wrote into DEMODIR: logs, dumps and
# exports into one store, the catalog over the store, the dashboard on stdout.
# The programs are those in BINDIR; the rules stand beside this script, and a
# site.yml, to which the week adds facts of its own.
set -eu

[ $# -eq 2 ] || { echo 'usage: demo.sh BINDIR DEMODIR' >&2; exit 2; }
bin=$1
demo=$2
here=$(dirname "$0")
site=$demo/site.yml
rules=$here/rules
store=$demo/beta.db
# tokens are hashed with a known key, so that truth.json can name them
key=$demo/keys/raxx.hex
# shellcheck disable=SC1091
. "$here/common.sh"

cat "$here/site.yml" "$demo/facts.yml" >"$site"
rm -f "$store" "$store-wal" "$store-shm" "$store-journal"
run "$bin/raxx-parse" --site "$site" --key-file "$key" -o "$store" \
	"$demo"/logs/* "$demo"/dumps/* "$demo"/exports/*
run "$bin/raxx-eval" -R "$rules" --site "$site" --format ndjson "$store" \
	>"$demo/verdicts.ndjson"
run "$bin/raxx-report" --site "$site" <"$demo/verdicts.ndjson"

cat <<END

The store is $store; what was planted is in $demo/truth.json.
Try next:

  sh testdata/truth.sh $demo/truth.json $demo/verdicts.ndjson
  $bin/raxx-eval -R $rules --site $site --format table $store
  $bin/raxx-eval -R $rules --site $site --from 2026-06-12T13:00Z --to 2026-06-12T20:00Z --every 1h $store
  $bin/raxx-report --site $site --format md $store > $demo/dashboard.md
  $bin/raxx-baseline -R $rules $store
  cat $demo/logs/*.log | $bin/raxx-parse --site $site --key-file $key --app raxx-api-prod | $bin/raxx-eval -R $rules --site $site
END
