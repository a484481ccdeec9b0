/* SPDX-License-Identifier: MIT */
/*
 * loadpriv.h: inside of struct loader, for the files that load: load.c is the
 * sink, loadrow.c makes rows of records, with the columns of loadcolumn.c and the
 * dictionary of loadtext.c; loadform.c takes messages apart, loadshape.c is about
 * what requests share, loaddup.c about lines that other inputs hold too,
 * loadsource.c about the inputs themselves.
 */
#ifndef STORE_LOADPRIV_H
#define STORE_LOADPRIV_H

#include "base/attr.h"
#include "record/sink.h"
#include "store/bulk.h"
#include "store/dbpriv.h"
#include "store/dict.h"
#include "store/formtree.h"
#include "store/load.h"
#include "store/repeat.h"
#include "store/role.h"
#include "store/stretch.h"

enum { COMMON_COLUMNS = 7 };

struct interval {
	int64_t start, stop;
};

/* A place of a record that is at home in another input. */
struct place_also {
	int64_t rec, line, byte;
};

/* Texts of a column that were met last: most columns have few. */
enum { RECENT = 16 };
struct recent {
	sv text; /* null: none; in the dictionary */
	int64_t id;
};

/* What a column of a row holds. */
enum column_what {
	/* a field as it is */
	COLUMN_NUMBER, COLUMN_REAL, COLUMN_TEXT, COLUMN_ADDR, COLUMN_RID,
	COLUMN_STR,     /* the number of a text of the dictionary */
	COLUMN_ANY,     /* that, or the text itself */
	COLUMN_PATH,    /* the same, of the path of a request or an access */
	COLUMN_FWD,     /* ... of its fwd, unless that is implied (bindrec.h) */
	COLUMN_SHAPE,   /* the number of a row of shape */
	COLUMN_NAMES, COLUMN_SAMPLES,   /* see sampletext.h */
	COLUMN_MESSAGE, COLUMN_FIELDS,  /* texts that may be apart (form.h) ... */
	COLUMN_FORM, COLUMN_FIELDS_FORM, /* ... then of these forms, ... */
	COLUMN_VALUES, COLUMN_VALUE, /* ... with these values: the first, others */
	COLUMN_NULLS /* of those that are filled: nothing */
};

struct column {
	int8_t what;
	int8_t field; /* the record must have it */
	int8_t at;    /* its number, behind the common ones */
	int8_t run;   /* of NUMBER and NULLS: how many these are, side by side */
};

enum { REC_COLUMNS_MAX = REC_FIELDS_MAX + 2 + FORM_VALUES };

enum { FILLED = 16 };

/* The columns of a kind behind the common ones, as the schema orders them. */
struct columns {
	bool known;
	int n;
	int nown; /* columns ahead of those that a row of shape may have */
	struct column column[REC_COLUMNS_MAX];
	/* Of sets of fields (rec.h), FILLED at most: the columns that hold
	 * something then, and between them what holds nothing, which is at the
	 * column behind it. The last one is at COLUMNS_END. */
	unsigned nsets; /* that were met, with repeats of those that gave way */
	uint64_t set[FILLED];
	struct column filled[FILLED][REC_COLUMNS_MAX + 1];
	struct recent (*recent)[RECENT]; /* for each */
};

enum { COLUMNS_END = INT8_MAX };

enum { SHAPE_BITS = 12 };

/* What tells the shapes of usual requests (rec.h) apart. */
struct shape_brief {
	uint64_t method, dyno; /* up to eight bytes each */
	uint64_t rest;         /* flags and the last digit of tls_version */
	sv host;
};

struct loader {
	struct sink sink; /* first: a sink is a loader */
	struct store *st;
	struct dict dict;
	uint32_t *text_seen; /* of texts that came once, by hash */
	uint64_t announced[2]; /* hashes of paths of the next records, or 0 */
	struct repeat repeats;
	struct roles roles;
	sqlite3_stmt *insert[REC_KIND_N]; /* NULL until the first record */
	sqlite3_stmt *put_also, *put_span, *put_source;
	struct columns columns[REC_KIND_N];

	bool open;           /* an input is under way */
	int64_t source;      /* its number */
	int64_t first;       /* that of its line 0, as an id of a record */
	struct stretch_queue stretches; /* of its ids */
	const struct source *src;
	struct bulk bulk;    /* the rows it adds */
	struct buf draft;    /* name of the file for them, if it is needed */
	struct bulkrow row, text;
	struct buf made[2];  /* texts that were made for a row */
	struct sampleline samples; /* of the record under way; names null: they
				    * are not apart */
	struct dict forms;
	struct formtree *formtree;   /* those that came last */
	struct form form, fields;    /* of the message under way */
	const struct apart *apart;   /* has the values in place of form, or NULL */
	int64_t form_id, fields_id;  /* their numbers; 0: the text stays whole */
	uint64_t *form_seen;         /* hashes of forms that came once */
	struct form_apart {
		uint64_t rest; /* of a message apart (record/apart.h) */
		int64_t id;    /* its form; 0: none */
	} *form_apart;       /* some that were met last */
	int64_t *form_pairs; /* by a form's number: that of the fields that are
			      * its pairs; 0: not known */
	struct dict shapes;
	struct shape_recent {
		int64_t id; /* 0: none */
		struct shape_brief brief;
	} shape_recent[1 << SHAPE_BITS]; /* some that were met last */
	int64_t shape;       /* of the request under way: its number; 0: none */
	int64_t last[BULK_N]; /* largest id, once it is asked for ... */
	bool numbered[BULK_N]; /* ... of these */
	bool changed;        /* the store was, in the open transaction */

