/*
 * compat.h
 *		The only place that looks at PG_VERSION_NUM.
 *
 * PostgreSQL 15 has no soft errors: there every error of an input function
 * is raised.
 */
#ifndef AF_COMPAT_H
#define AF_COMPAT_H

#include "postgres.h"
#include "fmgr.h"
#include "nodes/nodes.h"

#if PG_VERSION_NUM < 150000
#error "antifraud needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define af_errsave(context, dummy, ...) ereturn(context, dummy, __VA_ARGS__)
#define af_make_range(type, lower, upper) make_range(type, lower, upper, false, NULL)
#else
#define af_errsave(context, dummy, ...) \
	do { (void) (context); ereport(ERROR, __VA_ARGS__); return dummy; } while (0)
#define af_make_range(type, lower, upper) make_range(type, lower, upper, false)
#endif

/* PostgreSQL 18 writes this before the declaration, as C11 and C23 do. */
#if PG_VERSION_NUM < 180000 && !defined(pg_noreturn)
#define pg_noreturn pg_attribute_noreturn()
#endif

#endif
