/* SPDX-License-Identifier: MIT */
/*
 * A main for fuzz targets without libFuzzer: replays the empty input and every
 * file named, or found in a folder named, each in a process of its own so that
 * a crash or a hang is counted and named, and the rest still runs.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static unsigned passed, failed;

static void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* The whole file in memory of exactly its size, so that ASan sees its end. */
static uint8_t *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (!f || fstat(fileno(f), &st) < 0)
		die(path);
	*n = (size_t)st.st_size;
	data = malloc(*n ? *n : 1);
	if (!data || fread(data, 1, *n, f) != *n)
		die(path);
	fclose(f);
	return data;
}

static void
replay(const char *name, const uint8_t *data, size_t n)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		alarm(SECONDS);
		exit(LLVMFuzzerTestOneInput(data, n));
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (status == 0) {
		passed++;
		return;
	}
	failed++;
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", name, WTERMSIG(status));
	else
		printf("%s: exit status %d\n", name, WEXITSTATUS(status));
}

static void
replay_file(const char *path)
{
	size_t n;
	uint8_t *data = slurp(path, &n);

	replay(path, data, n);
	free(data);
}

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void
replay_dir(const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, visible, alphasort);

	if (n < 0)
		die(path);
	for (int i = 0; i < n; i++) {
		char file[4096];
		int len = snprintf(file, sizeof(file), "%s/%s", path,
		    entry[i]->d_name);

		if (len < 0 || (size_t)len >= sizeof(file))
			die(path);
		replay_file(file);
		free(entry[i]);
	}
	free(entry);
}

static bool
is_dir(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		die(path);
	return S_ISDIR(st.st_mode);
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	replay("empty input", (const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		if (is_dir(argv[i]))
			replay_dir(argv[i]);
		else
			replay_file(argv[i]);
	}
	printf("%s: %u passed, %u failed\n", slash ? slash + 1 : argv[0],
	    passed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
