/* SPDX-License-Identifier: MIT */
/*
 * Where the kinds come from: "relay" rows are domains in which forwarding
 * services hand out addresses (Apple's are privaterelay.appleid.com and, as
 * announced in 2026, private.icloud.com; older ones of iCloud end in icloud.com
 * and cannot be told from mailboxes). "disposable" rows are services that are
 * what they are called, seen in public block lists. "numeric" rows belong to QQ
 * and two telephone companies, where a number is the standard form of address.
 */
#include "detect/maildomain.h"

#include "base/attr.h"

const char maildomain_date[] = "2026-11-26";

static const struct {
	const char *domain, *kind;
} row[] = {
	{ "126.com", "free" },
	{ "163.com", "free" },
	{ "aol.com", "free" },
	{ "fastmail.com", "free" },
	{ "gmail.com", "free" },
	{ "gmx.com", "free" },
	{ "gmx.de", "free" },
	{ "gmx.net", "free" },
	{ "googlemail.com", "free" },
	{ "hotmail.com", "free" },
	{ "icloud.com", "free" },
	{ "live.com", "free" },
	{ "mac.com", "free" },
	{ "mail.com", "free" },
	{ "mail.ru", "free" },
	{ "me.com", "free" },
	{ "msn.com", "free" },
	{ "outlook.com", "free" },
	{ "pm.me", "free" },
	{ "proton.me", "free" },
	{ "protonmail.com", "free" },
	{ "tuta.com", "free" },
	{ "tutanota.com", "free" },
	{ "web.de", "free" },
	{ "yahoo.co.uk", "free" },
	{ "yahoo.com", "free" },
	{ "yandex.com", "free" },
	{ "yandex.ru", "free" },
	{ "zoho.com", "free" },

	{ "139.com", "numeric" },
	{ "189.cn", "numeric" },
	{ "foxmail.com", "numeric" },
	{ "qq.com", "numeric" },

	{ "33mail.com", "relay" },
	{ "8shield.net", "relay" },
	{ "addy.io", "relay" },
	{ "aleeas.com", "relay" },
	{ "anonaddy.com", "relay" },
	{ "anonaddy.me", "relay" },
	{ "dralias.com", "relay" },
	{ "duck.com", "relay" },
	{ "mozmail.com", "relay" },
	{ "passfwd.com", "relay" },
	{ "passinbox.com", "relay" },
	{ "passmail.com", "relay" },
	{ "passmail.net", "relay" },
	{ "private.icloud.com", "relay" },
	{ "privaterelay.appleid.com", "relay" },
	{ "simplelogin.co", "relay" },
	{ "simplelogin.com", "relay" },
	{ "slmail.me", "relay" },

	{ "10minutemail.com", "disposable" },
	{ "discard.email", "disposable" },
	{ "dispostable.com", "disposable" },
	{ "emailondeck.com", "disposable" },
	{ "fakeinbox.com", "disposable" },
	{ "getairmail.com", "disposable" },
	{ "getnada.com", "disposable" },
	{ "grr.la", "disposable" },
	{ "guerrillamail.biz", "disposable" },
	{ "guerrillamail.com", "disposable" },
	{ "guerrillamail.de", "disposable" },
	{ "guerrillamail.info", "disposable" },
	{ "guerrillamail.net", "disposable" },
	{ "guerrillamail.org", "disposable" },
	{ "guerrillamailblock.com", "disposable" },
	{ "harakirimail.com", "disposable" },
	{ "mailcatch.com", "disposable" },
	{ "maildrop.cc", "disposable" },
	{ "mailinator.com", "disposable" },
	{ "mailnesia.com", "disposable" },
	{ "mintemail.com", "disposable" },
	{ "mohmal.com", "disposable" },
	{ "mytemp.email", "disposable" },
	{ "pokemail.net", "disposable" },
	{ "sharklasers.com", "disposable" },
	{ "spam4.me", "disposable" },
	{ "spamgourmet.com", "disposable" },
	{ "temp-mail.org", "disposable" },
	{ "tempail.com", "disposable" },
	{ "tempmail.com", "disposable" },
	{ "tempr.email", "disposable" },
	{ "throwaway.email", "disposable" },
	{ "throwawaymail.com", "disposable" },
	{ "trashmail.com", "disposable" },
	{ "yopmail.com", "disposable" },
};

static const char *
find(sv domain)
{
	for (size_t i = 0; i < countof(row); i++)
		if (sv_is(domain, row[i].domain))
			return row[i].kind;
	return NULL;
}

sv
maildomain_kind(sv domain)
{
	while (domain.n) {
		const char *kind = find(domain);
		size_t dot = sv_find_byte(domain, '.');

		if (kind)
			return sv_str(kind);
		domain = sv_skip(domain, dot + 1);
	}
	return SV_NULL;
}
