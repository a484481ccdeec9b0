/* SPDX-License-Identifier: MIT */
#include "detect/sifttable.h"

#include <string.h>

#include "base/attr.h"

#define INT(name) { name, SIFT_INT, NULL }
#define WORD(name) { name, SIFT_WORD, NULL }
#define TEXT(name) { name, SIFT_TEXT, NULL }
#define OPAQUE(name) { name, SIFT_OPAQUE, NULL }

#define COMMON INT("ts"), INT("hash"), INT("nth"), \
	INT("lines"), WORD("joined")
#define REQUEST COMMON, WORD("at"), TEXT("code"), WORD("description"), \
	WORD("sock"), WORD("cause"), WORD("method"), TEXT("path"), \
	TEXT("host"), OPAQUE("request_id"), OPAQUE("client"), WORD("dyno"), \
	INT("connect_ms"), INT("service_ms"), INT("status"), INT("bytes"), \
	WORD("protocol"), INT("tls"), WORD("tls_version"), INT("flags"), \
	TEXT("token"), TEXT("token_shape"), TEXT("token_parts"), \
	TEXT("token_core")
#define ACCESS COMMON, WORD("origin"), WORD("method"), TEXT("path"), \
	TEXT("host"), OPAQUE("peer"), INT("peer_port"), INT("status"), \
	INT("bytes"), WORD("protocol"), TEXT("referer"), TEXT("user_agent"), \
	TEXT("token"), OPAQUE("request_id")
#define APP COMMON, WORD("origin"), WORD("level"), TEXT("event"), \
	TEXT("message"), WORD("logger"), OPAQUE("request_id"), \
	OPAQUE("client"), TEXT("id_h"), TEXT("user_h"), TEXT("token_h"), \
	TEXT("screen"), WORD("outcome"), WORD("version"), WORD("method"), \
	TEXT("user_agent"), INT("known"), INT("ok")
#define PLATFORM COMMON, WORD("origin"), TEXT("event"), TEXT("code"), \
	TEXT("actor"), INT("version"), INT("status"), WORD("from_state"), \
	WORD("to_state"), TEXT("subject"), TEXT("message")
#define END { NULL, SIFT_INT, NULL }

static const struct siftcol request_table[] = { REQUEST,
	TEXT("path_decoded"), TEXT("fwd"),
	INT("source"), END };
static const struct siftcol request_view[] = { REQUEST,
	{ "path_decoded", SIFT_TEXT, "path" }, END };
static const struct siftcol access_table[] = { ACCESS,
	TEXT("path_decoded"), INT("source"), END };
static const struct siftcol access_view[] = { ACCESS,
	{ "path_decoded", SIFT_TEXT, "path" }, END };
static const struct siftcol app_table[] = { APP, INT("payload"),
	INT("source"), END };
static const struct siftcol app_view[] = { APP, { "payload", SIFT_PAYLOAD, NULL },
	END };
static const struct siftcol platform_table[] = { PLATFORM,
	INT("source"), END };
static const struct siftcol platform_view[] = { PLATFORM, END };

static const struct sifttable table[] = {
	{ "request", "request", request_table },
	{ "requests", "request", request_view },
	{ "access", "access", access_table },
	{ "access_lines", "access", access_view },
	{ "app", "app", app_table },
	{ "app_text", "app", app_table },
	{ "app_events", "app", app_view },
	{ "platform", "platform", platform_table },
	{ "platform_events", "platform", platform_view },
};

const struct sifttable *
sifttable_find(sv name)
{
	for (size_t i = 0; i < countof(table); i++)
		if (sv_is(name, table[i].name))
			return &table[i];
	return NULL;
}

bool
sifttable_is_view(const struct sifttable *t)
{
	return t->name != t->base && strcmp(t->name, t->base) != 0;
}

const char *
sifttable_text(const struct sifttable *t, size_t i)
{
	for (const struct siftcol *c = t->column; c->name; c++)
		if ((c->kind == SIFT_WORD || c->kind == SIFT_TEXT) && i-- == 0)
			return c->name;
	return NULL;
}

int
siftcells_add(struct siftcells *c, const char *column)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->name[i], column) == 0)
			return (int)i;
	if (c->n == ROWSCAN_COLUMNS)
		return -1;
	c->name[c->n] = column;
	return (int)c->n++;
}
