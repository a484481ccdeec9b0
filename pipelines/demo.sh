#!/bin/sh
# usage: demo.sh BINDIR DEMODIR
#
# The main job on the week that raxx-demo wrote into DEMODIR: logs and dumps
# into one store, the catalog over the store, the dashboard on stdout. The
# programs are those in BINDIR; rules and site.yml stand beside this script.
set -eu

[ $# -eq 2 ] || { echo 'usage: demo.sh BINDIR DEMODIR' >&2; exit 2; }
bin=$1
demo=$2
here=$(dirname "$0")
site=$here/site.yml
rules=$here/rules
store=$demo/beta.db
# shellcheck disable=SC1091
. "$here/common.sh"

rm -f "$store" "$store-wal" "$store-shm" "$store-journal"
run "$bin/raxx-parse" --site "$site" -o "$store" \
	"$demo"/logs/* "$demo"/dumps/*
run "$bin/raxx-eval" -R "$rules" --site "$site" --format ndjson "$store" \
	>"$demo/verdicts.ndjson"
run "$bin/raxx-report" --site "$site" <"$demo/verdicts.ndjson"

cat <<END

The store is $store; what was planted is in $demo/truth.json.
Try next:

  $bin/raxx-eval -R $rules --site $site --format table $store
  $bin/raxx-eval -R $rules --site $site --from 2026-06-12T13:00Z --to 2026-06-12T20:00Z --every 1h $store
  $bin/raxx-report --site $site --format md $store > $demo/dashboard.md
  $bin/raxx-baseline -R $rules $store
  cat $demo/logs/*.log | $bin/raxx-parse --site $site --app raxx-api-prod | $bin/raxx-eval -R $rules --site $site
END
