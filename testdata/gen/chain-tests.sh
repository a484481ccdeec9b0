#!/bin/sh
# usage: chain-tests.sh >pipelines/rules/tests/DET-DATA-002.yml
#
# The tests of DET-DATA-002. Its rows need MACs, so they are made: raxx-chain,
# which must be in PATH, writes good chains, and each case breaks one of them.
# The key lies beside the tests; it opens nothing.
# shellcheck disable=SC2016 # what stands in single quotes is awk's
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
key=$top/pipelines/rules/tests/chain-k1.hex
tmp=$(mktemp -d "${TMPDIR:-/tmp}/chain.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

early=20260612T180000Z
late=20260613T000000Z
columns=seq,created_at,tenant_id,actor_id,action,detail,after,key_id

# rows TENANT FROM TO: ordinary rows, an hour from 12:01 on with one a minute;
# of three details one is NULL, one empty and one JSON with quotes and commas
rows() {
	awk -v tenant="$1" -v from="$2" -v to="$3" 'BEGIN {
		detail[0] = ""
		detail[1] = "\"\""
		detail[2] = "\"{\"\"path\"\": \"\"/api/v1/items\"\", \"\"n\"\": 1}\""
		for (i = from; i <= to; i++)
			printf "%d,2026-06-12 12:%02d:00.25+00,%s,user:%d," \
			    "item.update,%s,,\n", i, i, tenant, i % 3, detail[i % 3]
	}'
}

# chain <rows: a dump with MACs
chain() {
	{
		echo "$columns"
		cat
	} | raxx-chain k1="$key" k2="$key"
}

# mark ACTION SEQ MINUTE FROM_SEQ [AFTER]: a row that explains a break
mark() {
	printf '%s,2026-06-12 12:%02d:00+00,t-acme,system,%s,"{""seq"": %s, ' \
		"$2" "$3" "$1" "$4"
	printf '""mac"": ""{mac %s}"", ""reason"": ""restored at noon""}",%s,\n' \
		"$4" "${5-}"
}

# where TENANT SEQ COMMAND: awk's COMMAND on that row, all others as they are
where() {
	awk -F , -v OFS=, -v tenant="$1" -v seq="$2" '
		$4 == tenant && $2 == seq { '"$3"' }
		{ print }'
}

without() {
	awk -F , -v tenant="$1" -v from="$2" -v to="$3" \
		'!($4 == tenant && $2 >= from && $2 <= to)'
}

header() {
	cat <<'END'
# Made by testdata/gen/chain-tests.sh: do not edit.
rule: DET-DATA-002
start: 2026-06-12T12:00:00Z
window: 12h
site:
  audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex}}
not_applicable:
  below: a broken row is a finding, no number of them is normal
  at: 'the threshold is one, which the positive cases have'
  edge: there is no window to straddle
cases:
END
}

# begin KIND NAME [MEMBER]: a case
begin() {
	printf "  - case: '%s'\n    kind: %s\n    cover: none\n" "$2" "$1"
	[ $# -lt 3 ] || printf '    %s\n' "$3"
	rm -f "$tmp/files"
}

# dump STAMP <csv
dump() {
	[ -f "$tmp/files" ] || echo '    files:'
	: >"$tmp/files"
	printf '      - name: customer_audit_events_%s.csv\n        text: |\n' "$1"
	sed 's/^/          /'
}

# expect RESULT [MEMBER...]; a MEMBER that starts with a brace is a finding
expect() {
	printf '    expect:\n      result: %s\n' "$1"
	shift
	found=
	for member; do
		case $member in
		'{'*)
			[ -n "$found" ] || echo '      findings:'
			found=yes
			printf '        - %s\n' "$member"
			;;
		*) printf '      %s\n' "$member" ;;
		esac
	done
}

{ rows t-birch 1 4; rows t-acme 1 8; } | chain >"$tmp/good"
{ rows t-birch 1 4; rows t-acme 1 6; } | chain >"$tmp/before"
good() {
	cat "$tmp/good"
}
before() {
	cat "$tmp/before"
}
# edited: both dumps, the later one with what stdin has
edited() {
	before | dump $early
	dump $late
}

header

# --- what holds ---

begin lookalike 'two dumps that hold'
good | edited
expect CLEAR 'state: LIVE' \
	"reason: 'L2: verified 12 of 12 rows of 2 tenants (t-acme 1-8; t-birch 1-4)'"

