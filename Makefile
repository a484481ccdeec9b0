# raxx: build, test, install.  `make help` lists the targets.
#
# Adding a module edits nothing here: sources are found by folder.  Settings
# for the command line: CC, CFLAGS, LDFLAGS, BUILD, PREFIX, DESTDIR, WERROR=1,
# SAN=address,undefined, V=1 (print whole commands), PGO=use (after `make pgo`).

VERSION = 0.1.0

BUILD = build
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share/raxx
CFLAGS = -O2 -g
PKG_CONFIG = pkg-config
# Make `pgo` sets these, in a build folder of its own: for gcc, or for a CC that is
# called clang or clang-19, with the tools of the same name.
PGO =
COMPILER = $(if $(filter clang%,$(notdir $(firstword $(CC)))),clang,gcc)
LLVM = $(patsubst clang%,%,$(notdir $(firstword $(CC))))
PROFILE = $(abspath $(BUILD))/profile
PGO_FLAGS_make_gcc = -O3 -fprofile-generate
PGO_FLAGS_use_gcc = -O3 -fprofile-use -fprofile-partial-training \
	-Wno-missing-profile -flto=auto
PGO_FLAGS_make_clang = -O3 -fprofile-generate=$(PROFILE)
PGO_FLAGS_use_clang = -O3 -fprofile-use=$(PROFILE)/all -flto \
	-Wno-profile-instr-unprofiled -Wno-backend-plugin
