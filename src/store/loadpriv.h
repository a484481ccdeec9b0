/* SPDX-License-Identifier: MIT */
/*
 * loadpriv.h: inside of struct loader, for the files that load: load.c is the
 * sink, loadrow.c makes rows of records, loadform.c messages apart, loadshape.c
 * what requests share, loaddup.c is about lines that other inputs hold too,
 * loadsource.c about the inputs themselves.
 */
#ifndef STORE_LOADPRIV_H
#define STORE_LOADPRIV_H

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

/* Columns that a message apart has. */
enum form_column {
	FORM_COLUMN_NONE, FORM_COLUMN_ITSELF, FORM_COLUMN_FIELDS,
	FORM_COLUMN_VALUE /* the first one */
};

enum { REC_COLUMNS_MAX = REC_FIELDS_MAX + 2 + FORM_VALUES };
_Static_assert(REC_COLUMNS_MAX <= 64, "a bit for each");

enum { FILLED_BITS = 3, FILLED = 1 << FILLED_BITS };

/* The columns of a kind behind the common ones, as the schema orders them. */
struct columns {
	bool known;
	int n;
	int implied; /* the one that may be (bindrec.h), or -1 */
	int path;    /* that of REQUEST_path, or -1 */
	int names;   /* that of the names of samples (sampletext.h), or -1 */
	int message, fields; /* texts that may be apart (form.h), or -1 */
	int shape;   /* the number of a row of shape, or -1 */
	int nown;    /* columns ahead of those that such a row may have */
	uint64_t values; /* bits of the columns of such a text's values */
	int8_t form[REC_COLUMNS_MAX]; /* of such a column: which, enum form_column */
	int8_t field[REC_COLUMNS_MAX];
	enum field_type type[REC_COLUMNS_MAX];
	bool odd[REC_COLUMNS_MAX]; /* not simply the field's value */
	struct {
		uint64_t set;  /* of a record (rec.h) */
		uint64_t with; /* the columns whose field it has, as bits */
	} filled[FILLED];      /* some that were met last */
	struct recent *recent; /* RECENT for each */
};

struct loader {
	struct sink sink; /* first: a sink is a loader */
	struct store *st;
	struct dict dict;
	uint32_t *text_seen; /* of texts that came once, by hash */
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
	bool split;          /* the samples of the record under way are */
	struct buf names, values;
	struct value apart[2]; /* their texts */
	struct dict forms;
	struct formtree *formtree;   /* those that came last */
	struct form form, fields;    /* of the message under way */
	int64_t form_id, fields_id;  /* their numbers; 0: the text stays whole */
	uint64_t *form_seen;         /* hashes of forms that came once */
	int64_t *form_pairs; /* by a form's number: that of the fields that are
			      * its pairs; 0: not known */
	struct dict shapes;
	struct value shape;  /* of the request under way: its number; 0: none */
	uint64_t path_hash;  /* of the request under way */
	int64_t before[BULK_N], last[BULK_N]; /* largest id: stored, given */
	bool numbered[BULK_N];
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

/* --- loadrow.c --- */

void loadrow_release(struct loader *l);
/* Before an input: takes over texts that others added. */
bool loadrow_begin(struct loader *l, struct err *e);
/* Behind the last record: what is known of their ids. */
bool loadrow_end(struct loader *l, struct err *e);
/* Fetches memory that the record will need. */
void loadrow_prefetch(struct loader *l, struct rec *r, bool next);
/* Adds the record as a row of its own. */
bool loadrow_add(struct loader *l, const struct rec *r, uint32_t nth,
    struct err *e);
/* The same at once, in the transaction; *id is its number. */
bool loadrow_insert(struct loader *l, const struct rec *r, uint32_t nth,
    int64_t *id, struct err *e);
bool loadrow_reject(struct loader *l, const struct reject *j, struct err *e);

/* --- loadform.c --- */

void loadform_release(struct loader *l);
/* Before an input: the forms that the store has. */
bool loadform_begin(struct loader *l, struct err *e);
/* Takes the record's message apart, if it is of the app and has a form that is
 * kept. */
bool loadform_split(struct loader *l, const struct rec *r, struct err *e);
/* Its columns, see enum form_column: one of the two numbers; all the values, of which
 * it returns how many there are. */
void loadform_put(struct loader *l, int which);
int loadform_put_values(struct loader *l, const struct rec *r);
/* Any column of it. */
void loadform_bind(struct loader *l, const struct rec *r, int which,
    sqlite3_stmt *s, int at);

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
/* Does another input hold the line? Then it has one more place, or a row is
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
    const struct mark_key *key, struct err *e);
/* The input itself, and what follows from it. In the transaction that adds it,
 * once its rows are there. */
bool loadsource_add(struct loader *l, struct source *src, struct err *e);

#endif