begin lookalike 'one dump: nothing is known of its tail'
good | dump $late
expect CLEAR_PARTIAL \
	"reason: 'L1: have 1 dump of the chain and no head in site.yml'"

begin lookalike 'MACs in capitals, as bytea, with zeros before the first' \
	'site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex}}}'
good | awk -F , -v OFS=, 'NR > 1 {
	if ($(NF - 1) == "")
		$(NF - 1) = sprintf("%064d", 0)
	$(NF - 1) = "\\x" toupper($(NF - 1))
	$NF = toupper($NF)
} { print }' | edited
expect CLEAR "reason: 'verified 12 of 12 rows'"

begin lookalike 'rows in another order, and a column that is new'
good | awk 'NR == 1 { print "plan," $0; next } { row[NR] = "pro," $0 }
	END { for (i = NR; i > 1; i--) print row[i] }' | edited
expect CLEAR "reason: 'verified 12 of 12 rows'"

begin lookalike 'rows from before the chain have no MAC'
{
	sed -n 1p "$tmp/good"
	rows t-acme 1 5 | sed 's/^/0,/; s/,,$/,,,/'
	rows t-acme 6 8 | chain | sed 1d
} | dump $late
expect CLEAR_PARTIAL "reason: 'verified: 3 of 3 rows of 1 tenant (t-acme 6-8)'"

begin lookalike 'a new key by a row of its own'
{
	rows t-acme 1 4
	rows t-acme 5 8 | sed 's/,$/,k2/'
} | chain >"$tmp/rotated"
sed -n 1,5p "$tmp/rotated" | dump $early
dump $late <"$tmp/rotated"
expect CANNOT_VERIFY \
	"reason: 'unknown_key k2: 4 rows of t-acme; verified: 4 of 8 rows'"

begin lookalike 'both keys are named' \
	'site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex, k2: chain-k1.hex}}}'
sed -n 1,5p "$tmp/rotated" | dump $early
dump $late <"$tmp/rotated"
expect CLEAR "reason: 'verified 8 of 8 rows of 1 tenant (t-acme 1-8)'"

begin lookalike 'old rows were deleted and a checkpoint says so'
{
	rows t-acme 1 6
	mark chain.checkpoint 7 30 4
	rows t-acme 8 9
} | chain >"$tmp/checkpoint"
without t-acme 1 4 <"$tmp/checkpoint" | dump $late
expect CLEAR_PARTIAL "reason: 'verified: 5 of 5 rows of 1 tenant (t-acme 5-9)'"

begin lookalike 'old rows were deleted and a head in site.yml says so' \
	"site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex}, heads: [{tenant: t-acme, seq: 4, mac: '$(
		awk -F , '$4 == "t-acme" && $2 == 4 { print $NF }' "$tmp/good"
	)'}]}}"
good | without t-acme 1 4 | dump $late
expect CLEAR "reason: 'L1: verified 8 of 8 rows'"

begin lookalike 'the later dump starts later, for all tenants'
good | awk -F , 'NR == 1 || $2 >= 3' | edited
expect CLEAR "reason: 'L2: verified 12 of 12 rows'"

begin lookalike 'numbers were skipped and the link holds'
{ rows t-acme 1 4; rows t-acme 7 8; } | chain | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: low, note: 'seq_gap: the link holds, skipped 5-6'}"

begin lookalike 'restored from a backup, and a row says so'
{
	rows t-birch 1 4
	rows t-acme 1 4
	mark chain.reseal 5 40 4
} | chain | edited
expect FIRED "{arm: anchor, key: t-acme, metric: 2, level: low, note: 'explained by chain.reseal: restored at noon'}"

begin lookalike 'restored from a backup, and written on behind the row'
good | dump $early
{
	rows t-birch 1 4
	rows t-acme 1 4
	mark chain.reseal 5 40 4
	rows t-acme 6 8 | sed 's/ 12:/ 13:/'
} | chain | dump $late
expect FIRED "{arm: anchor, key: t-acme, metric: 4, level: low, note: 'explained by chain.reseal: restored at noon'}"

begin lookalike 'a fork that a row explains'
{
	rows t-acme 1 6
	mark chain.reseal 7 40 4 4
} | chain | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: low, note: 'fork: follows the same row as another; explained by chain.reseal'}"

