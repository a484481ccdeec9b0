#!/bin/sh
# usage: truth.sh TRUTH RUN [RULES]
#
# Compares what raxx-demo planted (its truth.json) with what a run over the
# whole week found (raxx-eval's NDJSON), for the rules whose id matches RULES
# (sqlite3's GLOB; all).  Needs the program sqlite3 with its JSON functions.
#
# Every attack has exactly one finding of its rule, arm and key that overlaps
# its time, and level, metric, first and last are equal to the microsecond.  An
# attack that is `open` has other events before and behind it, which are no
# matter: its finding fired within its time.  One without a time (a posture) has
# one finding.  A look-alike has no finding, or, if a level is `allowed`, one as
# if it were an attack of that level.  `suppressed` ones are on the allow list,
# and no others.  No finding remains that nothing of this explains.
#
# Keys are those of findings: tokens as they are hashed with keys/raxx.hex of
# the demo, which the run must have used (raxx-parse --key-file).
#
# Prints each deviation; 0 when there is none, 1 when there are, 2 when it
# cannot compare.
set -u

[ $# -eq 2 ] || [ $# -eq 3 ] || {
	echo 'usage: truth.sh TRUTH RUN [RULES]' >&2
	exit 2
}
command -v sqlite3 >/dev/null 2>&1 || {
	echo 'truth.sh: no sqlite3 program: see ./bootstrap' >&2
	exit 2
}
for f in "$1" "$2"; do
	[ -s "$f" ] || { echo "truth.sh: $f: missing or empty" >&2; exit 2; }
done

# text STRING: as an SQL literal
text() {
	printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

out=$(sqlite3 -batch -bail :memory: 2>&1 <<END
CREATE TABLE truth AS
    SELECT json(CAST(readfile($(text "$1")) AS TEXT)) AS j;
CREATE TABLE line AS SELECT value AS j FROM json_each('[' || replace(
    rtrim(CAST(readfile($(text "$2")) AS TEXT), char(10)), char(10), ',')
    || ']');

CREATE TABLE finding AS SELECT f.j ->> 'id' AS id, f.j ->> 'rule' AS rule,
    f.j ->> 'arm' AS arm, f.j ->> 'key' AS key, f.j ->> 'level' AS level,
    f.j ->> 'metric' AS metric, f.j ->> 'first' AS first,
    f.j ->> 'last' AS last, f.j ->> 'fired_at' AS fired_at,
    EXISTS (SELECT 1 FROM line AS s WHERE s.j ->> 'type' = 'status'
        AND s.j ->> 'finding' = f.j ->> 'id'
        AND s.j ->> 'suppressed' IS NOT NULL) AS suppressed
FROM line AS f
WHERE f.j ->> 'type' = 'finding' AND f.j ->> 'rule' GLOB $(text "${3-*}");

CREATE TABLE planted AS SELECT k.column1 AS kind, p.value ->> 'rule' AS rule,
    p.value ->> 'arm' AS arm, p.value ->> 'key' AS key,
    coalesce(p.value ->> 'level', p.value ->> 'allowed') AS level,
    p.value ->> 'metric' AS metric, p.value ->> 'start' AS start,
    p.value ->> 'end' AS stop, coalesce(p.value ->> 'open', 0) AS open,
    coalesce(p.value ->> 'suppressed', 0) AS suppressed,
    coalesce(p.value ->> 'client', '') AS client,
    coalesce(p.value ->> 'note', p.value ->> 'why') AS why
FROM truth, (VALUES ('attacks'), ('lookalikes'), ('unseen')) AS k,
    json_each(truth.j, '$.' || k.column1) AS p
WHERE p.value ->> 'rule' GLOB $(text "${3-*}");

CREATE TABLE expected AS SELECT row_number() OVER () AS nr, * FROM planted
WHERE level IS NOT NULL AND kind <> 'unseen';

CREATE TABLE met AS SELECT e.nr, f.* FROM expected AS e JOIN finding AS f
    ON f.rule = e.rule AND f.arm = e.arm AND f.key = e.key
        AND (e.start IS NULL
            OR (e.open AND f.fired_at BETWEEN e.start AND e.stop)
            OR (NOT e.open AND f.first <= e.stop AND f.last >= e.start));

CREATE TABLE pair AS SELECT e.rule, e.arm, e.key, e.why, e.open, e.level,
    e.metric, e.start, e.stop, e.suppressed, m.level AS is_level,
    m.metric AS is_metric, m.first, m.last, m.suppressed AS is_suppressed
FROM expected AS e JOIN met AS m ON m.nr = e.nr;
CREATE TABLE compared AS
SELECT rule, arm, key, why, 'level' AS what, is_level AS is_, level AS want
FROM pair
UNION ALL
SELECT rule, arm, key, why, 'metric', is_metric, metric FROM pair
UNION ALL
SELECT rule, arm, key, why, 'first', first, start FROM pair WHERE NOT open
UNION ALL
SELECT rule, arm, key, why, 'last', last, stop FROM pair WHERE NOT open
UNION ALL
SELECT rule, arm, key, why, 'suppressed', is_suppressed, suppressed FROM pair;

CREATE TABLE deviation AS
SELECT printf('%s %s %s: no finding: %s', rule, arm, key, why) AS text
FROM expected WHERE nr NOT IN (SELECT nr FROM met)
UNION ALL
SELECT printf('%s %s %s: %d findings, not one: %s', rule, arm, key,
    (SELECT count(*) FROM met WHERE met.nr = e.nr), why)
FROM expected AS e
WHERE (SELECT count(*) FROM met WHERE met.nr = e.nr) > 1
UNION ALL
SELECT printf('%s %s %s: %s is %s, not %s: %s', rule, arm, key, what, is_, want,
    why) FROM compared WHERE is_ <> want
UNION ALL
SELECT printf('%s %s %s: unexplained, %s, metric %s, %s to %s%s', rule, arm,
    key, level, metric, first, last, coalesce((SELECT ': look-alike: ' || why
        FROM planted AS p WHERE p.kind <> 'attacks' AND p.rule = f.rule
            AND f.key IN (p.key, p.client)), ''))
FROM finding AS f WHERE id NOT IN (SELECT id FROM met);

SELECT text FROM deviation ORDER BY text;
SELECT CASE WHEN a + b = 0 THEN 'nothing was planted for these rules'
    WHEN n > 0 THEN printf('truth not met: %d deviations', n)
    ELSE 'truth met' END || printf(': %d attacks, %d look-alikes', a, b)
FROM (SELECT count(*) AS n FROM deviation),
    (SELECT total(kind = 'attacks') AS a, total(kind <> 'attacks') AS b
        FROM planted);
END
)
printf '%s\n' "$out"
case ${out##*
} in
'truth met: '*) exit 0 ;;
'truth not met: '*) exit 1 ;;
*) exit 2 ;;
esac
