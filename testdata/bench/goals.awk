# usage: awk -f goals.awk -v lines=N -v own=NAMES -v tsv=FILE what=names FILE
#	what=notes FILE what=sizes FILE what=times FILE
#
# From what bench.sh wrote: the goals, met or not, the medians of all that was
# run, and why something was not, as Markdown; the goals also into the file tsv;
# the musts that are not met on standard error. Exit status: 0, 1 if there are
# such, 3 if one of our programs failed or answered wrongly. own: those whose
# growth was measured.

BEGIN {
	FS = "\t"
	quarter = lines / 4
	triple = lines * 3
}

what == "names" {
	if (!($1 in title))
		name[++names] = $1
	title[$1] = $2
}
what == "notes" {
	if (!($1 in note))
		note[$1] = $2
	if ($2 !~ /^not run|not compared/ && $1 !~ /\./)
		broken = 1
	if ($2 == "not run: skipped")
		skipped = skipped (skipped ? ", " : "") $1
	else
		noted[++notes] = $1 ": " $2
}
what == "sizes" {
	input[$1] = $2
	stored[$1] = $3
}
what == "times" {
	k = $1 "@" $2
	runs[k]++
	wall[k, runs[k]] = $4
	cpu[k, runs[k]] = $5
	if ($6 > kb[k])
		kb[k] = $6
}

# The median of v[k, 1...n]; 0 if there are none.
function median(v, k,    n, i, j, t, s) {
	n = runs[k]
	for (i = 1; i <= n; i++) {
		t = v[k, i]
		for (j = i; j > 1 && s[j - 1] > t; j--)
			s[j] = s[j - 1]
		s[j] = t
	}
	if (!n)
		return 0
	i = int((n + 1) / 2)
	return n % 2 ? s[i] : (s[i] + s[i + 1]) / 2
}

# Largest less smallest wall time, of the median.
function percent(k,    i, v, low, high) {
	if (runs[k] < 2)
		return "-"
	low = high = wall[k, 1]
	for (i = 2; i <= runs[k]; i++) {
		v = wall[k, i]
		low = v < low ? v : low
		high = v > high ? v : high
	}
	return sprintf("%.0f %%", 100 * (high - low) / median(wall, k))
}

function w(id) {
	return median(wall, id "@" lines)
}

function c(id) {
	return median(cpu, id "@" lines)
}

function seconds(v) {
	return sprintf(v < 10 ? "%.3f s" : "%.1f s", v)
}

function micro(v) {
	return sprintf("%.3f us/line", v * 1e6)
}

function ratio(v) {
	return sprintf(v < 1 ? "%.3f" : "%.2f", v)
}

function millions(n) {
	return sprintf("%g M", n / 1e6)
}

function why(ids,    n, id, i) {
	n = split(ids, id, " ")
	for (i = 1; i <= n; i++)
		if (id[i] in note)
			return note[id[i]]
	return "not run"
}

function row(what, ours, beside, is, must, aim, met) {
	printf "| %s | %s | %s | %s | %s | %s | %s |\n", what, ours, beside, is,
	    must, aim, met
	printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", what, ours, beside, is, must,
	    aim, met >tsv
}

# A goal: ours is at most must, or better aim, times beside. An empty must is
# none. ids: whose notes tell why there is no figure.
function goal(what, ids, ours, beside, ours_text, beside_text, must, aim,    r, met) {
	if (!ours || !beside) {
		row(what, "", "", "", must, aim, why(ids))
		return
	}
	r = ours / beside
	met = r <= aim ? "aim" : must == "" ? "no" : r <= must ? "must" : "NO"
	if (met == "NO")
		missed[++misses] = what ": " ratio(r) ", not " must
	row(what, ours_text, beside_text, ratio(r), must, aim, met)
}

function goal_wall(what, id, peer, must, aim) {
	goal(what, id " " peer, w(id), w(peer), seconds(w(id)),
	    seconds(w(peer)), must, aim)
}

# Peak memory at the sizes that were run; in MB, not as a ratio.
function goal_memory(what, id,    size, i, mb, text, most, met, n) {
	n = split(quarter " " lines " " triple, size, " ")
	for (i = 1; i <= n; i++) {
		mb = kb[id "@" size[i]] / 1024
		if (!mb)
			continue
		text = text (text ? ", " : "") sprintf("%.0f MB at %s", mb,
		    millions(size[i]))
		if (mb > most)
			most = mb
	}
	if (!most) {
		row(what, "", "", "", "256 MB", "128 MB", why(id))
		return
	}
	met = most <= 128 ? "aim" : most <= 256 ? "must" : "NO"
	if (met == "NO")
		missed[++misses] = what ": " int(most) " MB, not 256"
	row(what, text, "", "", "256 MB", "128 MB", met)
}