# --- a row that was changed ---

begin positive 'one detail was edited'
good | where t-acme 3 'sub(/,,k1,/, ",none,k1,")' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1, events: 1, level: critical, note: 'seq 3: mac_mismatch: key k1; 1 break, the first at seq 3; L1, verified: 1-2, 4-8'}"

begin positive 'it was edited between two dumps'
good | where t-acme 3 'sub(/,,k1,/, ",none,k1,")' | edited
expect FIRED "{arm: mac, key: t-acme, metric: 1, level: critical, note: 'L2'}"

begin positive 'it was edited, and put back before the next dump'
before | where t-acme 3 'sub(/,,k1,/, ",none,k1,")' | dump $early
good | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1, note: 'in an earlier dump'}"

begin positive 'another actor, another action, another time'
good | where t-acme 3 'sub(/user:0/, "user:1")' |
	where t-acme 5 'sub(/item.update/, "item.read")' |
	where t-birch 2 'sub(/00.25/, "00.250001")' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 2, events: 2, note: '2 breaks, the first at seq 3; L1, verified: 1-2, 4, 6-8'}" \
	"{arm: mac, key: t-birch, metric: 1}"

begin positive 'another key: no row holds' \
	'site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k2.hex}}}'
good | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 8, note: 'key k1, under which no row holds: is it the right one?; 8 breaks, the first at seq 1; L1, verified: none'}" \
	"{arm: mac, key: t-birch, metric: 4}"

begin positive 'a MAC was edited: the link behind it is the same edit'
good | where t-acme 3 '$NF = "00" substr($NF, 3)' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1, level: critical}"

begin positive 'a prev_mac was edited'
good | where t-acme 3 '$(NF - 1) = "00" substr($(NF - 1), 3)' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1}"

begin positive 'the prev_mac of the first row was edited'
good | where t-acme 1 '$(NF - 1) = "00" substr($NF, 3)' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1, note: 'seq 1'}"

begin positive 'two rows changed places'
good | where t-acme 3 '$2 = 40' | where t-acme 4 '$2 = 3' |
	where t-acme 40 '$2 = 4' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 2, note: 'verified: 1-2, 5-8'}"

begin positive 'a row of last week, in a window of today'
rows t-acme 1 8 | sed 's/2026-06-12/2026-06-05/' | chain |
	where t-acme 3 'sub(/,,k1,/, ",none,k1,")' | dump $late
expect FIRED "{arm: mac, key: t-acme, metric: 1, note: 'seq 3'}"

# --- links ---

begin positive 'a row was deleted'
good | without t-acme 3 3 | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: high, note: 'seq 4: seq_gap: missing 3; 1 break, the first at seq 4; L1, verified: 1-2, 4-8'}"

begin positive 'three rows were deleted, in two places, between two dumps'
good | without t-acme 3 3 | without t-acme 5 6 | edited
expect FIRED "{arm: link, key: t-acme, metric: 2, level: high, note: '2 breaks, the first at seq 4; L2, verified: 1-2, 4, 7-8'}"

begin positive 'the first rows were deleted'
good | without t-acme 1 2 | dump $late
expect FIRED "{arm: link, key: t-acme, level: high, note: 'genesis_missing: the rows before are in no dump'}"

begin positive 'the first rows of one tenant were deleted between two dumps'
good | without t-acme 1 2 | edited
expect FIRED "{arm: link, key: t-acme, level: high, note: 'genesis_missing: the rows before are gone'}"

begin positive 'one row more was deleted than the checkpoint says'
without t-acme 1 5 <"$tmp/checkpoint" | dump $late
expect FIRED "{arm: link, key: t-acme, level: high, note: genesis_missing}"

begin positive 'a checkpoint that was forged'
without t-acme 1 5 <"$tmp/checkpoint" | sed 's/""seq"": 4/""seq"": 5/' |
	dump $late
expect FIRED "{arm: link, key: t-acme, level: high, note: genesis_missing}" \
	"{arm: mac, key: t-acme, level: critical, note: 'seq 7'}"

begin positive 'a row twice'
good | awk -F , '{ print } $4 == "t-acme" && $2 == 3 { print }' | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: high, note: 'seq 3: duplicate_seq'}"