PGO_FLAGS = $(if $(PGO),$(PGO_FLAGS_$(PGO)_$(COMPILER)))
PGO_MERGE_gcc = :
PGO_MERGE_clang = llvm-profdata$(LLVM) merge -o $(BUILD)/pgo/profile/all \
	$(BUILD)/pgo/profile/*.profraw
ifeq ($(PGO)_$(COMPILER),use_clang)
AR = llvm-ar$(LLVM)
PGO_LDFLAGS = -fuse-ld=lld$(LLVM)
endif
FUZZ_CC = clang
FUZZ_SECONDS = 60
JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

.DEFAULT_GOAL = all
.DELETE_ON_ERROR:
.SUFFIXES:

# --- what there is ---------------------------------------------------------

LIB_SRC := $(sort $(filter-out src/test/% src/fuzz/%,$(wildcard src/*/*.c)))
CMD_SRC := $(sort $(wildcard cmd/*.c))
GEN_SRC := $(sort $(wildcard testdata/gen/*.c))
DEMO_SRC := $(sort $(wildcard testdata/gen/demo/*.c))
LOGGEN_SRC := $(sort $(wildcard testdata/gen/loggen/*.c))
TEST_SRC := $(sort $(wildcard src/test/*.c))
FUZZ_SRC := $(sort $(wildcard src/fuzz/fuzz_*.c))
SQL_SRC := $(sort $(wildcard schemas/*.sql))

LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(BUILD)/%.o)
GEN_OBJ := $(GEN_SRC:%.c=$(BUILD)/%.o)
DEMO_OBJ := $(DEMO_SRC:%.c=$(BUILD)/%.o)
LOGGEN_OBJ := $(LOGGEN_SRC:%.c=$(BUILD)/%.o)
TEST_OBJ := $(TEST_SRC:%.c=$(BUILD)/%.o)
FUZZ_OBJ := $(FUZZ_SRC:%.c=$(BUILD)/%.o)
REPLAY_OBJ := $(BUILD)/src/fuzz/replay.o

SUITES := $(patsubst src/test/test_%.c,%,$(wildcard src/test/test_*.c))
FUZZERS := $(FUZZ_SRC:src/fuzz/fuzz_%.c=%)

LIB := $(BUILD)/libraxx.a
CMD_BIN := $(CMD_SRC:cmd/%.c=$(BUILD)/bin/%)
GEN_BIN := $(GEN_SRC:testdata/gen/%.c=$(BUILD)/bin/%)
REPLAY_BIN := $(FUZZERS:%=$(BUILD)/replay/%)
FUZZ_BIN := $(FUZZERS:%=$(BUILD)/libfuzzer/%)
SQL_H := $(SQL_SRC:schemas/%.sql=$(BUILD)/gen/%_sql.h)

# --- configuration: which compiler, which flags it has ---------------------

# These goals compile nothing themselves, or do it in a make of their own.
QUIET_GOALS = help clean new format lint man dist uninstall demo demo-check \
	pgo check asan fuzz cover nightly bench bench-peers
ifneq ($(filter-out $(QUIET_GOALS),$(or $(MAKECMDGOALS),all)),)

# gzip is decoded by zlib, or with INFLATE=isal by isa-l first (input/igz.h).
INFLATE = zlib
ISAL = $(filter isal,$(INFLATE))
PKGS = zlib libpcre2-8 sqlite3 yaml-0.1 $(ISAL:isal=libisal)
LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
ifeq ($(LIBS),)
$(error zlib, PCRE2, SQLite and libyaml are needed, \
	with pkg-config: run ./bootstrap)
endif
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS)) \
	$(ISAL:isal=-DRAXX_ISAL)
CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check)

# $(call stamp,FILE,TEXT): a command that rewrites FILE if it is not TEXT, so
# that what depends on FILE is made again when a setting or a list changes.
quote = '$(subst ','\'',$(1))'
stamp = mkdir -p $(dir $(1)) && { printf '%s\n' $(call quote,$(2)) | \
	cmp -s - $(1) || printf '%s\n' $(call quote,$(2)) > $(1); }

CONFIG = $(CC) $(shell $(CC) -dumpfullversion 2>/dev/null) / $(CPPFLAGS) / \
	$(CFLAGS) $(PGO_FLAGS) / $(LDFLAGS) $(PGO_LDFLAGS) / $(SAN) / \
	$(PKG_CFLAGS) $(LIBS) / $(CURDIR)
$(shell $(call stamp,$(BUILD)/stamp/config,$(CONFIG)))
$(shell $(call stamp,$(BUILD)/stamp/paths,$(VERSION) $(DATADIR)))
$(shell $(call stamp,$(BUILD)/stamp/lib,$(LIB_SRC)))
$(shell $(call stamp,$(BUILD)/stamp/suites,$(SUITES)))
# The rules serve `make clean all`: clean has just removed the files.
$(BUILD)/stamp/config:
	@$(call stamp,$@,$(CONFIG))
$(BUILD)/stamp/paths:
	@$(call stamp,$@,$(VERSION) $(DATADIR))
$(BUILD)/stamp/lib:
	@$(call stamp,$@,$(LIB_SRC))
$(BUILD)/stamp/suites:
	@$(call stamp,$@,$(SUITES))

# Candidates; the rule below keeps those that this compiler and linker take.
# A word a|b|c stands for the first of them that works.
TRY_WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wcast-qual -Wwrite-strings -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Wvla -Wswitch-enum -Walloca -Wtrampolines \
	-Wbidi-chars=any -Wlogical-op -Wno-overlength-strings \
	-Werror=format-security -Werror=implicit \
	-Werror=incompatible-pointer-types -Werror=int-conversion
TRY_CC = -fstack-clash-protection -fstack-protector-strong \
	-fno-strict-aliasing -fcf-protection=full -mbranch-protection=standard \
	-fstrict-flex-arrays=3 -ffile-prefix-map=$(CURDIR)=. -pthread
# Not with sanitizers: these hide from them what they look for.
TRY_PLAIN = -D_FORTIFY_SOURCE=3|-D_FORTIFY_SOURCE=2 \
	-ftrivial-auto-var-init=zero|-ftrivial-auto-var-init=pattern \
	-fzero-init-padding-bits=all -fno-delete-null-pointer-checks \
	-fno-strict-overflow
TRY_LD = -pie -pthread -Wl,-z,nodlopen -Wl,-z,noexecstack -Wl,-z,relro \
	-Wl,-z,now -Wl,-z,separate-code -Wl,--as-needed \
	-Wl,--no-copy-dt-needed-entries

$(BUILD)/flags.mk: $(BUILD)/stamp/config Makefile
	@rm -rf $(BUILD)/probe && mkdir -p $(BUILD)/probe
	@printf '%s\n' '#include <stdio.h>' '#include <string.h>' \
	    'int main(int argc, char **argv)' '{ char b[64];' \
	    'memcpy(b, argv[0], (size_t)argc);' \
	    'return printf("%c", b[0]) < 0; }' > $(BUILD)/probe/x.c
	@probe() { $(CC) $(CPPFLAGS) $(CFLAGS) -U_FORTIFY_SOURCE -Werror \
	    -o $(BUILD)/probe/x "$$@" $(BUILD)/probe/x.c $(LDFLAGS) $(PGO_LDFLAGS) \
	    >/dev/null 2>&1; }; \
	probe || { echo "$(CC) cannot compile and link a C program:" \
	    "run ./bootstrap" >&2; exit 1; }; \
	try() { \
	    printf '%s :=' "$$1"; shift; \
	    for word; do \
		IFS='|'; set -f; \
		for flag in $$word; do \
		    probe $$pre "$$flag" && { printf ' %s' "$$flag"; break; }; \
		done; unset IFS; \
	    done; echo; }; \
	{ pre=-Wall; try WARN $(TRY_WARN); pre=; try HARDEN $(TRY_CC); \
	  try PLAIN $(foreach f,$(TRY_PLAIN),'$(f)'); \
	  if probe -fPIE -pie; then echo 'PIE := -fPIE'; pre=-fPIE; fi; \
	  try HARDEN_LD $(TRY_LD); } > $@.tmp
	@mv $@.tmp $@ && rm -rf $(BUILD)/probe

-include $(BUILD)/flags.mk

endif

ifneq ($(SAN),)
MODE = -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
else
MODE = -U_FORTIFY_SOURCE $(PLAIN)
endif

STD = -std=c11 -D_POSIX_C_SOURCE=200809L
ALL_CPPFLAGS = $(STD) -Isrc -I$(BUILD)/gen $(CPPFLAGS)
ALL_CFLAGS = $(WARN) $(if $(WERROR),-Werror) $(HARDEN) $(PIE) $(MODE) \
	$(PKG_CFLAGS) $(CFLAGS) $(PGO_FLAGS)
ALL_LDFLAGS = $(HARDEN_LD) $(PIE) $(MODE) $(CFLAGS) $(PGO_FLAGS) $(LDFLAGS) $(PGO_LDFLAGS)

V =
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2))

# --- building --------------------------------------------------------------

.PHONY: all
all: $(CMD_BIN) $(GEN_BIN) ## build the programs into build/bin
	@:

# The same programs, a fifth faster: what is done most is laid out first.
.PHONY: pgo
pgo: ## build into build/pgo/bin, by what a training run showed
	@rm -rf $(BUILD)/pgo
	+@$(SUB) $(PAR) BUILD=$(BUILD)/pgo PGO=make all
	@sh testdata/bench/train.sh $(BUILD)/pgo/bin
	@$(PGO_MERGE_$(COMPILER))
	+@$(SUB) $(PAR) BUILD=$(BUILD)/pgo PGO=use all

$(BUILD)/%.o: %.c $(BUILD)/flags.mk
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(OWN) -MMD -MP -c -o $@ $<

$(CMD_OBJ) $(BUILD)/src/detect/run.o: OWN = -DRAXX_VERSION='"$(VERSION)"' \
	-DRAXX_DATADIR='"$(DATADIR)"'
$(CMD_OBJ): $(BUILD)/stamp/paths
# A suite and a fuzz target are found by name, not through a header.
$(TEST_OBJ): OWN = $(CHECK_CFLAGS) -Wno-missing-prototypes
$(FUZZ_OBJ) $(REPLAY_OBJ): OWN = -Wno-missing-prototypes

# Generated headers must exist before anything is compiled for the first time;
# after that the .d files know who needs them.
$(LIB_OBJ) $(CMD_OBJ) $(TEST_OBJ) $(FUZZ_OBJ): | $(SQL_H)
$(BUILD)/src/test/unit.o: | $(BUILD)/gen/suites.h

# A schema as a C string.  '?' is escaped because C11 has trigraphs.
$(BUILD)/gen/%_sql.h: schemas/%.sql Makefile
	@mkdir -p $(@D)
	@{ echo "static const char $*_sql[] ="; \
	   sed -e 's/[\\"?]/\\&/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; \
	   echo ';'; } > $@

$(BUILD)/gen/suites.h: $(BUILD)/stamp/suites
	@mkdir -p $(@D)
	@for s in $(sort $(SUITES)); do echo "SUITE($$s)"; done > $@

$(LIB): $(LIB_OBJ) $(BUILD)/stamp/lib
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

$(CMD_BIN): $(BUILD)/bin/%: $(BUILD)/cmd/%.o $(LIB)
$(GEN_BIN): $(BUILD)/bin/%: $(BUILD)/testdata/gen/%.o
$(BUILD)/bin/raxx-demo: $(DEMO_OBJ) $(LIB)
$(BUILD)/bin/raxx-loggen: $(LOGGEN_OBJ) $(LIB)
$(BUILD)/bin/raxx-chain: $(LIB)
$(BUILD)/unit: $(TEST_OBJ) $(LIB)
$(REPLAY_BIN): $(BUILD)/replay/%: $(BUILD)/src/fuzz/fuzz_%.o $(REPLAY_OBJ) $(LIB)
$(FUZZ_BIN): $(BUILD)/libfuzzer/%: $(BUILD)/src/fuzz/fuzz_%.o $(LIB)
$(BUILD)/unit: MORE_LIBS = $(CHECK_LIBS)
$(FUZZ_BIN): MORE_LIBS = -fsanitize=fuzzer

$(CMD_BIN) $(GEN_BIN) $(BUILD)/unit $(REPLAY_BIN) $(FUZZ_BIN):
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -o $@ $(filter %.o %.a,$^) $(ALL_LDFLAGS) $(MORE_LIBS) \
	    $(LIBS) -lm

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CMD_OBJ) $(GEN_OBJ) $(DEMO_OBJ) $(LOGGEN_OBJ) \
	$(TEST_OBJ) $(FUZZ_OBJ) $(REPLAY_OBJ))

# --- testing ---------------------------------------------------------------

# tally.sh shows what a command prints, and keeps its counts for `check`.
TALLY = sh testdata/tally.sh $(BUILD)/log
# A make with a build folder or settings of its own, parallel if we are not.
PAR = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
SUB = $(MAKE) --no-print-directory

.PHONY: test
test: $(BUILD)/unit ## run the unit tests (CK_RUN_SUITE=csv: one module)
	@$(TALLY) unit $(BUILD)/unit

# Makes system calls of the programs fail; see the source.  It is for the
# dynamic linker of Linux, and sanitizers want to be the first library.
ifeq ($(shell uname)$(SAN),Linux)
FAULT = $(BUILD)/fault.so
endif

$(BUILD)/fault.so: testdata/fault/fault.c Makefile
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -g -Wall -Wextra -fPIC -shared -o $@ $< -ldl

.PHONY: golden
golden: all $(FAULT) ## run the golden cases (CASE=raxx-parse/crlf: one case)
	@BIN=$(BUILD)/bin FAULT=$(FAULT) \
	    $(TALLY) golden sh testdata/golden.sh $(CASE)

.PHONY: golden-update
golden-update: all $(FAULT) ## rewrite what CASE=raxx-parse/crlf wants, show the diff
	@BIN=$(BUILD)/bin FAULT=$(FAULT) sh testdata/golden.sh --update $(CASE)

.PHONY: rules
rules: all ## run the tests of the rules (RULE=DET-AUTH-003: of one)
	@$(TALLY) rules $(BUILD)/bin/raxx-rules test -R pipelines/rules \
	    --site pipelines/site.yml $(RULE)

.PHONY: replay
replay: $(REPLAY_BIN) ## replay fuzz seeds and past crashes
	@for m in $(FUZZERS); do echo "$$m"; done | $(TALLY) replay sh -c ' \
	    test -n "$(FUZZERS)" || echo "replay: 0 passed, 0 failed"; \
	    rc=0; while read -r m; do \
		d=testdata/fuzz/$$m; test -d "$$d" || d=; \
		$(BUILD)/replay/$$m $$d || rc=1; \
	    done; exit $$rc'

.PHONY: demo
demo: ## a week of made-up traffic: parse, evaluate, dashboard
	+@$(SUB) $(PAR) all
	@rm -rf $(BUILD)/demo
	@$(BUILD)/bin/raxx-demo $(BUILD)/demo
	@sh pipelines/demo.sh $(BUILD)/bin $(BUILD)/demo

.PHONY: demo-check
demo-check:
	+@$(TALLY) -q demo $(SUB) demo

.PHONY: check-build
check-build: all $(BUILD)/unit $(REPLAY_BIN)
	@:

CHECKS = test replay golden rules lint \
	$(if $(wildcard pipelines/demo.sh),demo-check)

.PHONY: check
check: ## all that a commit must pass; the last line counts it
	@rm -rf $(BUILD)/log
	+@$(SUB) $(PAR) WERROR=1 check-build || \
	    { echo '0 passed, 1 failed (the build)'; exit 1; }
	+@for t in $(CHECKS); do $(SUB) WERROR=1 $$t || :; done; \
	    $(TALLY) --sum

# Looking for leaks at the end of each of thousands of forked tests takes ten
# minutes; valgrind looks for them.
ASAN_LEAKS = detect_leaks=0

.PHONY: asan
asan: ## unit tests, seeds, golden cases and rules under ASan and UBSan
	+@$(SUB) $(PAR) BUILD=$(BUILD)/asan SAN=address,undefined check-build
	+@rc=0; for t in test replay golden rules; do \
	    ASAN_OPTIONS=$(ASAN_LEAKS) CK_TIMEOUT_MULTIPLIER=5 CASE_SECONDS=1500 \
	    $(SUB) BUILD=$(BUILD)/asan SAN=address,undefined $$t || rc=1; \
	done; exit $$rc

MEMCHECK = valgrind -q --error-exitcode=99 --leak-check=full \
	--errors-for-leak-kinds=definite \
	--suppressions=$(CURDIR)/testdata/memcheck.supp

.PHONY: valgrind
valgrind: all $(BUILD)/unit ## unit tests and golden cases under memcheck
	@rm -rf $(BUILD)/valgrind && mkdir -p $(BUILD)/valgrind
	@for p in $(CMD_BIN) $(GEN_BIN); do \
	    w=$(BUILD)/valgrind/$${p##*/}; \
	    printf '%s\n' '#!/bin/sh' \
		'[ -e /proc/self/fd/2 ] || exec 2>/dev/null # memcheck needs it' \
		>$$w; \
	    printf 'exec %s %s "$$@"\n' '$(MEMCHECK)' \
		"$$(cd $(BUILD)/bin && pwd)/$${p##*/}" >>$$w && chmod +x $$w; \
	done
	@rc=0; CK_TIMEOUT_MULTIPLIER=30 $(MEMCHECK) $(BUILD)/unit || rc=1; \
	    BIN=$(BUILD)/valgrind CASE_SECONDS=3000 \
		sh testdata/golden.sh $(CASE) || rc=1; \
	    exit $$rc

.PHONY: fuzz-build
fuzz-build: $(FUZZ_BIN)

FUZZ = $(FUZZERS)

.PHONY: fuzz
fuzz: ## fuzz each target FUZZ_SECONDS long (FUZZ=csv: one target)
	+@$(SUB) $(PAR) BUILD=$(BUILD)/fuzz CC=$(FUZZ_CC) \
	    SAN=fuzzer-no-link,address,undefined fuzz-build
	@sh testdata/fuzz.sh $(BUILD)/fuzz $(FUZZ_SECONDS) $(FUZZ)

.PHONY: cover
cover: ## line and branch coverage of unit, seeds and golden (gcc)
	@rm -rf $(BUILD)/cover
	+@rc=0; for t in test replay golden; do \
	    $(SUB) $(PAR) BUILD=$(BUILD)/cover CC=gcc \
		CFLAGS='-O0 -g --coverage' $$t || rc=1; \
	done; exit $$rc
	@gcov -n -b $(LIB_OBJ:$(BUILD)/%.o=$(BUILD)/cover/%.gcda) \
	    $(CMD_OBJ:$(BUILD)/%.o=$(BUILD)/cover/%.gcda) 2>/dev/null | awk ' \
	    /^File/ { f = $$2; gsub(/\x27/, "", f) } \
	    /^Lines exec/ { l = $$0; sub(/.*:/, "", l) } \
	    /^Branches exec|^No branches/ { b = $$0; sub(/.*:/, "", b); \
		if (f ~ /^(src|cmd)\//) \
		    printf "%-28s lines %-18s branches %s\n", f, l, b }' | sort -u

# Cases that make calls fail in their turn: by day some, by night all, but of the
# tens of thousands of allocations every 13th, which takes minutes, not hours.
EVERY_CALL = raxx-parse/hostile-50-signals raxx-parse/hostile-51-killed
SOME_CALLS = raxx-parse/hostile-54-no-memory

.PHONY: nightly
nightly: ## asan, valgrind, counts, fuzz for minutes, kills, builds by clang and with isa-l
	+@rc=0; $(SUB) asan || rc=1; \
	    $(SUB) valgrind || rc=1; \
	    $(SUB) counts || rc=1; \
	    $(SUB) fuzz FUZZ_SECONDS=60 || rc=1; \
	    sh testdata/crash.sh $(BUILD)/bin || rc=1; \
	    STEP=1 CASE_SECONDS=3600 $(SUB) golden CASE="$(EVERY_CALL)" || rc=1; \
	    STEP=13 CASE_SECONDS=3600 $(SUB) golden CASE="$(SOME_CALLS)" || rc=1; \
	    ! $(PKG_CONFIG) --exists libisal || \
		$(SUB) BUILD=$(BUILD)/isal INFLATE=isal check || rc=1; \
	    $(SUB) BUILD=$(BUILD)/clang CC=clang check || rc=1; exit $$rc

.PHONY: lint
lint: ## layers, banned functions, manuals, shell scripts, built binaries
	@BIN=$(BUILD)/bin $(TALLY) lint sh testdata/lint.sh

# The fastest that can be built here. Of the compilers this one makes the fastest
# programs; it is of Debian: clang-19 lld-19 llvm-19.
BENCH_CC = $(or $(if $(shell command -v llvm-profdata-19 && \
	command -v ld.lld-19),$(shell command -v clang-19)),$(CC))
BENCH_INFLATE = $(or $(INFLATE),$(if $(shell $(PKG_CONFIG) --exists libisal && \
	echo found),isal,zlib))

# Settings of bench.sh, such as LINES=1000000, reach it through the environment.
.PHONY: bench
bench: ## measure the goals of speed; LINES=4000000 RUNS=5 GROWTH=1 UPDATE=1
	+@$(SUB) pgo INFLATE=$(BENCH_INFLATE) CC=$(BENCH_CC)
	@BUILD=$(BUILD) BIN=$(BUILD)/pgo/bin CC="$(BENCH_CC)" \
	    INFLATE=$(BENCH_INFLATE) sh testdata/bench/bench.sh

.PHONY: bench-quick
bench-quick: all ## the same in two minutes, without the slow ones; no verdict
	@BUILD=$(BUILD) CC="$(CC)" QUICK=1 sh testdata/bench/bench.sh

.PHONY: counts
counts: all ## instructions of three runs against those kept (counts.tsv)
	@BIN=$(BUILD)/bin CC="$(CC)" CFLAGS="$(CFLAGS)" \
	    sh testdata/bench/counts.sh

.PHONY: counts-update
counts-update: all ## keep the instructions of today
	@BIN=$(BUILD)/bin CC="$(CC)" CFLAGS="$(CFLAGS)" \
	    sh testdata/bench/counts.sh --update

PEERS = $(BUILD)/bench/peers

.PHONY: bench-peers
bench-peers: ## install DuckDB and ClickHouse for `bench`, by npm
	@mkdir -p $(PEERS)
	cp testdata/bench/peers/package.json $(PEERS)
	npm install --prefix $(PEERS) --no-audit --no-fund

# --- housekeeping ----------------------------------------------------------

.PHONY: format
format: ## let clang-format lay out all C files
	clang-format -i $(wildcard src/*/*.[ch] cmd/*.[ch] testdata/gen/*.[ch])

.PHONY: new
new: ## start a module: make new MODULE=parse/foo [FUZZ=1]
	@sh testdata/new.sh $(MODULE) $(if $(filter 1,$(FUZZ)),fuzz)

MAN := $(wildcard docs/man/*.1 docs/man/*.5 docs/man/*.7)

.PHONY: man
man: ## check the manuals and write them as text into build/man
	@mkdir -p $(BUILD)/man
	@$(if $(MAN),mandoc -Tlint -W warning $(MAN))
	@for m in $(MAN); do \
	    mandoc -Tutf8 "$$m" | col -b > $(BUILD)/man/$${m##*/}.txt && \
	    echo "$(BUILD)/man/$${m##*/}.txt"; done

.PHONY: install
install: all ## install programs, manuals and pipelines (PREFIX, DESTDIR)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR) \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5 \
	    $(DESTDIR)$(MANDIR)/man7
	install -m 755 $(CMD_BIN) $(DESTDIR)$(BINDIR)
	for m in $(MAN); do \
	    install -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.} || exit; done
	if test -d pipelines; then cp -R pipelines/. $(DESTDIR)$(DATADIR); fi

.PHONY: uninstall
uninstall: ## remove what install wrote
	rm -f $(CMD_SRC:cmd/%.c=$(DESTDIR)$(BINDIR)/%)
	rm -f $(foreach m,$(notdir $(MAN)),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(m))
	rm -rf $(DESTDIR)$(DATADIR)

.PHONY: dist
dist: ## archive of HEAD: build/raxx-VERSION.tar.gz
	@mkdir -p $(BUILD)
	git archive --prefix=raxx-$(VERSION)/ HEAD | gzip -9n \
	    > $(BUILD)/raxx-$(VERSION).tar.gz

.PHONY: clean
clean: ## remove the build folder
	rm -rf $(BUILD)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' \
	    Makefile
