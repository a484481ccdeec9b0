#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A store with a trigger, view or table that raxx did not make.
need_sqlite
lines 3 >a.log
lines 3 9000 >b.log
parse -q -o good.db a.log
while read -r name sql; do
	cp good.db "$name.db"
	sqlite3 "$name.db" "$sql"
	sha256sum "$name.db" >sum
	parse -o "$name.db" b.log
	echo "status $?"
	sha256sum -c sum >/dev/null || echo "$name: changed"
	[ ! -e "$name.db-journal" ] || echo "$name: a journal is left"
done <<'L'
trigger CREATE TRIGGER t AFTER INSERT ON source BEGIN DELETE FROM app; END
view CREATE VIEW v AS SELECT 1
table CREATE TABLE t (x)
index CREATE INDEX i ON source (name)
column ALTER TABLE source ADD COLUMN x TEXT
gone DROP TABLE hole
L