begin positive 'a number twice, by the writer'
{
	rows t-acme 1 4
	rows t-acme 4 4 | sed 's/12:04/12:05/; s/,,$/,3,/'
	rows t-acme 6 6 | sed 's/^6/5/'
} | chain | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: high, note: 'seq 4: fork'}"

begin positive 'two rows follow the same row'
{ rows t-acme 1 5; rows t-acme 6 6 | sed 's/,,$/,4,/'; } | chain | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: high, note: 'seq 6: fork: follows the same row as another'}"

begin positive 'a re-seal that was forged'
{ rows t-acme 1 6; mark chain.resale 7 40 4 4; } | chain |
	sed s/chain.resale/chain.reseal/ | dump $late
expect FIRED "{arm: mac, key: t-acme, level: critical, note: 'seq 7'}"

begin positive 'a row lost its MAC'
good | where t-acme 3 '$NF = ""' | dump $late
expect FIRED "{arm: link, key: t-acme, metric: 1, level: high, note: 'seq 3: mac_missing'}"

begin positive 'without a key: a row was deleted' 'site: {audit_chain: }'
good | without t-acme 3 3 | dump $late
expect FIRED 'state: DEGRADED' \
	"{arm: link, key: t-acme, level: high, note: 'missing 3; 1 break, the first at seq 4; L0, linked: 1-2, 4-8'}"

# --- anchors ---

begin positive 'the last rows were deleted between two dumps'
good | without t-acme 5 8 | edited
expect FIRED "{arm: anchor, key: t-acme, metric: 1, events: 1, level: critical, note: 'seq 5: tail_truncated: gone since the dump of 2026-06-12T18:00Z: 5-6; 1 break, the first at seq 5; L2, verified: 1-4'}"

begin positive 'all rows of a tenant were deleted'
good | without t-birch 1 4 | edited
expect FIRED "{arm: anchor, key: t-birch, level: critical, note: 'tail_truncated: gone since the dump of 2026-06-12T18:00Z: 1-4'}"

begin positive 'the table was emptied'
sed -n 1p "$tmp/good" | edited
expect FIRED "{arm: anchor, key: t-acme, level: critical, note: '1-6'}" \
	"{arm: anchor, key: t-birch, level: critical, note: '1-4'}"

begin positive 'whoever has the key wrote the chain anew'
{
	rows t-birch 1 4
	rows t-acme 1 4
	rows t-acme 5 5 | sed s/item.update/item.read/
	rows t-acme 6 8
} | chain >"$tmp/anew"
edited <"$tmp/anew"
expect FIRED "{arm: anchor, key: t-acme, metric: 2, events: 2, level: critical, note: 'seq 5: anchor_mismatch: the dump of 2026-06-12T18:00Z has another row; 2 breaks, the first at seq 5; L2, verified: 1-8'}"

begin positive 'without a key: a text was edited between two dumps' \
	'site: {audit_chain: }'
good | where t-acme 3 'sub(/,,k1,/, ",none,k1,")' | edited
expect FIRED 'state: DEGRADED' \
	"{arm: anchor, key: t-acme, metric: 1, level: critical, note: 'L0'}"

begin positive 'edited between two dumps, and now of a key that nobody knows'
good | where t-acme 3 'sub(/,,k1,/, ",none,k9,")' | edited
expect FIRED "{arm: anchor, key: t-acme, metric: 1, level: critical, note: 'seq 3: anchor_mismatch'}"

begin positive 'all MACs of a tenant were taken out between two dumps'
good | awk -F , -v OFS=, '$4 == "t-birch" { $(NF - 1) = $NF = "" } { print }' |
	edited
expect FIRED "{arm: anchor, key: t-birch, metric: 4, level: critical}" \
	"{arm: link, key: t-birch, metric: 4, note: mac_missing}"

begin other 'a tenant without MACs beside one with them'
good | awk -F , -v OFS=, '$4 == "t-birch" { $(NF - 1) = $NF = "" } { print }' |
	dump $late
expect CANNOT_VERIFY "reason: 'no MAC: 4 rows of t-birch; verified: 8 of 8 rows'"

begin positive 'a head in site.yml has another MAC' \
	"site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex}, heads: [{tenant: t-acme, seq: 6, mac: '$(
		awk -F , '$4 == "t-acme" && $2 == 6 { print $NF }' "$tmp/good"
	)'}]}}"
dump $late <"$tmp/anew"
expect FIRED "{arm: anchor, key: t-acme, metric: 1, level: critical, note: 'the head in site.yml has another MAC'}"

