/*
 * text_type.h
 *		I/O and hashing of a type whose binary form is its text form.
 *
 * Given, in the type's file,
 *		static Datum read_text(const char *text, size_t length, Node *context);
 *		static char *write_text(Datum value, size_t *length);
 * AF_TEXT_TYPE(af_name) makes its fmgr functions.  State travels between
 * servers, and values to clients, in a form that everybody can read.
 */
#ifndef AF_TEXT_TYPE_H
#define AF_TEXT_TYPE_H

#include "text_family.h"

typedef Datum (*af_text_reader) (const char *text, size_t length, Node *context);
typedef char *(*af_text_writer) (Datum value, size_t *length);

extern Datum af_text_recv(FunctionCallInfo fcinfo, af_text_reader reader);
extern Datum af_text_send(FunctionCallInfo fcinfo, af_text_writer writer);

/* Released: PostgreSQL's hash of the text form's bytes, for ever. */
extern uint32 af_text_hash(Datum value, af_text_writer writer);
extern uint64 af_text_hash_extended(Datum value, uint64 seed, af_text_writer writer);

/* By the bytes of the text form. */
extern int	af_text_compare(Datum a, Datum b, af_text_writer writer);

#define AF_TEXT_TYPE(name) \
AF_FUNCTION(name##_in, return read_text(PG_GETARG_CSTRING(0), strlen(PG_GETARG_CSTRING(0)), fcinfo->context)) \
AF_FUNCTION(name##_out, size_t length; PG_RETURN_CSTRING(write_text(PG_GETARG_DATUM(0), &length))) \
AF_FUNCTION(name##_recv, return af_text_recv(fcinfo, read_text)) \
AF_FUNCTION(name##_send, return af_text_send(fcinfo, write_text)) \
AF_FUNCTION(name##_hash, PG_RETURN_UINT32(af_text_hash(PG_GETARG_DATUM(0), write_text))) \
AF_FUNCTION(name##_hash_extended, \
			PG_RETURN_UINT64(af_text_hash_extended(PG_GETARG_DATUM(0), (uint64) PG_GETARG_INT64(1), write_text)))

#endif
