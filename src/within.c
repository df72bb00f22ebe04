/*
 * within.c
 *		within(): whether a day or a region lies within some, by comparisons
 *		that every server understands.
 *
 * A condition on a view that is a UNION ALL of many tables, such as the view
 * fact of a registry, is copied into each of its branches, where the day is a
 * column, or what a reader makes of one.  There the planner asks here, and
 * within() becomes comparisons of the bare column, which an index serves and
 * a foreign server evaluates; what they let through too much is sorted out by
 * the exact condition beside them.
 */
#include "compat.h"

#include "access/stratnum.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_proc_d.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "bare_bounds.h"
#include "within.h"

/* More of them are no conditions on the column. */
#define MOST_SPANS		8
#define MOST_REGIONS	32

/*
 * Whether an expression rests on anything but columns of tables: those of a
 * view become columns of its tables later, and then the question comes again.
 */
static bool
is_unsettled(Node *node, void *context)
{
	List	   *range_table = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		Var		   *var = (Var *) node;

		return var->varlevelsup != 0 || var->varno <= 0 || (int) var->varno > list_length(range_table) ||
			rt_fetch(var->varno, range_table)->rtekind != RTE_RELATION;
	}
	if (IsA(node, SubLink) || IsA(node, Query))
		return true;
	return expression_tree_walker(node, is_unsettled, context);
}

static bool
can_repeat(SupportRequestSimplify *request, Node *value)
{
	return request->root != NULL &&
		!is_unsettled(value, request->root->parse->rtable) && !contain_volatile_functions(value);
}

/* The argument of a call of one of the extension's readers, or NULL. */
static Node *
argument_of_reader(Node *node, const char *reader, Oid schema)
{
	FuncExpr   *call = (FuncExpr *) node;

	if (!IsA(node, FuncExpr) || list_length(call->args) != 1 || get_func_namespace(call->funcid) != schema ||
		strcmp(get_func_name(call->funcid), reader) != 0)
		return NULL;
	return linitial(call->args);
}

/*
 * AND below AND, and OR below OR, as one.  The planner does so with what is
 * written in a query before it asks here, but not again with what a condition
 * on a UNION ALL becomes in a branch, and then reads an AND as a restriction.
 * What NOT makes of the alternating levels alternates, too.
 */
static Node *
flattened(Node *node)
{
	List	   *arguments = NIL;
	ListCell   *cell;

	if (node == NULL || !(is_andclause(node) || is_orclause(node)))
		return node;
	foreach(cell, ((BoolExpr *) node)->args)
	{
		Node	   *argument = flattened(lfirst(cell));

		if (IsA(argument, BoolExpr) && ((BoolExpr *) argument)->boolop == ((BoolExpr *) node)->boolop)
			arguments = list_concat(arguments, ((BoolExpr *) argument)->args);
		else
			arguments = lappend(arguments, argument);
	}
	return (Node *) makeBoolExpr(((BoolExpr *) node)->boolop, arguments, -1);
}

/*
 * Exactly the value of `exact`, and a WHERE clause drops the NULL and is left
 * with two conditions.  Where the text cannot be read `exact` is NULL, and
 * so is the whole, also below a NOT.
 */
static Node *
bounded(Node *exact, Node *bounds)
{
	if (bounds == NULL)
		return flattened(exact);
	return flattened((Node *) make_andclause(list_make2(make_orclause(list_make2(bounds, makeBoolConst(false, true))), exact)));
}

/* False, and NULL where the value is: a WHERE clause with it reads nothing. */
static Node *
never(Node *value)
{
	NullTest   *test = makeNode(NullTest);

	test->arg = (Expr *) value;
	test->nulltesttype = IS_NULL;
	test->location = -1;
	return (Node *) make_andclause(list_make2(makeBoolConst(false, true), test));
}

static Node *
either(List *conditions)
{
	return list_length(conditions) == 1 ? linitial(conditions) : (Node *) make_orclause(conditions);
}

/*
 * Days.
 */