begin positive 'a head in site.yml is behind the last row' \
	"site: {audit_chain: {format: raxx-audit-v1, keys: {k1: chain-k1.hex}, heads: [{tenant: t-acme, seq: 9, mac: '$(
		printf %064d 9
	)'}, {tenant: t-gone, seq: 1, mac: '$(printf %064d 1)'}]}}"
good | dump $late
expect FIRED "{arm: anchor, key: t-acme, level: critical, note: 'site.yml knows a head at seq 9, the last row is 8'}" \
	"{arm: anchor, key: t-gone, level: critical, note: 'there is no row'}"

# --- what cannot be verified ---

begin other 'without a key only the links are known' 'site: {audit_chain: }'
good | edited
expect CANNOT_VERIFY 'state: DEGRADED' \
	"reason: 'L0, structure only, no evidence against tampering: site.yml names no key (audit_chain); linked 12 rows of 2 tenants'"

begin other 'the key file is not there' \
	'site: {audit_chain: {format: raxx-audit-v1, keys: {k1: none.hex}}}'
good | edited
expect CANNOT_VERIFY 'state: DEGRADED' "reason: 'No such file or directory'"

begin other 'the key file is no key' \
	'site: {audit_chain: {format: raxx-audit-v1, keys: {k1: DET-DATA-002.yml}}}'
good | edited
expect CANNOT_VERIFY 'state: DEGRADED' "reason: 'pairs of hexadecimal digits'"

begin other 'another format' \
	'site: {audit_chain: {format: raxx-audit-v2, keys: {k1: chain-k1.hex}}}'
good | edited
expect CANNOT_VERIFY "reason: 'unknown_version raxx-audit-v2: 12 rows'"

begin other 'a row of another format'
good | awk 'NR == 1 { print $0 ",mac_format"; next }
	{ print $0 (NR == 9 ? ",raxx-audit-v2" : ",") }' |
	where t-acme 4 'sub(/,"",k1,/, ",x,k1,")' | dump $late
expect CANNOT_VERIFY "reason: 'unknown_version raxx-audit-v2: 1 row of t-acme'"

begin other 'an exporter that writes NULL and the empty text alike'
good | sed 's/,"",/,,/g' | edited
expect CANNOT_VERIFY \
	"reason: 'null_ambiguous (holds with NULL and the empty text exchanged)'"

begin other 'a MAC that is none'
good | where t-birch 4 '$NF = "abc"' | dump $late
expect CANNOT_VERIFY "reason: 'unparsable: 1 row of t-birch'"

begin other 'an actor that looks like a secret is not kept as it was signed'
{ rows t-acme 1 4 | sed 's/user:1/sk_live_abcdefghijklmnopqrstuvwx/'; } | chain |
	dump $late
expect CANNOT_VERIFY "reason: 'unparsable: 2 rows of t-acme'"

begin other 'a detail that looks like a secret is'
{ rows t-acme 1 4 | sed 's/,"",,$/,password=hunter2,,/'; } | chain | dump $late
expect CLEAR_PARTIAL "reason: 'verified: 4 of 4 rows'"

begin other 'a mark that is no JSON explains nothing and breaks nothing'
{ rows t-acme 1 4; echo '5,2026-06-12 12:30:00+00,t-acme,system,chain.reseal,{bad,,'; } |
	chain | dump $late
expect CLEAR_PARTIAL "reason: 'verified: 5 of 5 rows'"

begin other 'the same dump twice changes nothing'
good | where t-acme 3 'sub(/,,k1,/, ",none,k1,")' >"$tmp/bad"
dump $early <"$tmp/bad"
dump $late <"$tmp/bad"
expect FIRED "{arm: mac, key: t-acme, metric: 1, events: 1}"

# --- what is not there ---

begin missing 'no dump'
expect NOT_EVALUATED 'state: DORMANT'

begin missing 'a table without MACs'
good | sed 's/,key_id.*//; s/,k1,.*//' | dump $late
expect NOT_EVALUATED 'state: DORMANT' "reason: 'needs customer_audit_events.mac'"

begin partial 'the dump was taken at 60 % of the window'
before | dump 20260612T160000Z
good | dump 20260612T191200Z
expect CLEAR_PARTIAL 'coverage: [0.59, 0.61]'
