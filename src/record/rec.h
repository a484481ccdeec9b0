/* SPDX-License-Identifier: MIT */
/*
 * rec.h: the normalised record, one for every line, frame or row that was
 * understood. A kind says which fields there are (fields.def); a record holds
 * their values by number. Views are borrowed from the input block or a scratch
 * arena and live until the next record.
 */
#ifndef RECORD_REC_H
#define RECORD_REC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/ip.h"
#include "base/sv.h"
#include "parse/sampleline.h"

struct apart;

enum rec_kind {
	REC_NONE,
#define KIND(sym, num, name, table, log) REC_##sym = num,
#define FIELD(kind, name, type, doc)
#include "record/fields.def"
#undef KIND
#undef FIELD
	REC_KIND_N
};

/* REQUEST_path, APP_event ...: number of a field in rec.v. */
#define KIND(sym, num, name, table, log) \
	sym##_N_ }; enum {
#define FIELD(kind, name, type, doc) kind##_##name,
enum { REC_UNUSED_ = -1,
#include "record/fields.def"
	REC_END_ };
#undef KIND
#undef FIELD

enum field_type {
	F_STR,
	F_ANY,
	F_TEXT,
	F_JSON,
	F_INT,
	F_BOOL,
	F_REAL,
	F_TIME,
	F_ADDR,
	F_RID,
	FIELD_TYPE_N
};

/* A key is followed by bytes that make it as long, for those who copy or compare
 * it in steps. */
enum { FIELD_KEY_ROOM = 24, FIELD_KEY_FRONT = 8 };

struct field {
	sv name;
	sv key; /* as it stands in a line of JSON: ,"name": */
	/* The bits that it has of a number of FIELD_KEY_FRONT bytes (swar_load); a
	 * key and a value are no shorter. */
	uint64_t front;
	enum field_type type;
	const char *doc;
};

enum { REC_FIELDS_MAX = 32 };

struct kind {
	sv name;           /* "request" */
	const char *table; /* base table in the store */
	bool log;          /* from a log line; else a row of a dump */
	const struct field *field;
	int nfields;
};

/* Index is enum rec_kind; entry REC_NONE is empty. */
extern const struct kind rec_kinds[REC_KIND_N];
/* REC_NONE when there is no such kind. */
enum rec_kind rec_kind_find(sv name);

/* The address of a client: of IPv6 the /64, all the others are 0. */
struct rec_ip {
	uint8_t family;
	bool whole; /* REQUEST_client: known to be all that fwd says */
	uint8_t addr[8];
};

/* One of them, by the type of the field. */
struct value {
	union {
		sv text; /* STR ANY TEXT JSON RID */
		union {
			int64_t num; /* INT BOOL TIME */
			double real;
			struct rec_ip ip; /* ADDR */
		} u;
	};
};

struct rec {
	enum rec_kind kind;
	int64_t ts;     /* microseconds UTC; UTC_NONE for a dump row without */
	uint64_t hash;  /* names the content: see rec_hash */
	uint64_t line;  /* line, frame or physical row of its input, from 1 */
	uint64_t byte;  /* offset in the decoded input */
	uint32_t notes; /* bits of note.h */
	const char *reader; /* which reader knew its form, for --explain */
	uint64_t set;   /* bit i: v[i] has a value */
	uint64_t path_hash; /* of a path (rec_hash_path); 0: not known */
	/* What a text is made of when somebody asks (rectext.h). METRIC: its
	 * samples, or null; APP: are its fields the pairs of its message? */
	struct sampleline samples;
	bool pairs;
	uint8_t usual; /* REQUEST: the last digit of tls_version, if the line is
			* as routerusual.h knows them: then at, protocol, tls and
			* the rest of it are always the same. 0: it is another */
	const struct apart *apart; /* APP: its message; NULL: not known */
	struct value v[REC_FIELDS_MAX];
};

static inline bool
rec_has(const struct rec *r, int field)
{
	return r->set >> field & 1;
}

