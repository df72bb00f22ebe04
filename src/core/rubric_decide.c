/*
 * rubric_decide.c
 *		What people decided: the points of a discretionary range, a waiver, a
 *		reading.
 *
 * Decisions change how a scorecard is read, never what it counts, so they
 * are no part of a rubric's identity.  They name their rule by item and
 * ordinal, as the official document and its readers do.
 */
#include <stdio.h>
#include <string.h>

#include "rubric_model.h"

static bool
reject(af_error *error, int position, const char *reason, const char *detail, const char *hint)
{
	af_error_set(error, AF_INVALID, "decision %d: %s", position, reason);
	af_error_detail(error, "%s", detail);
	return af_error_hint(error, "%s", hint);
}

static af_model_rule *
find_rule(af_model *model, af_span item, int64_t ordinal)
{
	for (int i = 0; i < model->item_count; i++)
		if (model->items[i].number.length == item.length &&
			memcmp(model->items[i].number.data, item.data, item.length) == 0)
		{
			if (ordinal < 1 || ordinal > model->items[i].rule_count)
				return NULL;
			return &model->rules[model->items[i].first_rule + ordinal - 1];
		}
	return NULL;
}

/* One list says a thing of a rule once: which of two holds would be a guess. */
static bool
first_word(af_model_rule *rule, const af_json *json, int what, const char *key, int position, af_error *error)
{
	if (json == NULL)
		return true;
	if ((rule->decided_in_list & (1u << what)) == 0)
	{
		rule->decided_in_list |= 1u << what;
		return true;
	}
	af_error_set(error, AF_INVALID, "decision %d: \"%s\" of the rule is decided twice in one list", position, key);
	af_error_detail(error, "Which of the two holds would be a guess.");
	return af_error_hint(error, "Keep the later one, or enter them one after the other with two calls.");
}

/* The decided points must lie within every range that the rule leaves open. */
static bool
decide_points(af_model_rule *rule, const af_json *json, int position, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	char		low[AF_DECIMAL_SIZE];
	char		high[AF_DECIMAL_SIZE];
	af_points	points = 0;
	size_t		used;
	bool		any = false;

	if (json->kind != AF_JSON_NUMBER ||
		af_decimal_read(json->text.data, json->text.length, AF_POINTS_DECIMALS, AF_POINTS_MAX, &points, &used) != AF_DECIMAL_OK)
		return reject(error, position, "\"points\" must be a number, not negative, with at most two decimals",
					  "Points are not rounded in silence.",
					  "Write the points that were decided, for instance 15.");
	for (int b = 0; b < rule->rule.band_count; b++)
	{
		const af_band *band = &rule->rule.band[b];

		if (band->points_max == band->points)
			continue;
		any = true;
		if (points >= band->points && points <= band->points_max)
			continue;
		af_decimal_write(low, band->points, AF_POINTS_DECIMALS);
		af_decimal_write(high, band->points_max, AF_POINTS_DECIMALS);
		af_error_set(error, AF_INVALID, "decision %d: %s points are outside the range %s to %s", position,
					 af_excerpt(excerpt, json->text.data, json->text.length), low, high);
		af_error_detail(error, "The rule leaves only points within its range to discretion.");
		return af_error_hint(error, "Decide on points within the range.");
	}
	if (!any)
		return reject(error, position, "the rule leaves no points to discretion",
					  "Its points follow from the facts.",
					  "Only a rule with a range, such as deduct 10..20, takes decided points; a deduction is taken back by a waiver.");
	rule->decided = points;
	return true;
}

static bool
decide(af_model *model, const af_json *json, int position, af_error *error)
{
	static const char *const names[] = {"item", "rule", "points", "waived", "reading"};
	const af_json *member[5];
	char		where[32];
	char		excerpt[AF_EXCERPT_SIZE];
	int64_t		ordinal = 0;
	size_t		used;
	af_model_rule *rule;

	snprintf(where, sizeof(where), "decision %d", position);
	if (!af_json_members(json, names, 5, member, where, error))
		return false;
	if (member[0] == NULL || (member[0]->kind != AF_JSON_STRING && member[0]->kind != AF_JSON_NUMBER))
		return reject(error, position, "\"item\" must be the number of an item",
					  "A decision is about one rule of one item.", "Write {\"item\": \"7\", \"rule\": 1, ...}.");
	if (member[1] == NULL || member[1]->kind != AF_JSON_NUMBER ||
		af_decimal_read(member[1]->text.data, member[1]->text.length, 0, AF_RUBRIC_MAX_RULES, &ordinal, &used) != AF_DECIMAL_OK)
		return reject(error, position, "\"rule\" must be the place of a rule within its item, a whole number from 1",
					  "A decision is about one rule of one item.", "Write {\"item\": \"7\", \"rule\": 1, ...}.");
	rule = find_rule(model, member[0]->text, ordinal);
	if (rule == NULL)
	{
		af_error_set(error, AF_INVALID, "decision %d: the rubric has no rule %lld of item \"%s\"", position,
					 (long long) ordinal, af_excerpt(excerpt, member[0]->text.data, member[0]->text.length));
		af_error_detail(error, "A decision is about one rule of one item.");
		return af_error_hint(error, "Decisions name rules by the item's number and the rule's place within it, from 1.");
	}
	if (member[2] == NULL && member[3] == NULL && member[4] == NULL)
		return reject(error, position, "it decides nothing",
					  "A decision sets points, waives the rule or names a reading.", "Give \"points\", \"waived\" or \"reading\".");
	if (!first_word(rule, member[2], 0, names[2], position, error) ||
		!first_word(rule, member[3], 1, names[3], position, error) ||
		!first_word(rule, member[4], 2, names[4], position, error))
		return false;
	if (member[2] != NULL && !decide_points(rule, member[2], position, error))
		return false;
	if (member[3] != NULL)
	{
		if (member[3]->kind != AF_JSON_TRUE && member[3]->kind != AF_JSON_FALSE)
			return reject(error, position, "\"waived\" must be true or false",
						  "A rule is waived as a whole or not at all.", "Write true to waive what the rule deducts.");
		rule->waived = member[3]->kind == AF_JSON_TRUE;
	}
	if (member[4] != NULL)
	{
		if (member[4]->kind != AF_JSON_STRING)
			return reject(error, position, "\"reading\" must be a string",
						  "A reading is a remark that changes no number.", "Name the reading that was decided on.");
		rule->decided_reading = member[4]->text;
	}
	return true;
}

bool
af_model_decide(af_model *model, const af_json *decisions, af_error *error)
{
	int			position = 0;

	if (decisions->kind != AF_JSON_ARRAY)
	{
		af_error_set(error, AF_SYNTAX, "decisions must be a JSON array, not %s", af_json_kind_name(decisions));
		af_error_detail(error, "Each element is an object that decides about one rule.");
		return af_error_hint(error, "Write [{\"item\": \"7\", \"rule\": 1, \"waived\": true}].");
	}
	for (int i = 0; i < model->rule_count; i++)
		model->rules[i].decided_in_list = 0;
	for (const af_json *decision = decisions->first; decision; decision = decision->next)
		if (!decide(model, decision, ++position, error))
			return false;
	return true;
}
