#!/bin/sh
# usage: new.sh FOLDER/MODULE [fuzz]
# Start a module: header, source, unit tests and, if asked, a fuzz target.
set -u

usage() {
	echo 'usage: make new MODULE=parse/foo [FUZZ=1]' >&2
	exit 2
}

cd "$(dirname "$0")/.." || exit 3
[ $# -ge 1 ] || usage
folder=${1%%/*} name=${1#*/}

case $folder in
base | input | parse | record | store | output | detect) ;;
*) usage ;;
esac
case $name in
*[!a-z0-9_]* | [!a-z]* | '') usage ;;
esac
for f in src/*/"$name".[ch] src/test/test_"$name".c src/fuzz/fuzz_"$name".c; do
	if [ -e "$f" ]; then
		echo "make new: $f is there already: names are unique" >&2
		exit 2
	fi
done

guard=RAXX_$(echo "${folder}_$name" | tr '[:lower:]' '[:upper:]')_H
mkdir -p "src/$folder" src/test src/fuzz

cat >"src/$folder/$name.h" <<END
/* SPDX-License-Identifier: MIT */
/*
 * $name: what it is, who owns what and for how long, what false means.
 */
#ifndef $guard
#define $guard

#include <stdbool.h>

bool ${name}_parse(void);

#endif
END

cat >"src/$folder/$name.c" <<END
/* SPDX-License-Identifier: MIT */
#include "$folder/$name.h"

bool
${name}_parse(void)
{
	return true;
}
END

cat >"src/test/test_$name.c" <<END
/* SPDX-License-Identifier: MIT */
#include "$folder/$name.h"

#include <check.h>

START_TEST(parses)
{
	ck_assert(${name}_parse());
}
END_TEST

Suite *
test_$name(void)
{
	Suite *s = suite_create("$name");
	TCase *t = tcase_create("$name");

	tcase_add_test(t, parses);
	suite_add_tcase(s, t);
	return s;
}
END

echo "src/$folder/$name.h" "src/$folder/$name.c" "src/test/test_$name.c"
[ "${2-}" = fuzz ] || exit 0

cat >"src/fuzz/fuzz_$name.c" <<END
/* SPDX-License-Identifier: MIT */
#include "$folder/$name.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	/* Assert a property of the result, not merely that nothing crashed. */
	(void)data;
	(void)n;
	assert(${name}_parse());
	return 0;
}
END
mkdir -p "testdata/fuzz/$name"
echo "src/fuzz/fuzz_$name.c" "testdata/fuzz/$name/"
