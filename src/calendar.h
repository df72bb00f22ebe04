/*
 * calendar.h
 *		The type `calendar`: which days are working days, term days, exam days.
 */
#ifndef AF_FACE_CALENDAR_H
#define AF_FACE_CALENDAR_H

#include "face.h"

#include "core/calendar.h"

/* A calendar argument, detoasted and checked. */
extern const af_calendar *af_calendar_get(Datum value);

/* The value made of what was gathered, ready to be returned. */
extern af_calendar *af_calendar_make(const af_calendar_builder *builder);

/* A kind of day given as text; raises where there is no such kind. */
extern af_day_kind af_day_kind_get(Datum kind);

#endif
