/* SPDX-License-Identifier: MIT */
#include "detect/uafamily.h"

#include "base/attr.h"

/* The first needle that occurs decides: a browser names those it is like, so
 * the particular ones stand first. */
static const struct {
	const char *needle;
	const char *family;
} row[] = {
	{ "curl/", "curl" },
	{ "Wget/", "wget" },
	{ "python", "python" },
	{ "aiohttp", "python" },
	{ "httpx/", "python" },
	{ "Go-http-client", "go" },
	{ "okhttp", "okhttp" },
	{ "Java/", "java" },
	{ "axios/", "node" },
	{ "node-fetch", "node" },
	{ "undici", "node" },
	{ "Ruby", "ruby" },
	{ "PostmanRuntime", "postman" },
	{ "Headless", "headless" },
	{ "Playwright", "headless" },
	{ "Puppeteer", "headless" },
	{ "PhantomJS", "headless" },
	{ "bot", "bot" },
	{ "Bot", "bot" },
	{ "crawler", "bot" },
	{ "spider", "bot" },
	{ "Edg/", "Edge" },
	{ "EdgA/", "Edge" },
	{ "EdgiOS/", "Edge" },
	{ "OPR/", "Opera" },
	{ "SamsungBrowser/", "Samsung" },
	{ "FxiOS/", "Firefox" },
	{ "Firefox", "Firefox" },
	{ "CriOS/", "Chrome" },
	{ "Chrome", "Chrome" },
	{ "Chromium", "Chrome" },
	{ "Safari", "Safari" },
};

sv
ua_family(sv agent)
{
	agent = sv_trim(agent);
	if (agent.n == 0 || sv_is(agent, "-"))
		return SV_NULL;
	for (size_t i = 0; i < countof(row); i++)
		if (sv_has(agent, sv_str(row[i].needle)))
			return sv_str(row[i].family);
	return SV("other");
}