static Node *
day_limit(af_day day)
{
	return (Node *) makeConst(DATEOID, -1, InvalidOid, sizeof(DateADT), DateADTGetDatum(day), false, true);
}

/*
 * The day itself compared: exactly.  With the day after the last one, so that
 * a remote column that has times of day under a local one that has none gives
 * the same days.
 */
static Node *
compare_day(Node *day, const RangeBound *lower, const RangeBound *upper)
{
	Oid			family = lookup_type_cache(DATEOID, TYPECACHE_BTREE_OPFAMILY)->btree_opf;
	List	   *conditions = NIL;

	if (!lower->infinite)
		conditions = lappend(conditions, af_compare(family, day, BTGreaterEqualStrategyNumber, day_limit(DatumGetDateADT(lower->val))));
	if (!upper->infinite)
		conditions = lappend(conditions, af_compare(family, day, BTLessStrategyNumber, day_limit(DatumGetDateADT(upper->val))));
	if (conditions == NIL)
		return NULL;
	return list_length(conditions) == 1 ? linitial(conditions) : (Node *) make_andclause(conditions);
}

/* time AT TIME ZONE 'zone', of a time with time zone */
static bool
is_time_zone_call(Node *node)
{
	return IsA(node, FuncExpr) && ((FuncExpr *) node)->funcid == F_TIMEZONE_TEXT_TIMESTAMPTZ;
}

/* Whether this is the day of a time without time zone. */
static bool
is_day_of_time(Node *day, Oid schema)
{
	return IsA(day, FuncExpr) &&
		(((FuncExpr *) day)->funcid == F_DATE_TIMESTAMP || argument_of_reader(day, "day_of", schema) != NULL);
}

/* What the column must be like from which a day is read or taken. */
static Node *
bare_days(Node *day, Oid schema, const af_day_span *spans, int count)
{
	Node	   *argument;

	if (IsA(day, CaseExpr))
	{
		CaseExpr   *choice = (CaseExpr *) day;

		/* nothing else can be the day but this */
		if (list_length(choice->args) != 1 || choice->arg != NULL ||
			!(choice->defresult == NULL || (IsA(choice->defresult, Const) && ((Const *) choice->defresult)->constisnull)))
			return NULL;
		return bare_days((Node *) ((CaseWhen *) linitial(choice->args))->result, schema, spans, count);
	}
	if (!IsA(day, FuncExpr) || list_length(((FuncExpr *) day)->args) != 1)
		return NULL;
	argument = linitial(((FuncExpr *) day)->args);
	if (argument_of_reader(day, "read_date", schema) != NULL)
		return af_bare_days(argument, spans, count);
	if (((FuncExpr *) day)->funcid != F_DATE_TIMESTAMPTZ && !is_day_of_time(day, schema))
		return NULL;
	if (is_time_zone_call(argument))
		argument = llast(((FuncExpr *) argument)->args);
	return af_bare_instants(argument, spans, count);
}

/*
 * The day compared with finite days, which give `exact`.  The cast of a time
 * must not stay in any comparison: mysql_fdw 2.8 sends it without the cast.
 */
static Node *
finite_days(Node *day, Const *days, Oid schema, const af_day_span *spans, int count, Node *exact)
{
	Node	   *bounds = bare_days(day, schema, spans, count);

	if (is_day_of_time(day, schema))
	{
		Node	   *argument = linitial(((FuncExpr *) day)->args);

		exact = af_bare_instants(argument, spans, count);
		return exact == NULL || !is_time_zone_call(argument) ? flattened(exact) : bounded(exact, bounds);
	}
	if (bounds != NULL && IsA(day, FuncExpr) && ((FuncExpr *) day)->funcid == F_DATE_TIMESTAMPTZ)
		exact = (Node *) make_opclause(OID_MULTIRANGE_ELEM_CONTAINED_OP, BOOLOID, false, (Expr *) day, (Expr *) days,
									   InvalidOid, InvalidOid);
	return bounded(exact, bounds);
}

