/*
 * rubric_bands.h
 *		A rule's bands, compiled.
 */
#ifndef AF_RUBRIC_BANDS_H
#define AF_RUBRIC_BANDS_H

#include "rubric_model.h"

/* Compile a rule's bands, rule->rule.band_count of them, into zeroed memory. */
extern void af_bands_compile(const af_model_rule *rule, af_compiled_band *bands);

/* What a rule looks at, once its required number is known. */
extern af_subject af_subject_of(const af_model_rule *rule);

extern bool af_uses_baseline(const af_rule *rule);

#endif
