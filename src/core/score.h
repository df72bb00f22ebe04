/*
 * score.h
 *		Reading a scorecard: what its rules deduct and add, and the total.
 *
 * Caps, floors and everything else that is not additive happen here and
 * nowhere else.
 */
#ifndef AF_SCORE_H
#define AF_SCORE_H

#include "scorecard.h"

typedef enum af_state
{
	AF_STATE_SCORED,
	AF_STATE_OPEN,				/* a shortfall in a window that is not over */
	AF_STATE_PENDING,			/* a discretionary range without a decision */
	AF_STATE_REVIEW,			/* no comparable or only a zero baseline */
	AF_STATE_NOT_MEASURED,		/* a rate without a base */
	AF_STATE_WAIVED
} af_state;

extern const char *const af_state_names[];

/* One of the two ends of what undecided ranges leave open. */
typedef enum af_end
{
	AF_END_LOW,					/* the high deductions, the low additions */
	AF_END_HIGH
} af_end;

/* What one rule says of a card, before its item's points cap it. */
typedef struct af_outcome
{
	af_wide		facts;			/* over all windows */
	af_wide		quantity;
	af_state	state;
	af_wide		raw;			/* hundredths, at the low end; open ones included */
	af_wide		deduct[2];		/* by af_end, after the rule's own cap */
	af_wide		add[2];
	bool		zero;
	bool		vetoed;
	uint32_t	raised;			/* bit b: band b asks for its escalation */

	/* Filled in by af_score_total at the low end. */
	af_points	deducted;
	af_wide		overflow;
	af_wide		added;
} af_outcome;

/*
 * Judge every rule; outcomes in the block's order, rubric->rule_count of
 * them.  False where a rule's points pass any range that a sum could hold.
 */
extern bool af_score_judge(const af_rubric *rubric, const int64_t *counters, af_outcome *outcomes);

/* The total at one end, in hundredths. */
extern af_wide af_score_total(const af_rubric *rubric, af_outcome *outcomes, af_end end);

/* One rule alone: rule_eval.c. */
extern bool af_rule_judge(const af_rubric *rubric, const af_compiled_rule *rule,
						  const int64_t *counters, af_outcome *outcome);

#endif
