# antifraud: rubrics, scorecards, regions and citizen ids for PostgreSQL.
#
#   make check     build, test and clean up; needs nothing installed beforehand
#   make check-clients  the same set-up, then the tests of drivers (CLIENT=name for one)
#   make check-browser  the same set-up, then the example dashboard in Chromium
#   make demo      the same set-up, then the demonstration
#   make demo-serve  the same with the dashboard, kept running until Ctrl-C
#   make bench     the same set-up, then the benchmarks (BENCH=name for one)
#   make psql      the same set-up, then a shell with the demonstration loaded
#
#   make, make install, make installcheck: as any PGXS extension (PG_CONFIG=...)

here := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
JOBS_HERE := check check-clients check-browser demo demo-serve bench psql

ifneq (,$(filter $(JOBS_HERE),$(MAKECMDGOALS)))

# These run before PostgreSQL is known to be installed, and PGXS has a check
# target of its own: so PGXS stays out, and they are goals by themselves.
ifneq (,$(filter-out $(JOBS_HERE),$(MAKECMDGOALS)))
$(error $(filter $(JOBS_HERE),$(MAKECMDGOALS)) cannot be made together with: $(filter-out $(JOBS_HERE),$(MAKECMDGOALS)))
endif

.PHONY: $(JOBS_HERE)
.NOTPARALLEL:
$(JOBS_HERE):
	@sh '$(here)/scripts/throwaway' $@

else

# The default goal; rules below come before those of PGXS.
all:

EXTENSION = antifraud
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" '$(here)/antifraud.control')
ifeq (,$(EXTVERSION))
$(error antifraud.control names no default_version)
endif

MODULE_big = antifraud
SOURCES := $(wildcard $(here)/src/core/*.c) $(wildcard $(here)/src/*.c)
OBJS := $(sort $(patsubst $(here)/%.c,%.o,$(SOURCES)))

# Every header may reach every object; the module is small enough to rebuild.
$(OBJS) $(OBJS:.o=.bc): $(wildcard $(here)/src/core/*.h) $(wildcard $(here)/src/*.h)

# The install script is made of the numbered parts and of the registry's files.
SCRIPT = sql/antifraud--$(EXTVERSION).sql
SCRIPT_PARTS := $(wildcard $(here)/sql/[0-9]*.sql $(here)/sql/registry/[0-9]*.sql \
	$(here)/sql/registry/upgrade/*.sql $(here)/sql/registry/rubrics/*.json $(here)/sql/registry/data/*.csv $(here)/sql/bi/[0-9]*.sql)
DATA_built = $(SCRIPT)
DATA = $(patsubst $(here)/%,%,$(wildcard $(here)/sql/upgrade/antifraud--*--*.sql))

# Tests.  pg_regress looks for an input in the output directory's sql/ before
# it looks in test/sql, so a test named like an install part would run that
# part; isolation tests share expected/ with the others.
REGRESS := $(sort $(notdir $(basename $(wildcard $(here)/test/sql/*.sql))))
REGRESS_OPTS = --inputdir=$(here)/test --outputdir=. --encoding=UTF8 --load-extension=antifraud
ISOLATION := $(sort $(notdir $(basename $(wildcard $(here)/test/specs/*.spec))))
ISOLATION_OPTS = --inputdir=$(here)/test --outputdir=. --encoding=UTF8 --load-extension=antifraud
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl

SHADOWED := $(filter $(notdir $(basename $(wildcard $(here)/sql/*.sql))) $(ISOLATION),$(REGRESS))
ifneq (,$(SHADOWED))
$(error regress tests must not bear the name of a file in sql/ or test/specs/; rename in test/sql/: $(SHADOWED))
endif

PG_CONFIG ?= pg_config

# PostgreSQL's headers as system headers: our warnings are about our own files.
# Functions called through fmgr do not all use their arguments.
PG_CPPFLAGS = -I$(here)/src -isystem $(shell $(PG_CONFIG) --includedir-server)
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter

# Calls within the module need no detour through the symbol table; the tests
# for small counts need the mathematical library.
SHLIB_LINK = -Wl,-Bsymbolic-functions -lm

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(SCRIPT): $(SCRIPT_PARTS) $(here)/antifraud.control $(here)/scripts/install-script
	@mkdir -p sql
	sh '$(here)/scripts/install-script' '$(here)' > $@.new && mv -f $@.new $@ || { rm -f $@.new; exit 1; }

# A build outside the tree has no src/ yet.
$(OBJS) $(OBJS:.o=.bc): | objdirs
.PHONY: objdirs
objdirs:
	@mkdir -p $(sort $(dir $(OBJS)))

endif
