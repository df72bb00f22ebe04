/*
 * within.h
 *		Conditions on regions, as comparisons of the bare column.
 */
#ifndef AF_FACE_WITHIN_H
#define AF_FACE_WITHIN_H

#include "compat.h"

#include "nodes/supportnodes.h"

/* What `<@` becomes where its argument at inner_number is read from a column; NULL: it stays. */
extern Node *af_region_within_simplified(SupportRequestSimplify *request, int inner_number);

#endif
