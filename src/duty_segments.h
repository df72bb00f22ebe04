/*
 * duty_segments.h
 *		The history of a duty, from jsonb.
 */
#ifndef AF_FACE_DUTY_SEGMENTS_H
#define AF_FACE_DUTY_SEGMENTS_H

#include "face.h"

#include "utils/jsonb.h"

#include "core/duty.h"

/* The segments in the order of their days, checked; raises where they are not. */
extern af_duty_segment *af_duty_segments_get(Jsonb *document, int *count);

#endif