PG_FUNCTION_INFO_V1(af_within_days_support);
Datum
af_within_days_support(PG_FUNCTION_ARGS)
{
	SupportRequestSimplify *request = (SupportRequestSimplify *) PG_GETARG_POINTER(0);
	Node	   *day;
	Const	   *known;
	TypeCacheEntry *range_type;
	RangeType **ranges;
	int32		count;
	af_day_span *spans;
	bool		finite = true;
	List	   *exact = NIL;
	Oid			schema;

	if (!IsA(request, SupportRequestSimplify) || list_length(request->fcall->args) != 2)
		PG_RETURN_POINTER(NULL);
	day = linitial(request->fcall->args);
	known = lsecond(request->fcall->args);
	if (!IsA(known, Const) || known->constisnull || !can_repeat(request, day))
		PG_RETURN_POINTER(NULL);
	range_type = lookup_type_cache(DATEMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO)->rngtype;
	multirange_deserialize(range_type, DatumGetMultirangeTypeP(known->constvalue), &count, &ranges);
	if (count == 0)
		PG_RETURN_POINTER(never(day));
	if (count > MOST_SPANS)
		PG_RETURN_POINTER(NULL);

	spans = palloc(sizeof(af_day_span) * (Size) count);
	for (int i = 0; i < count; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		bool		empty;
		Node	   *inside;

		/* A daterange is canonical: its lower bound is included, its upper is not. */
		range_deserialize(range_type, ranges[i], &lower, &upper, &empty);
		inside = compare_day(day, &lower, &upper);
		if (inside == NULL)
			PG_RETURN_POINTER(NULL);
		exact = lappend(exact, inside);
		finite &= !lower.infinite && !upper.infinite &&
			!DATE_NOT_FINITE(DatumGetDateADT(lower.val)) && !DATE_NOT_FINITE(DatumGetDateADT(upper.val));
		if (finite)
		{
			spans[i].from = DatumGetDateADT(lower.val);
			spans[i].to = DatumGetDateADT(upper.val) - 1;
		}
	}
	schema = get_func_namespace(request->fcall->funcid);
	if (finite)
		PG_RETURN_POINTER(finite_days(day, known, schema, spans, count, either(exact)));
	if (is_day_of_time(day, schema) || (IsA(day, FuncExpr) && ((FuncExpr *) day)->funcid == F_DATE_TIMESTAMPTZ))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(flattened(either(exact)));
}

/*
 * Regions.
 */

/* The region itself compared, in one of them: exactly. */
static Node *
compare_regions(Node *region, const af_region *outer, int count)
{
	Oid			type = exprType(region);
	Oid			family = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf;
	List	   *inside = NIL;

	for (int i = 0; i < count; i++)
	{
		Node	   *limits[2];
		af_region	ends[2] = {outer[i], af_region_last(outer[i])};

		for (int end = 0; end < 2; end++)
			limits[end] = (Node *) makeConst(type, -1, InvalidOid, sizeof(int64), Int64GetDatum(ends[end]), false, get_typbyval(type));
		inside = lappend(inside, make_andclause(list_make2(
			af_compare(family, region, BTGreaterEqualStrategyNumber, limits[0]),
			af_compare(family, region, BTLessEqualStrategyNumber, limits[1]))));
	}
	return either(inside);
}

/* The conditions on a region as it stands in a column, or as it is read from one. */
static Node *
written_conditions(Node *region, Oid schema, const af_region *outer, int count)
{
	Node	   *column = argument_of_reader(region, "read_region", schema);

	if (column != NULL)
		return af_bare_regions(column, outer, count);
	return IsA(region, Var) ? compare_regions(region, outer, count) : NULL;
}

/* What stands there unless something else is put for it: CASE ... ELSE this END, COALESCE(..., this). */
static Node *
written_region(Node *region)
{
	if (IsA(region, CoalesceExpr))
		return llast(((CoalesceExpr *) region)->args);
	if (IsA(region, CaseExpr) && ((CaseExpr *) region)->arg == NULL)
		return (Node *) ((CaseExpr *) region)->defresult;
	return NULL;
}

/*
 * The function's own test, under the name that asks nothing of the planner;
 * found without the right to use the schema, as readers of a view may lack it.
 */