	struct interval *old; /* sorted, disjoint: times of inputs of this app */
	size_t nold, at_old;
	uint8_t *same_app;   /* by source number: is it of this app (or dump)? */
	int64_t nsources;
	struct buf also;     /* struct place_also: not yet in the store */
	uint64_t shared;     /* lines that other inputs hold too */
	bool rows;           /* it has rows of an unknown dump */
	int64_t version;     /* of the file when the dictionary was read */
};

/* --- load.c --- */

/* Statements of the connection: made, and let go of. */
bool load_prepare(struct loader *l);
void load_unprepare(struct loader *l);

/* --- loadcolumn.c --- */

void loadcolumn_release(struct loader *l);
/* Those of a kind, as its table has them. */
void loadcolumn_read(struct loader *l, enum rec_kind kind, struct columns *c);
static inline struct columns *
loadcolumn_of(struct loader *l, enum rec_kind kind)
{
	struct columns *c = &l->columns[kind];

	if (unlikely(!c->known))
		loadcolumn_read(l, kind, c);
	return c;
}

/* Of a record with these fields: see struct columns. */
const struct column *loadcolumn_filled(struct columns *c, uint64_t set);

/* --- loadtext.c --- */

void loadtext_release(struct loader *l);
/* Before an input: takes over texts that others added. */
bool loadtext_begin(struct loader *l, struct err *e);
/* Can the dictionary take no more? */
bool loadtext_is_full(const struct loader *l);
/* Fetches memory that the path and fwd of a record will need that comes soon. */
void loadtext_prefetch(struct loader *l, const struct rec *r);
/* The text of a column, into the row: as the number that it has or gets in the
 * dictionary, of `any` perhaps itself. */
bool loadtext_put(struct loader *l, struct recent of_column[RECENT], sv text,
    bool any, struct err *e);
/* The same of what loadtext_prefetch was told of. */
bool loadtext_put_path(struct loader *l, const struct rec *r, sv text,
    struct err *e);

/* --- loadrow.c --- */

/* Before the first record. */
void loadrow_begin(struct loader *l);
/* Behind the last record: what is known of their ids. */
bool loadrow_end(struct loader *l, struct err *e);
/* Adds the record as a row of its own; *id is its number. `now`: it must be in the
 * table at once. */
bool loadrow_add(struct loader *l, const struct rec *r, uint32_t nth, bool now,
    int64_t *id, struct err *e);
bool loadrow_reject(struct loader *l, const struct reject *j, struct err *e);

/* --- loadform.c --- */

void loadform_release(struct loader *l);
/* Before an input: the forms that the store has. */
bool loadform_begin(struct loader *l, struct err *e);
/* Takes the record's message apart, if it is of the app and has a form that is
 * kept. */
bool loadform_split(struct loader *l, const struct rec *r, struct err *e);
/* Its values into the row; returns how many there are. */
size_t loadform_put_values(struct loader *l, const struct rec *r);

/* --- loadshape.c --- */

void loadshape_release(struct loader *l);
/* Those that the store has. */
bool loadshape_load(struct loader *l, struct err *e);
/* Is a field of a request in its shape? */
bool loadshape_has(int field);
/* The number of a request's shape into l->shape. True: it is new. */
bool loadshape_find(struct loader *l, const struct rec *r);

/* --- loaddup.c --- */

/* Before an input: what others of its app hold. */
bool loaddup_begin(struct loader *l, struct err *e);
/* Of a time of others (l->nold): does another input hold the line? Then it has one more place, or a row is
 * replaced by this version of it. */
bool loaddup_find(struct loader *l, const struct rec *r, uint32_t nth,
    bool *dup, struct err *e);
/* Writes the places that were gathered. */
bool loaddup_flush(struct loader *l, struct err *e);

/* --- loadsource.c --- */

/* Equal bytes of two apps are two inputs; where one's app is not known they are
 * taken for a copy. */
bool loadsource_is_known(struct loader *l, const struct source *src);
/* For sink_ops.recall. */
bool loadsource_recall(struct loader *l, struct source *src, const char *path,
    unsigned threads, struct err *e);
/* The input itself, and what follows from it. In the transaction that adds it,
 * once its rows are there. */
bool loadsource_add(struct loader *l, struct source *src, struct err *e);

#endif
