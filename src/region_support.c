/*
 * region_support.c
 *		Planner support: containment of regions by an index.
 *
 * What lies in a region is a range of codes, so `code <@ region` becomes
 * `code >= region AND code <= region_last(region)`, exactly; what a region
 * lies in is at most six codes, so `code @> region` becomes
 * `code = ANY (region_path(region))`.  The other side may be a constant, a
 * parameter, a sub-select, or a column of another table.  What a reader makes
 * of a text is compared as the bare text: within.c.
 */
#include "compat.h"

#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_proc_d.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "core/region.h"
#include "within.h"

/* What a condition is built for. */
typedef struct target
{
	PlannerInfo *root;
	Oid			schema;			/* where the extension's functions are */
	Oid			family;			/* the index's operator family */
	Oid			region_type;
	Node	   *column;
} target;

/*
 * Call one of the extension's functions, folded where the argument is known.
 * The catalog is asked by itself, because a lookup by name would want the
 * right to use the schema, which readers of a view need not have.
 */
static Node *
call_function(const target *to, const char *name, Node *argument, Oid result)
{
	Oid			argument_type = exprType(argument);
	Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
										   CStringGetDatum(name),
										   PointerGetDatum(buildoidvector(&argument_type, 1)),
										   ObjectIdGetDatum(to->schema));

	if (!OidIsValid(function))
		return NULL;
	return eval_const_expressions(to->root, (Node *) makeFuncExpr(function, result, list_make1(argument),
																  InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL));
}

/*
 * The greatest code inside.  Of a known region it is taken here and now:
 * planning is half the cost of a small query.
 */
static Node *
last_inside(const target *to, Node *outer)
{
	Const	   *known;
	af_region	last = 0;

	if (!IsA(outer, Const))
		return call_function(to, "region_last", outer, to->region_type);
	known = (Const *) outer;
	if (!known->constisnull)
		last = af_region_last(DatumGetInt64(known->constvalue));
	return (Node *) makeConst(to->region_type, -1, InvalidOid, sizeof(int64), Int64GetDatum(last),
							  known->constisnull, get_typbyval(to->region_type));
}

/* The other side as a region: a text that is none becomes NULL, and finds nothing. */
static Node *
as_region(const target *to, Node *value)
{
	Oid			type = exprType(value);

	if (type == to->region_type)
		return value;
	if (type != TEXTOID)
		return NULL;
	return call_function(to, "region_or_null", value, to->region_type);
}

static Oid
operator_of(const target *to, int16 strategy)
{
	return get_opfamily_member(to->family, to->region_type, to->region_type, strategy);
}

static Node *
compare_column(const target *to, Oid operator, Node *value)
{
	return (Node *) make_opclause(operator, BOOLOID, false, (Expr *) to->column, (Expr *) value,
								  InvalidOid, InvalidOid);
}

/* column >= outer AND column <= region_last(outer) */
static List *
range_conditions(const target *to, Node *other)
{
	Oid			at_least = operator_of(to, BTGreaterEqualStrategyNumber);
	Oid			at_most = operator_of(to, BTLessEqualStrategyNumber);
	Node	   *first = as_region(to, other);
	Node	   *last = first == NULL ? NULL : last_inside(to, first);

	if (!OidIsValid(at_least) || !OidIsValid(at_most) || last == NULL)
		return NIL;
	return list_make2(compare_column(to, at_least, first), compare_column(to, at_most, last));
}

/* column = ANY (region_path(inner)) */
static List *
path_condition(const target *to, Node *other)
{
	Oid			equal = operator_of(to, BTEqualStrategyNumber);
	Oid			array_type = get_array_type(to->region_type);
	Node	   *inner = as_region(to, other);
	Node	   *path = inner == NULL ? NULL : call_function(to, "region_path", inner, array_type);
	ScalarArrayOpExpr *any;

	if (!OidIsValid(equal) || path == NULL)
		return NIL;
	any = makeNode(ScalarArrayOpExpr);
	any->opno = equal;
	any->opfuncid = get_opcode(equal);
	any->useOr = true;
	any->args = list_make2(to->column, path);
	any->location = -1;
	return list_make1(any);
}

static List *
call_arguments(Node *node)
{
	if (is_opclause(node))
		return ((OpExpr *) node)->args;
	if (is_funcclause(node))
		return ((FuncExpr *) node)->args;
	return NIL;
}

/* inner_number is the argument that lies in the other one. */
static List *
index_conditions(SupportRequestIndexCondition *request, int inner_number)
{
	List	   *arguments = call_arguments(request->node);
	target		to;
	Node	   *other;
	List	   *conditions;

	if (list_length(arguments) != 2 || request->indexarg < 0 || request->indexarg > 1)
		return NIL;
	to.root = request->root;
	to.schema = get_func_namespace(request->funcid);
	to.family = request->opfamily;
	to.column = list_nth(arguments, request->indexarg);
	to.region_type = exprType(to.column);
	other = list_nth(arguments, 1 - request->indexarg);
	if (!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;

	if (request->indexarg == inner_number)
	{
		/* BRIN's minmax numbers its strategies as btree does. */
		if (request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID)
			return NIL;
		conditions = range_conditions(&to, other);
	}
	else
	{
		/*
		 * An array on a later column breaks the order of the index before
		 * PostgreSQL 17, and the planner does not look for one here.
		 */
		if (request->index->relam != BTREE_AM_OID || request->indexcol != 0)
			return NIL;
		conditions = path_condition(&to, other);
	}
	if (conditions != NIL)
		request->lossy = false;
	return conditions;
}

static Datum
support(FunctionCallInfo fcinfo, int inner_number)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	List	   *conditions = NIL;

	if (IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(af_region_within_simplified((SupportRequestSimplify *) request, inner_number));
	if (IsA(request, SupportRequestIndexCondition))
		conditions = index_conditions((SupportRequestIndexCondition *) request, inner_number);
	PG_RETURN_POINTER(conditions);
}

PG_FUNCTION_INFO_V1(af_region_within_support);
Datum
af_region_within_support(PG_FUNCTION_ARGS)
{
	return support(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(af_region_contains_support);
Datum
af_region_contains_support(PG_FUNCTION_ARGS)
{
	return support(fcinfo, 1);
}
