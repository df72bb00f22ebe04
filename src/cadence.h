/*
 * cadence.h
 *		The type `cadence` and the dates on which it is counted.
 */
#ifndef AF_FACE_CADENCE_H
#define AF_FACE_CADENCE_H

#include "face.h"

#include "utils/date.h"

#include "core/cadence.h"

/* A cadence argument. */
extern af_cadence af_cadence_get(Datum datum);

/* A date of the years 1 to 9999; raises for any other. */
extern af_day af_cadence_day(DateADT date);

#endif