static Node *
plain_test(Node *region, Node *regions, Oid schema)
{
	Oid			types[2] = {exprType(region), exprType(regions)};
	Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("region_within_any"),
										   PointerGetDatum(buildoidvector(types, 2)), ObjectIdGetDatum(schema));

	if (!OidIsValid(function))
		return NULL;
	return (Node *) makeFuncExpr(function, BOOLOID, list_make2(region, regions), InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The regions of a constant array; NULL where it is empty, has a NULL, or is no constant. */
static af_region *
known_regions(Node *node, int *count)
{
	Const	   *known = (Const *) node;
	ArrayType  *array;
	af_region  *regions;

	if (!IsA(node, Const) || known->constisnull)
		return NULL;
	array = DatumGetArrayTypeP(known->constvalue);
	*count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (*count == 0 || *count > MOST_REGIONS || array_contains_nulls(array))
		return NULL;
	regions = palloc(sizeof(af_region) * (Size) *count);
	memcpy(regions, ARR_DATA_PTR(array), sizeof(af_region) * (Size) *count);
	return regions;
}

PG_FUNCTION_INFO_V1(af_within_regions_support);
Datum
af_within_regions_support(PG_FUNCTION_ARGS)
{
	SupportRequestSimplify *request = (SupportRequestSimplify *) PG_GETARG_POINTER(0);
	List	   *arguments;
	Node	   *region;
	Node	   *written = NULL;
	Node	   *bounds = NULL;
	Node	   *exact;
	Oid			schema;
	af_region  *outer;
	int			count;

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	arguments = request->fcall->args;
	schema = get_func_namespace(request->fcall->funcid);
	region = linitial(arguments);
	outer = known_regions(lsecond(arguments), &count);
	if (outer == NULL)
		PG_RETURN_POINTER(NULL);
	if (can_repeat(request, region) && written_region(region) == NULL)
		PG_RETURN_POINTER(bounded(compare_regions(region, outer, count),
								  IsA(region, Var) ? NULL : written_conditions(region, schema, outer, count)));

	/* Something else may be put for what is written there. */
	if (list_length(arguments) == 3 && (written = written_region(region)) != NULL && can_repeat(request, written) &&
		(outer = known_regions(lthird(arguments), &count)) != NULL)
		bounds = written_conditions(written, schema, outer, count);
	exact = bounds == NULL ? NULL : plain_test(region, lsecond(arguments), schema);
	PG_RETURN_POINTER(exact == NULL ? NULL : bounded(exact, bounds));
}

/* `read_region(column) <@ region`; a column of type region has an index condition instead. */
Node *
af_region_within_simplified(SupportRequestSimplify *request, int inner_number)
{
	Node	   *inner = list_nth(request->fcall->args, inner_number);
	Node	   *outer = list_nth(request->fcall->args, 1 - inner_number);
	Oid			schema = get_func_namespace(request->fcall->funcid);
	af_region	region;

	if (!IsA(outer, Const) || ((Const *) outer)->constisnull || exprType(outer) != exprType(inner) ||
		argument_of_reader(inner, "read_region", schema) == NULL || !can_repeat(request, inner))
		return NULL;
	region = DatumGetInt64(((Const *) outer)->constvalue);
	return bounded(compare_regions(inner, &region, 1), written_conditions(inner, schema, &region, 1));
}

/*
 * What is called where nothing was simplified.
 */

PG_FUNCTION_INFO_V1(af_region_within_any);
Datum
af_region_within_any(PG_FUNCTION_ARGS)
{
	af_region	inner = PG_GETARG_INT64(0);
	ArrayType  *outer = PG_GETARG_ARRAYTYPE_P(1);
	ArrayIterator each = array_create_iterator(outer, 0, NULL);
	bool		unknown = false;
	Datum		value;
	bool		isnull;

	while (array_iterate(each, &value, &isnull))
	{
		if (isnull)
			unknown = true;
		else if (af_region_contains(DatumGetInt64(value), inner))
			PG_RETURN_BOOL(true);
	}
	if (unknown)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(false);
}
