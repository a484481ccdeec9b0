# shellcheck shell=sh
# Real lines, which stay outside the sources: only counts of them are shown.
# Every line that the platform wrote must be typed.
dir=${CORPUS:-$TOP/../shared/corpus/heroku}

for f in real-lines.log powershell-utf16le-crlf.log; do
	if [ ! -r "$dir/$f" ]; then
		echo "there are no real lines beside the sources" >&2
		exit 77
	fi
done
printf '%064d\n' 7 >key && chmod 600 key

# check NAME FILE TEXT: TEXT is what the file says, with one byte a letter.
# What a line is, is told by its source and words; what it became, by kind and
# event of the record of the same line.
check() {
	raxx-parse -q --key-file key --taken-at 2026-06-12T14:00Z "$2" >records
	awk -v name="$1" '
	function after(key, end,  s) {
		if (!index($0, key))
			return ""
		s = substr($0, index($0, key) + length(key))
		return substr(s, 1, index(s, end) - 1)
	}
	function family() {
		if ($2 == "heroku[router]:")
			return "router"
		if ($2 == "heroku[logplex]:" || tolower($2) == "logplex:")
			return "loss"
		if (/ sample#/ && ($2 ~ /^heroku\[/ || $2 ~ /^app\[heroku-/))
			return "metric"
		if ($2 == "app[api]:" || $2 == "heroku[api]:")
			return / Scaled? to / ? "scale" : "release"
		return $2 ~ /^heroku\[(web|worker|run|release)/ ? "state" : "app"
	}
	function wanted(f, kind, event) {
		if (f == "router")
			return kind == "request"
		if (f == "loss" || f == "metric")
			return kind == f
		return kind == "platform" && event != "other" &&
		    (f != "scale" || event == "scale")
	}
	FILENAME == "records" && /"kind":"input_end"/ {
		read = after("\"read\":", ",")
		rejected = after("\"rejected\":", ",")
		sum = rejected + after("\"stored\":", ",")
		sum += after("\"duplicates\":", ",") + after("\"blank\":", ",")
	}
	FILENAME == "records" {
		line = after("\"line\":", ",")
		kind[line] = after("{\"kind\":\"", "\"")
		event[line] = after("\"event\":\"", "\"")
		# the rest of a command or of a broken line
		part[line] = kind[line] == "part" && !/"joined":"traceback"/
		next
	}
	{
		lines++
		f = family()
		n[f]++
		typed[f] += part[FNR] || wanted(f, kind[FNR], event[FNR])
	}
	END {
		printf "%s: %d lines, read %d, rejected %d, %s\n", name, lines,
		    read, rejected, read == sum ? "balanced" : "not balanced"
		k = split("router metric state scale release loss", names, " ")
		for (i = 1; i <= k; i++)
			printf "%s: %s %d, typed %d\n", name, names[i],
			    n[names[i]], typed[names[i]]
	}' records "$3"
}

grep -v '^### ' "$dir/real-lines.log" >real
check text real real
tr -d '\000' <"$dir/powershell-utf16le-crlf.log" | sed 1s/^..// >narrow
check utf16 "$dir/powershell-utf16le-crlf.log" narrow
