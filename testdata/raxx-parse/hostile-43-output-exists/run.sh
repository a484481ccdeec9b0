#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A file that exists is refused without --force.  With it the file is the old
# one or the new one, whatever happens, and nothing is left beside it.
lines 2 >a.log
printf '%sx\n' "$bad" >>a.log
lines 40 >b.log
cp a.log copy

try() {
	echo "$*"
	parse -n "$@" 2>err
	rc=$?
	grep -v -e ": $total" -e bad-time err
	echo "status $rc"
}

# kept WHAT: is the input as it was, and no draft left?
kept() {
	cmp a.log copy && set -- *.log.?????? rj.?????? && [ ! -e "$1" ] &&
		[ ! -e "$2" ] && echo 'as it was'
}

try --rejects a.log a.log
kept
try --rejects new a.log
grep -c '"kind":"reject"' new
echo old >rj
try --rejects rj a.log
cat rj
ln rj hard
try --force --rejects rj a.log
grep -c '"kind":"reject"' rj
cat hard

# Never over what this run reads or writes.
try --force --rejects a.log a.log
try --force --rejects ./a.log b.log a.log
# shellcheck disable=SC2094 # that is what is refused
try --force --rejects a.log <a.log
ln a.log other.log
try --force --rejects other.log a.log
parse -q -o s.db b.log
parse -q --force --rejects s.db -o s.db a.log
echo "status $?"
parse -q --force --rejects new.db -o new.db b.log
echo "status $?"
head -c 15 new.db
echo
rm -f s.db new.db
kept

# A run that fails.
echo old >rj
try --force --rejects rj nofile
try --force --rejects rj a.log nofile
try --force --rejects rj --year x a.log
parse --force --rejects rj -o no/such/s.db a.log
echo "status $?"
cat rj
kept
need_fault

# A signal, SIGKILL last, at each read and write, and a file that comes
# meanwhile.
for signal in 2 15 1 9; do
	n=1 old=0
	while :; do
		rm -f rj*
		echo old >rj
		fault FAULT_AT=$n FAULT_SIGNAL=$signal raxx-parse -nq \
			--key-file key --force --rejects rj a.log b.log 2>err
		rc=$?
		[ $rc = $((128 + signal)) ] || break
		case $(cat rj) in
		old) old=$((old + 1)) ;;
		*bad-time*) ;;
		*) echo "$n: $(cat rj)" ;;
		esac
		set -- rj.??????
		[ $signal = 9 ] || [ ! -e "$1" ] || echo "$n: $1 is left"
		n=$((n + 1))
	done
	[ $rc = 1 ] && [ $old -gt 3 ] && echo "signal $signal: old or new"
done
rm -f rj*
fault FAULT_AT=5 FAULT_RUN='echo another >rj' raxx-parse -nq --key-file key \
	--force --rejects rj a.log 2>&1
echo "status $?"
cat rj
rm rj
fault FAULT_NO_LINK=1 raxx-parse -nq --key-file key --rejects rj a.log 2>err
echo "status $?"
grep -c '"kind":"reject"' rj
kept

# Nobody reads the records.
rm rj
{
	sleep 1
	parse -q --rejects rj a.log 2>err
	echo $? >rc
} | :
grep -v bad-time err
cat rc
kept
