/* SPDX-License-Identifier: MIT */
#include "detect/place.h"

#include <sys/stat.h>

static bool
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static const char *
join(struct arena *a, const char *dir, const char *name)
{
	size_t n = strlen(dir), m = strlen(name);
	char *p = arena_alloc(a, n + m + 1);

	memcpy(p, dir, n);
	memcpy(p + n, name, m);
	return p;
}

static bool
given(const char *s)
{
	return s && *s;
}

static const char *
rules_dir(struct arena *a, const char *option, const char *env,
    const char *datadir)
{
	if (option)
		return option;
	if (given(env))
		return env;
	if (is_dir("pipelines/rules"))
		return "pipelines/rules";
	/* `make install` copies the content of pipelines/. */
	return join(a, datadir, "/rules");
}

struct place
place_find(struct arena *a, const char *rules, const char *rules_env,
    const char *site, const char *site_env, const char *datadir)
{
	struct place p = { rules_dir(a, rules, rules_env, datadir), site };
	const char *beside;

	if (p.site)
		return p;
	if (given(site_env)) {
		p.site = site_env;
		return p;
	}
	beside = join(a, p.rules, "/../site.yml");
	p.site = exists(beside) ? beside : NULL;
	return p;
}

/* Per user, not per project. */
const char *
place_key(struct arena *a, const char *option, const char *config_env,
    const char *home_env)
{
	if (option)
		return option;
	if (config_env && config_env[0] == '/')
		return join(a, config_env, "/raxx/key");
	if (home_env && home_env[0] == '/')
		return join(a, home_env, "/.config/raxx/key");
	return NULL;
}