/* The field of its path; -1: its kind has none. */
static inline int
rec_path_field(const struct rec *r)
{
	return r->kind == REC_REQUEST ? REQUEST_path :
	    r->kind == REC_ACCESS ? ACCESS_path : -1;
}

/* For those who look it up, by the thread that has its bytes at hand. Once it has
 * its path, which stays as it is. */
static inline void
rec_hash_path(struct rec *r)
{
	int path = rec_path_field(r);

	if (path >= 0 && rec_has(r, path))
		r->path_hash = hash_text(r->v[path].text);
}

static inline void
rec_init(struct rec *r, enum rec_kind kind)
{
	r->kind = kind;
	r->set = 0;
	r->hash = 0;
	r->notes = 0;
	r->reader = "";
	r->samples.names = SV_NULL;
	r->path_hash = 0;
	r->pairs = false;
	r->usual = 0;
	r->apart = NULL;
}

/* A view that is not null. */
static inline void
rec_put_text(struct rec *r, int field, sv text)
{
	r->v[field].text = text;
	r->set |= UINT64_C(1) << field;
}

/* A null view leaves the field without value. */
static inline void
rec_put_sv(struct rec *r, int field, sv text)
{
	if (!sv_null(text))
		rec_put_text(r, field, text);
}

static inline void
rec_put_i64(struct rec *r, int field, int64_t num)
{
	r->v[field].u.num = num;
	r->set |= UINT64_C(1) << field;
}

static inline void
rec_put_real(struct rec *r, int field, double real)
{
	r->v[field].u.real = real;
	r->set |= UINT64_C(1) << field;
}

static inline void
rec_ip_cut(struct rec_ip *out, const struct ip *ip)
{
	out->family = ip->family;
	out->whole = false;
	memcpy(out->addr, ip->addr, sizeof(out->addr));
}

static inline struct ip
rec_ip_whole(const struct rec_ip *ip)
{
	struct ip out = { .family = ip->family };

	memcpy(out.addr, ip->addr, sizeof(ip->addr));
	return out;
}

/* An address of family 0 leaves the field without value. */
void rec_put_ip(struct rec *r, int field, struct ip ip);
static inline void
rec_put_v4(struct rec *r, int field, const struct ip *ip)
{
	rec_ip_cut(&r->v[field].u.ip, ip);
	r->set |= UINT64_C(1) << field;
}

/* The client of a request, an IPv4 address that is all that its fwd says. */
static inline void
rec_put_client(struct rec *r, const struct ip *ip)
{
	rec_put_v4(r, REQUEST_client, ip);
	r->v[REQUEST_client].u.ip.whole = true;
}

/* The text of a field, null when it has none. */
static inline sv
rec_text(const struct rec *r, int field)
{
	return rec_has(r, field) ? r->v[field].text : SV_NULL;
}

/*
 * Does the record name its request, at a time that is no whole second? Then
 * equal content is one event however often it was delivered. Other equal lines
 * inside one input are real repeats: a client chooses its request id, and where
 * times are in seconds it could hide a burst behind one.
 */
bool rec_is_single(const struct rec *r);

/* The number of a log kind's field `lines`: its last. */
static inline int
rec_lines_field(enum rec_kind kind)
{
	return rec_kinds[kind].nfields - 1;
}

/* How many lines a record of a log stands for: 1 when nothing is joined; of a
 * PART those from it to the end of the message. */
static inline int64_t
rec_lines(const struct rec *r)
{
	int field = rec_lines_field(r->kind);

	return rec_has(r, field) ? r->v[field].u.num : 1;
}

/* Content name of a line: equal for the same event in a drain frame and in CLI
 * text (`message` trimmed). `seed` is 0, or secret when a secret was in it. */
uint64_t rec_hash(int64_t ts, sv origin, sv message, uint64_t seed);

/* 32 hex digits of a canonical lower-case uuid to its 16 bytes. */
bool rec_uuid(sv text, uint8_t out[16]);
/* "2001:db8:0:1::/64" or dotted quad, as the store's views print it. */
struct buf;
void rec_ip_write(struct buf *b, const struct ip *ip);
bool rec_ip_read(sv text, struct ip *out);

#endif
