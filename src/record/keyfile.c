/* SPDX-License-Identifier: MIT */
#include "record/keyfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/io.h"
#include "base/outfile.h"

static bool
parse_key(sv text, uint8_t key[REDACT_KEY_LEN])
{
	text = sv_trim(text);
	if (text.n != 2 * (size_t)REDACT_KEY_LEN)
		return false;
	for (size_t i = 0; i < REDACT_KEY_LEN; i++) {
		int hi = hex_value(text.p[2 * i]);
		int lo = hex_value(text.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		key[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static bool
read_key(const char *path, uint8_t key[REDACT_KEY_LEN], struct err *e)
{
	struct arena a = ARENA_INIT;
	struct stat sb;
	sv text;
	bool ok = io_read_file(&a, path, 4096, &text, e);

	if (ok && stat(path, &sb) == 0 && S_ISREG(sb.st_mode) &&
	    (sb.st_mode & 077) != 0)
		ok = err_set(e, ST_USAGE, "%s: mode %03o lets others read the "
		    "key; chmod 600 it", path, (unsigned)sb.st_mode & 0777);
	if (ok && !parse_key(text, key))
		ok = err_set(e, ST_USAGE,
		    "%s: expected 64 hexadecimal digits", path);
	arena_release(&a);
	return ok;
}

/* The folders above the file, as far as they are missing. */
static void
make_folders(const char *path)
{
	struct arena a = ARENA_INIT;
	char *p = arena_str(&a, sv_str(path));

	for (char *slash = p; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		mkdir(p, 0700);
		*slash = '/';
	}
	arena_release(&a);
}

static bool
random_bytes(uint8_t *out, size_t n)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && io_read_upto(fd, out, n) == n;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
write_key(struct outfile *f, struct err *e)
{
	uint8_t key[REDACT_KEY_LEN];
	struct buf b = BUF_INIT;
	bool ok = random_bytes(key, sizeof(key)) ||
	    err_sys(e, ST_FAIL, "/dev/urandom");

	buf_hex(&b, key, sizeof(key));
	buf_byte(&b, '\n');
	ok = ok && outfile_write(f, buf_sv(&b), e);
	buf_release(&b);
	return ok;
}

/* Of several processes that make the key at once one wins; the others find its
 * key, and none ever reads half of one. */
static bool
make_key(const char *path, struct err *e)
{
	struct outfile f = OUTFILE_INIT;
	struct err why = ERR_INIT;
	bool ok;

	make_folders(path);
	ok = outfile_open(&f, path, false, &why) && write_key(&f, &why) &&
	    outfile_keep(&f, &why);
	outfile_discard(&f);
	return ok || access(path, F_OK) == 0 ||
	    err_set(e, ST_USAGE, "cannot make the key: %s", why.msg);
}

bool
keyfile_load(const char *path, bool create, uint8_t key[REDACT_KEY_LEN],
    struct err *e)
{
	if (create && access(path, F_OK) != 0 && !make_key(path, e))
		return false;
	return read_key(path, key, e);
}
