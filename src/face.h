/*
 * face.h
 *		What every file of the PostgreSQL face shares: errors, memory, text.
 */
#ifndef AF_FACE_H
#define AF_FACE_H

#include "compat.h"

#include "core/memory.h"
#include "core/result.h"

/*
 * Report a core error.  With a soft-error context (PostgreSQL 16 and later)
 * this returns, and the input function must then return (Datum) 0; without
 * one it does not return.
 */
extern Datum af_report(Node *context, const af_error *error);

/* The memory of the current context, for core code. */
extern af_memory af_palloc_memory(void);

/*
 * Memory that is all released at the end.  Comparison and hashing need it: a
 * sort or an index build calls them without end in one memory context.
 *		old = af_scratch_begin(); ... af_scratch_end(old);
 */
extern MemoryContext af_scratch_begin(void);
extern void af_scratch_end(MemoryContext old);

/* A text Datum from bytes. */
extern Datum af_text_datum(const char *data, size_t length);

#endif
