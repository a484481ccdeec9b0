/* SPDX-License-Identifier: MIT */
/*
 * fault.c: a library to preload (LD_PRELOAD) that makes system calls and
 * allocations of a program under test go wrong.  Set by the environment:
 *
 *   FAULT_SHORT=1       every read and write moves at most 1 to 7 bytes
 *   FAULT_EINTR=N       every N-th read and write fails with EINTR first
 *   FAULT_WRITE_NTH=N   the N-th write fails with ENOSPC
 *   FAULT_ERRNO=NUMBER  with this one instead
 *   FAULT_READ_NTH=N    the N-th read fails with EIO
 *   FAULT_SYNC_NTH=N    the N-th fsync or fdatasync fails with EIO
 *   FAULT_NO_LINK=1     the file system has no hard links
 *   FAULT_MALLOC_NTH=N  the N-th allocation fails (glibc)
 *   FAULT_AT=N          before the N-th read or write
 *     FAULT_SIGNAL=S      the program gets signal number S
 *     FAULT_RUN=COMMAND   a shell command is run
 *   FAULT_COUNT=FILE    at the end FILE gets the numbers of calls: reads,
 *                       writes, syncs, allocations
 *
 * Reads and writes are read, pread, write and pwrite, but for descriptor 2.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct {
	unsigned long short_io, eintr, write_nth, write_errno, read_nth, sync_nth,
	    malloc_nth, at, sig, no_link;
	const char *run, *count;
} want;

static unsigned long ios, reads, writes, syncs, mallocs, seed = 1;

static unsigned long
number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

static void __attribute__((constructor))
setup(void)
{
	want.short_io = number("FAULT_SHORT");
	want.eintr = number("FAULT_EINTR");
	want.write_nth = number("FAULT_WRITE_NTH");
	want.write_errno = number("FAULT_ERRNO");
	if (want.write_errno == 0)
		want.write_errno = ENOSPC;
	want.read_nth = number("FAULT_READ_NTH");
	want.sync_nth = number("FAULT_SYNC_NTH");
	want.no_link = number("FAULT_NO_LINK");
	want.at = number("FAULT_AT");
	want.sig = number("FAULT_SIGNAL");
	want.run = getenv("FAULT_RUN");
	want.count = getenv("FAULT_COUNT");
	unsetenv("LD_PRELOAD"); /* not for what FAULT_RUN starts */
	if (want.sig)
		signal((int)want.sig, SIG_DFL); /* even if a shell ignores it */
	want.malloc_nth = number("FAULT_MALLOC_NTH");
	mallocs = 0;
}

static void __attribute__((destructor))
report(void)
{
	FILE *f = want.count ? fopen(want.count, "w") : NULL;

	if (f == NULL)
		return;
	fprintf(f, "%lu %lu %lu %lu\n", reads, writes, syncs, mallocs);
	fclose(f);
}

/* Before a read or write. True: it fails, with errno set. */
static int
disturb(size_t *n)
{
	ios++;
	if (ios == want.at && want.sig)
		raise((int)want.sig);
	if (ios == want.at && want.run && system(want.run) != 0)
		abort();
	if (want.eintr && ios % want.eintr == 0) {
		errno = EINTR;
		return 1;
	}
	if (want.short_io && *n > 1) {
		seed = seed * 1103515245 + 12345;
		if (*n > 1 + (seed >> 16) % 7)
			*n = 1 + (seed >> 16) % 7;
	}
	return 0;
}

static int
fails(unsigned long *calls, unsigned long nth, int why)
{
	if (++*calls != nth)
		return 0;
	errno = why;
	return 1;
}

#define NEXT(type, name) \
	static type next; \
	if (next == NULL) \
		*(void **)&next = dlsym(RTLD_NEXT, name)

typedef ssize_t (*read_fn)(int, void *, size_t);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pread_fn)(int, void *, size_t, off_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef int (*sync_fn)(int);
typedef int (*link_fn)(const char *, const char *);

ssize_t
read(int fd, void *p, size_t n)
{
	NEXT(read_fn, "read");
	if (disturb(&n) || fails(&reads, want.read_nth, EIO))
		return -1;
	return next(fd, p, n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	NEXT(write_fn, "write");
	if (fd != STDERR_FILENO &&
	    (disturb(&n) || fails(&writes, want.write_nth,
	    (int)want.write_errno)))
		return -1;
	return next(fd, p, n);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	NEXT(pread_fn, "pread");
	if (disturb(&n) || fails(&reads, want.read_nth, EIO))
		return -1;
	return next(fd, p, n, at);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	NEXT(pwrite_fn, "pwrite");
	if (disturb(&n) || fails(&writes, want.write_nth,
	    (int)want.write_errno))
		return -1;
	return next(fd, p, n, at);
}

#ifdef __GLIBC__
ssize_t
pread64(int fd, void *p, size_t n, off64_t at)
{
	return pread(fd, p, n, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *
malloc(size_t n)
{
	return fails(&mallocs, want.malloc_nth, ENOMEM) ? NULL :
	    __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails(&mallocs, want.malloc_nth, ENOMEM) ? NULL :
	    __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails(&mallocs, want.malloc_nth, ENOMEM) ? NULL :
	    __libc_realloc(p, n);
}
#endif

int
fsync(int fd)
{
	NEXT(sync_fn, "fsync");
	return fails(&syncs, want.sync_nth, EIO) ? -1 : next(fd);
}

int
fdatasync(int fd)
{
	NEXT(sync_fn, "fdatasync");
	return fails(&syncs, want.sync_nth, EIO) ? -1 : next(fd);
}

int
link(const char *from, const char *to)
{
	NEXT(link_fn, "link");
	if (want.no_link == 0)
		return next(from, to);
	errno = EPERM;
	return -1;
}
