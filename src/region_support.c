/*
 * region_support.c
 *		Planner support: containment of regions by an index.
 *
 * What lies in a region is a range of codes, so `code <@ region` becomes
 * `code >= region AND code <= region_last(region)`, exactly; what a region
 * lies in is at most six codes, so `code @> region` becomes
 * `code = ANY (region_path(region))`.  The other side may be a constant, a
 * parameter, a sub-select, or a column of another table.
 */
#include "compat.h"

#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"

#include "core/region.h"

/* Call one of the extension's functions; folded where the argument is known. */
static Node *
call_function(PlannerInfo *root, const char *name, Node *argument, Oid result)
{
	Oid			argument_type = exprType(argument);
	Oid			function = LookupFuncName(list_make2(makeString("antifraud"), makeString(pstrdup(name))),
										  1, &argument_type, true);

	if (!OidIsValid(function))
		return NULL;
	return eval_const_expressions(root, (Node *) makeFuncExpr(function, result, list_make1(argument),
															  InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL));
}

/* A known code is taken here and now: planning is half the cost of a small query. */
static Node *
region_const(Oid region_type, bool is_null, af_region value)
{
	return (Node *) makeConst(region_type, -1, InvalidOid, sizeof(int64),
							  is_null ? (Datum) 0 : Int64GetDatum(value), is_null, FLOAT8PASSBYVAL);
}

/* The greatest code inside. */
static Node *
last_inside(PlannerInfo *root, Node *outer, Oid region_type)
{
	if (IsA(outer, Const))
	{
		Const	   *known = (Const *) outer;

		return region_const(region_type, known->constisnull,
							known->constisnull ? 0 : af_region_last(DatumGetInt64(known->constvalue)));
	}
	return call_function(root, "region_last", outer, region_type);
}

/* The other side as a region: a text that is none becomes NULL, and finds nothing. */
static Node *
as_region(PlannerInfo *root, Node *value, Oid region_type)
{
	Oid			type = exprType(value);

	if (type == region_type)
		return value;
	if (type != TEXTOID)
		return NULL;
	return call_function(root, "region_or_null", value, region_type);
}

/* column >= outer AND column <= region_last(outer) */
static List *
range_conditions(PlannerInfo *root, Oid family, Node *column, Node *outer)
{
	Oid			region_type = exprType(column);
	Oid			at_least = get_opfamily_member(family, region_type, region_type, BTGreaterEqualStrategyNumber);
	Oid			at_most = get_opfamily_member(family, region_type, region_type, BTLessEqualStrategyNumber);
	Node	   *first = as_region(root, outer, region_type);
	Node	   *last;

	if (!OidIsValid(at_least) || !OidIsValid(at_most) || first == NULL)
		return NIL;
	last = last_inside(root, first, region_type);
	if (last == NULL)
		return NIL;
	return list_make2(make_opclause(at_least, BOOLOID, false, (Expr *) column, (Expr *) first, InvalidOid, InvalidOid),
					  make_opclause(at_most, BOOLOID, false, (Expr *) column, (Expr *) last, InvalidOid, InvalidOid));
}

/* column = ANY (region_path(inner)) */
static List *
path_condition(PlannerInfo *root, Oid family, Node *column, Node *inner)
{
	Oid			region_type = exprType(column);
	Oid			array_type = get_array_type(region_type);
	Oid			equal = get_opfamily_member(family, region_type, region_type, BTEqualStrategyNumber);
	Node	   *value = as_region(root, inner, region_type);
	Node	   *path;
	ScalarArrayOpExpr *any;

	if (!OidIsValid(equal) || !OidIsValid(array_type) || value == NULL)
		return NIL;
	path = call_function(root, "region_path", value, array_type);
	if (path == NULL)
		return NIL;
	any = makeNode(ScalarArrayOpExpr);
	any->opno = equal;
	any->opfuncid = get_opcode(equal);
	any->useOr = true;
	any->args = list_make2(column, path);
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
	Node	   *column;
	Node	   *other;
	List	   *conditions;

	if (list_length(arguments) != 2 || request->indexarg < 0 || request->indexarg > 1)
		return NIL;
	column = list_nth(arguments, request->indexarg);
	other = list_nth(arguments, 1 - request->indexarg);
	if (!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;

	if (request->indexarg == inner_number)
	{
		/* BRIN's minmax numbers its strategies as btree does. */
		if (request->index->relam != BTREE_AM_OID && request->index->relam != BRIN_AM_OID)
			return NIL;
		conditions = range_conditions(request->root, request->opfamily, column, other);
	}
	else
	{
		/*
		 * An array on a later column breaks the order of the index before
		 * PostgreSQL 17, and the planner does not look for one here.
		 */
		if (request->index->relam != BTREE_AM_OID || request->indexcol != 0)
			return NIL;
		conditions = path_condition(request->root, request->opfamily, column, other);
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