function per_line(id, n) {
	return median(wall, id "@" n) / n
}

# Of a dry run in times of its limit, that of reading: a log of 1 M lines fits
# into caches of a large machine.
function goal_growth(id,    few, many, what, limit) {
	few = per_line(id, quarter)
	many = per_line(id, triple)
	what = "time per line, " millions(triple) " against " \
	    millions(quarter) ": " title[id]
	limit = per_line("wc", quarter)
	if (id == "dry" && few && many && limit) {
		few /= limit
		many /= per_line("wc", triple)
		goal(what ", in times of `wc -l`", id, many, few, ratio(many),
		    ratio(few), 1.15, 1.15)
		return
	}
	goal(what, id, many, few, micro(many), micro(few), 1.15, 1.15)
}

function goals(    i, n, id) {
	print "| measure | ours | beside | ratio | must | aim | met |"
	print "|---|---|---|---|---|---|---|"
	goal_wall("`raxx-parse --dry-run` / `wc -l`", "dry", "wc", 5, 3.5)
	goal_wall("`raxx-parse -o new.db` / DuckDB table", "store",
	    "duckdb.store", 0.25, 0.125)
	goal("the same, CPU", "store duckdb.store", c("store"),
	    c("duckdb.store"), seconds(c("store")), seconds(c("duckdb.store")),
	    0.167, 0.1)
	goal_wall("the same / Python `re` + `sqlite3`", "store",
	    "python3.store", 0.1, 0.05)
	goal("second half appended / fresh load, per line", "append store",
	    w("append") / (lines / 2), w("store") / lines,
	    micro(w("append") / (lines / 2)), micro(w("store") / lines), 1.5,
	    1.1)
	goal_wall("same file again / fresh load", "again", "store", 0.2, 0.2)
	goal_wall("same file again / BLAKE3 of it", "again", "digest", "", 1.1)
	goal_wall("load of .gz / `gzip -dc`", "gz", "gunzip", 0.7, 0.4)
	goal("`raxx-parse` into `raxx-eval` / store and eval", "pipe store eval",
	    w("pipe"), w("store") && w("eval") ? w("store") + w("eval") : 0,
	    seconds(w("pipe")), seconds(w("store") + w("eval")), 2, 1.3)
	goal_wall("catalog over the store / scan of `request`", "eval", "scan",
	    3, 1.5)
	goal("102 Sigma rules more / scan of `request`", "sigma eval scan",
	    w("sigma") ? w("sigma") - w("eval") : 0, w("scan"),
	    seconds(w("sigma") - w("eval")), seconds(w("scan")), 1, 0.3)
	goal_wall("sliding distinct count from the log / mawk, fixed windows",
	    "sliding", "mawk.fixed", 1, 0.5)
	goal("store / input", "store", stored[lines], input[lines],
	    sprintf("%.0f MB", stored[lines] / 1e6),
	    sprintf("%.0f MB", input[lines] / 1e6), 0.3, 0.2)
	goal_memory("peak memory, `raxx-parse -o`", "store")
	goal_memory("peak memory, `raxx-eval`", "eval")
	goal_memory("peak memory, both in a pipe, summed", "pipe")
	n = split(own, id, " ")
	for (i = 1; i <= n; i++)
		goal_growth(id[i])
}

function medians(    i, k, mb) {
	print "\n| command | wall s | CPU s | peak MB | spread |"
	print "|---|---|---|---|---|"
	for (i = 1; i <= names; i++) {
		k = name[i] "@" lines
		if (!runs[k])
			continue
		mb = kb[k] ? sprintf("%.0f", kb[k] / 1024) : ""
		printf "| %s | %.3f | %.3f | %s | %s |\n", title[name[i]],
		    median(wall, k), median(cpu, k), mb, percent(k)
	}
}

END {
	goals()
	medians()
	print "\nSpread: largest less smallest, of the median. That of `wc -l` (" \
	    percent("wc@" lines) ") and of the loop (" percent("loop@" lines) \
	    ") is what the machine itself does."
	if (skipped)
		noted[++notes] = "skipped: " skipped
	for (i = 1; i <= notes; i++)
		print (i == 1 ? "\n" : "") "- " noted[i]
	for (i = 1; i <= misses; i++)
		print "bench: must not met: " missed[i] >"/dev/stderr"
	exit broken ? 3 : misses > 0
}
