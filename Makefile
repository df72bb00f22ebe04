EXTENSION = antifraud
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" antifraud.control)

MODULE_big = antifraud
OBJS = $(patsubst %.c,%.o,$(wildcard src/core/*.c) $(wildcard src/*.c))
PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers -Wno-cast-function-type -Werror

DATA_built = sql/antifraud--$(EXTVERSION).sql
PARTS = $(sort $(wildcard sql/[0-9]*.sql))

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

sql/antifraud--$(EXTVERSION).sql: $(PARTS) antifraud.control
	cat $(PARTS) > $@
