/* scan/closure.h: what comes along with files that stay, in bundles of a few files each */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import_world.h"

/*
 * Starts from app.py. The content of METADATA is what the distribution owns, each with a blank behind it;
 * then, behind '>', what it requires. A file below a directory "calls" serves calls of client() by its name.
 */
struct closure_case {
	const char *name;
	struct entry files[12];
	const char *reached; /* without app.py, in order */
};

#define LIVE "live-1.dist-info/METADATA"
#define MORE "more-1.dist-info/METADATA"

static const struct closure_case modules[] = {
	{ "parents",
	  { { "app.py", "x = 'a.b.c'" },
	    { "a/__init__.py", "" },
	    { "a/b/__init__.py", "" },
	    { "a/b/c.py", "" } },
	  "a/__init__.py a/b/__init__.py a/b/c.py" },
	{ "parents, one of them without a file",
	  { { "app.py", "x = 'a.b.c'" }, { "a/__init__.py", "" }, { "a/b/c.py", "" } },
	  "a/__init__.py a/b/c.py" },
	{ "parents import too",
	  { { "app.py", "x = 'a.b'" },
	    { "a/__init__.py", "from . import c" },
	    { "a/b.py", "" },
	    { "a/c.py", "" } },
	  "a/__init__.py a/b.py a/c.py" },
	{ "the source of an extension module",
	  { { "app.py", "import a.fast" },
	    { "a/fast.abi3.so", "x" },
	    { "a/fast.py", "import top" },
	    { "top.py", "" } },
	  "a/fast.abi3.so a/fast.py top.py" },
	{ "a parent that a rule would drop",
	  { { "app.py", "x = 'a.b'" }, { "a/__init__.py", OPPOSED }, { "a/b.py", "" } },
	  "a/b.py" },
};

static const struct closure_case data[] = {
	{ "beside modules, and below",
	  { { "app.py", "import a" },
	    { "a/__init__.py", "" },
	    { "a/x.txt", "" },
	    { "a/res/deep/y.txt", "" },
	    { "a/res/gone.txt", OPPOSED } },
	  "a/__init__.py a/res/deep/y.txt a/x.txt" },
	{ "not of a package that is not reached",
	  { { "app.py", "import a" },
	    { "a/__init__.py", "" },
	    { "a/sub/__init__.py", "" },
	    { "a/sub/x.txt", "" } },
	  "a/__init__.py" },
	{ "of a package that is named",
	  { { "app.py", "import a\nopen(join(here, 'sub'))" },
	    { "a/__init__.py", "" },
	    { "a/sub/__init__.py", "" },
	    { "a/sub/x.txt", "" } },
	  "a/__init__.py a/sub/x.txt" },
	{ "named in a path",
	  { { "app.py", "import a\nopen('a/sub/gone')" },
	    { "a/__init__.py", "" },
	    { "a/sub/__init__.py", "" },
	    { "a/sub/x.txt", "" } },
	  "a/__init__.py a/sub/x.txt" },
	{ "named by a distribution, below the same top",
	  { { "app.py", "import live" },
	    { "live/__init__.py", "x = 'deep'" },
	    { "live/sub/deep/__init__.py", "" },
	    { "live/sub/deep/x.txt", "" },
	    { "other/sub/deep/__init__.py", "" },
	    { "other/sub/deep/y.txt", "" },
	    { LIVE, "live/ other/ " } },
	  LIVE " live/__init__.py live/sub/deep/x.txt" },
	{ "a directory of sources that is no package",
	  { { "app.py", "import live, other" },
	    { "live/__init__.py", "open(join(here, 'sub'))" },
	    { "live/sub/in_/mod.py", "import top" },
	    { "live/sub/x.txt", "" },
	    { "live/gone/mod.py", "" },
	    { "other/__init__.py", "" },
	    { "other/sub/mod.py", "" },
	    { "top.py", "" },
	    { LIVE, "live/ other/ " } },
	  LIVE " live/__init__.py live/sub/in_/mod.py live/sub/x.txt other/__init__.py top.py" },
	{ "named by two",
	  { { "app.py", "import live, more" },
	    { "live/__init__.py", "x = 'deep'" },
	    { "live/sub/deep/__init__.py", "" },
	    { "live/sub/deep/x.txt", "" },
	    { "more/__init__.py", "x = 'deep'" },
	    { "more/sub/deep/__init__.py", "" },
	    { "more/sub/deep/y.txt", "" },
	    { LIVE, "live/ more/ " } },
	  LIVE " live/__init__.py live/sub/deep/x.txt more/__init__.py more/sub/deep/y.txt" },
};

static const struct closure_case dists[] = {
	{ "what belongs to no module",
	  { { "app.py", "import live" },
	    { "live/__init__.py", "" },
	    { "live/mod.py", "" },
	    { "live.libs/libx.so", "x" },
	    { "bin/live", "x" },
	    { "bin/other", "x" },
	    { "live-1.dist-info/RECORD", "x" },
	    { "live-1.dist-info/entry_points.txt", "[console_scripts]\nlive = live.mod:main\n" },
	    { "share/gone.txt", OPPOSED },
	    { LIVE, "live bin/ share/ " } },
	  "bin/other live-1.dist-info/METADATA live-1.dist-info/RECORD live-1.dist-info/entry_points.txt "
	  "live.libs/libx.so live/__init__.py" },
	{ "what a rule keeps",
	  { { "app.py", "import live" },
	    { "live/__init__.py", "" },
	    { "live/mod.py", KEPT },
	    { "live/sub/x.txt", KEPT },
	    { "live/sub/mod.py", "" },
	    { LIVE, "live/ " } },
	  LIVE " live/__init__.py live/mod.py live/sub/x.txt" },
	{ "nothing of one that is not reached",
	  { { "app.py", "" }, { "live/__init__.py", "" }, { "live/mod.py", KEPT }, { LIVE, "live/ " } },
	  "" },
	{ "metadata alone brings no more",
	  { { "app.py", "version('LIVE')" },
	    { "live/__init__.py", "" },
	    { "live/mod.py", KEPT },
	    { LIVE, "live/ " } },
	  LIVE },
	{ "requirements",
	  { { "app.py", "version('LIVE')" },
	    { LIVE, "live/ >more" },
	    { "live/__init__.py", "" },
	    { MORE, "more/ >third" },
	    { "more/__init__.py", "" },
	    { "third-1.dist-info/METADATA", "third/ >live" },
	    { "unasked-1.dist-info/METADATA", "" } },
	  LIVE " " MORE " third-1.dist-info/METADATA" },
};

static const struct closure_case tails[] = {
	{ "the package first",
	  { { "app.py", "import live\nimport helper" },
	    { "helper.py", "import_module('%s.plugs' % n)" },
	    { "live/__init__.py", "" },
	    { "live/plugs.py", "" },
	    { "other/plugs.py", "" } },
	  "helper.py live/__init__.py live/plugs.py" },
	{ "the tail first",
	  { { "app.py", "import helper" },
	    { "helper.py", "import late\nimport_module('%s.plugs' % n)" },
	    { "late.py", "import later" },
	    { "later.py", "import live" },
	    { "live/__init__.py", "" },
	    { "live/plugs.py", "" } },
	  "helper.py late.py later.py live/__init__.py live/plugs.py" },
	{ "of a package without a file",
	  { { "app.py", "import ns.sub.mod\nimport_module(f'{n}.plugs')" },
	    { "ns/sub/mod.py", "" },
	    { "ns/sub/plugs.py", "" } },
	  "ns/sub/mod.py ns/sub/plugs.py" },
	{ "of several parts",
	  { { "app.py", "import live\nimport_module(f'{n}.in_.plugs')" },
	    { "live/__init__.py", "" },
	    { "live/in_/plugs.py", "" },
	    { "live/plugs.py", "" } },
	  "live/__init__.py live/in_/plugs.py" },
};

static const struct closure_case hints[] = {
	{ "imports",
	  { { "app.py", "import hinted" },
	    { "hinted/__init__.py", "" },
	    { "hinted/plug.py", "" },
	    { "hinted/mod.py", "" },
	    { "other/__init__.py", "" },
	    { "other/a/b.py", "" },
	    { "another.py", "" } },
	  "hinted/__init__.py hinted/plug.py other/__init__.py other/a/b.py" },
	{ "not of modules that are not reached",
	  { { "app.py", "" }, { "hinted/__init__.py", "" }, { "hinted/plug.py", "" } },
	  "" },
	{ "children, of what is reached before and after",
	  { { "app.py", "import live, hinted, helper" },
	    { "hinted/__init__.py", "" },
	    { "helper.py", "import more" },
	    { "live/__init__.py", "" },
	    { "live/apps.py", "" },
	    { "more/__init__.py", "" },
	    { "more/apps.py", "" },
	    { "third/apps.py", "" } },
	  "helper.py hinted/__init__.py live/__init__.py live/apps.py more/__init__.py more/apps.py" },
	{ "the standard library",
	  { { "app.py", "import helper\nfrom zoneinfo import ZoneInfo" },
	    { "helper.py", "import zoneinfo" },
	    { "tzdata/__init__.py", "" } },
	  "helper.py tzdata/__init__.py" },
	{ "the standard library, in a call",
	  { { "app.py", "import_module('zoneinfo')" }, { "tzdata/__init__.py", "" } },
	  "tzdata/__init__.py" },
};

#define CALLS                                                                                                \
	{ "live/__init__.py", "" }, { "live/calls/_core", OPPOSED }, { "live/calls/s3", OPPOSED },           \
		{ "live/calls/sqs", OPPOSED },                                                               \
	{                                                                                                    \
		LIVE, "live/ "                                                                               \
	}
#define ALL_CALLS LIVE " live/__init__.py live/calls/_core live/calls/s3 live/calls/sqs"

static const struct closure_case calls[] = {
	{ "by name",
	  { { "app.py", "import live\nclient('s3')\nclient('s3')" }, CALLS },
	  LIVE " live/__init__.py live/calls/_core live/calls/s3" },
	{ "by a name that is not there", { { "app.py", "import live\nclient('gone')" }, CALLS }, ALL_CALLS },
	{ "computed", { { "app.py", "import live\nclient(n)\nclient(n)" }, CALLS }, ALL_CALLS },
	{ "none in sight", { { "app.py", "import live" }, CALLS }, ALL_CALLS },
	{ "of what is not reached", { { "app.py", "" }, CALLS }, "" },
	{ "none in sight, of two distributions, one reached later",
	  { { "app.py", "import live" },
	    { "live/__init__.py", "" },
	    { "live/calls/s3", OPPOSED "#!/usr/bin/python\nimport more" },
	    { LIVE, "live/ " },
	    { "more/__init__.py", "" },
	    { "more/calls/s3", OPPOSED },
	    { MORE, "more/ " } },
	  LIVE " live/__init__.py live/calls/s3 " MORE " more/__init__.py more/calls/s3" },
};

static const struct closure_case paths[] = {
	{ "a directory that comes to sys.path",
	  { { "app.py", "import extra, helper" },
	    { "helper.py", "import sys\nsys.path.append('libs')" },
	    { "libs/extra.py", "import other" },
	    { "libs/other.py", "" },
	    { "more/other.py", "" } },
	  "helper.py libs/extra.py libs/other.py" },
	{ "below the source",
	  { { "app.py", "import a.helper\nimport_module('extra')" },
	    { "a/helper.py", "sys.path.insert(0, join(here, '_libs'))" },
	    { "a/_libs/extra.py", "" } },
	  "a/_libs/extra.py a/helper.py" },
	{ "above the source",
	  { { "app.py", "import a.b.helper, extra" },
	    { "a/b/helper.py", "sys.path += ['libs']" },
	    { "a/libs/extra.py", "" } },
	  "a/b/helper.py a/libs/extra.py" },
	{ "a directory that is only named",
	  { { "app.py", "import extra\nx = 'libs'" }, { "libs/extra.py", "" } },
	  "" },
	{ "two, one in the other",
	  { { "app.py", "import extra, helper" },
	    { "helper.py", "sys.path.append('libs')" },
	    { "libs/extra.py", "import deep\nsys.path.append('in')" },
	    { "libs/in/deep.py", "" } },
	  "helper.py libs/extra.py libs/in/deep.py" },
	{ ".pth",
	  { { "app.py", "import extra" }, { "x.pth", "# no\nlibs\n\nimport os\n" }, { "libs/extra.py", "" } },
	  "libs/extra.py" },
};

static void add_hint(struct world *world, const char *id, const char *module, const char *import,
		     const char *import2, const char *child)
{
	struct hint *hint = vec_push(&world->arena, &world->knowledge.hints);

	*hint = (struct hint){ .id = str_of(id) };
	*vec_push(&world->arena, &hint->modules) = str_of(module);
	*vec_push(&world->arena, &hint->imports) = str_of(import);
	if (import2)
		*vec_push(&world->arena, &hint->imports) = str_of(import2);
	if (child)
		*vec_push(&world->arena, &hint->children) = str_of(child);
}

static void add_call_files(struct world *world)
{
	const struct bundle *bundle = &world->package.bundle;
	struct call_data *call = vec_push(&world->arena, &world->knowledge.calls);

	*call = (struct call_data){ .id = STR("some/data"), .argument = STR("name") };
	*vec_push(&world->arena, &call->calls) = STR("client");
	*vec_push(&world->arena, &call->always) = STR("_core");
	for (uint32_t id = 0; id < bundle->files.len; id++)
		if (str_eq(str_base(str_dir(bundle->files.at[id].path)), STR("calls")))
			*vec_push(&world->arena, &world->knowledge.call_files) =
				(struct call_file){ .file = id, .name = str_base(bundle->files.at[id].path) };
}

/* "a/ b/ >required" */
static void install_all(struct world *world)
{
	struct package *package = &world->package;

	for (uint32_t id = 0; id < package->bundle.files.len; id++) {
		struct str path = package->bundle.files.at[id].path;
		struct str rest = str_of(package->entries[id]->content);
		struct str part;
		struct dist *dist;

		if (!str_ends(path, STR("-1.dist-info/METADATA")))
			continue;
		dist = package_install(package, str_dup(&world->arena, str_head(path, path.len - 21)).ptr,
				       "-");
		while (str_cut(rest, ' ', &part, &rest))
			for (uint32_t f = 0; f < package->bundle.files.len; f++)
				if (str_starts(package->bundle.files.at[f].path, part))
					package->bundle.files.at[f].dist =
						(uint32_t)package->bundle.dists.len - 1;
		if (str_starts(part, STR(">")))
			*vec_push(&package->arena, &dist->requires) = str_from(part, 1);
	}
}

static void set_up(struct world *world, const struct closure_case *c)
{
	uint32_t app;

	*world = (struct world){ 0 };
	package_add(&world->package, c->files);
	install_all(world);
	add_hint(world, "know/hint", "hinted", ".plug", "other.**", "apps");
	add_hint(world, "know/zone", "zoneinfo", "tzdata", NULL, NULL);
	add_call_files(world);
	world_index(world);
	app = bundle_find(&world->package.bundle, 0, STR("app.py"));
	assert_int_not_equal(app, NO_FILE);
	world_run(world, app, str_of(world->package.entries[app]->content));
}

static void describe(const struct world *world, char *out, size_t room)
{
	size_t len = 0;

	out[0] = '\0';
	for (uint32_t id = 0; id < world->package.bundle.files.len; id++) {
		struct str path = world->package.bundle.files.at[id].path;

		if (world->reached[id] && !str_eq(path, STR("app.py")))
			len += (size_t)snprintf(out + len, room - len, "%s%.*s", len ? " " : "",
						STR_ARG(path));
	}
}

static void check(const struct closure_case *cases, size_t count)
{
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct world world;
		char reached[4096];

		set_up(&world, &cases[i]);
		describe(&world, reached, sizeof(reached));
		world_free(&world);
		if (strcmp(reached, cases[i].reached) == 0)
			continue;
		failed++;
		print_message("# %s: reached are\n# %s\n# not\n# %s\n", cases[i].name, reached,
			      cases[i].reached);
	}
	assert_int_equal(failed, 0);
}

#define CHECK(name)                                                                                          \
	static void name##_come_along(void **state)                                                          \
	{                                                                                                    \
		(void)state;                                                                                 \
		check(name, sizeof(name) / sizeof(name[0]));                                                 \
	}
CHECK(modules)
CHECK(data)
CHECK(dists)
CHECK(tails)
CHECK(hints)
CHECK(calls)
CHECK(paths)

/* "from > to kind[*] line evidence" of the first edge between the two. */
static void assert_edge(const struct world *world, const char *from, const char *to, const char *expected)
{
	const struct bundle *bundle = &world->package.bundle;

	for (size_t i = 0; i < world->graph.edges.len; i++) {
		const struct edge *edge = &world->graph.edges.at[i];
		char text[256];

		if (!str_eq(bundle->files.at[edge->from].path, str_of(from)) ||
		    !str_eq(bundle->files.at[edge->to].path, str_of(to)))
			continue;
		(void)snprintf(text, sizeof(text), "%s%s %u %.*s", edge_kind_name(edge->kind),
			       edge->broad ? "*" : "", edge->line, STR_ARG(edge->evidence));
		assert_string_equal(text, expected);
		return;
	}
	fail_msg("no edge from %s to %s", from, to);
}

static void edges_say_why(void **state)
{
	struct world world;

	(void)state;
	set_up(&world, &modules[0]);
	assert_edge(&world, "a/b/c.py", "a/b/__init__.py", "import 0 its package");
	world_free(&world);
	set_up(&world, &modules[3]);
	assert_edge(&world, "a/fast.abi3.so", "a/fast.py", "data 0 the source beside it");
	world_free(&world);
	set_up(&world, &data[0]);
	assert_edge(&world, "a/__init__.py", "a/x.txt", "data 0 beside it");
	world_free(&world);
	set_up(&world, &data[2]);
	assert_edge(&world, "app.py", "a/sub/x.txt", "data 2 sub");
	world_free(&world);
	set_up(&world, &dists[0]);
	assert_edge(&world, "live/__init__.py", LIVE, "data 0 metadata of its distribution");
	assert_edge(&world, "live/__init__.py", "live.libs/libx.so", "data 0 of the same distribution");
	world_free(&world);
	set_up(&world, &dists[1]);
	assert_edge(&world, "live/__init__.py", "live/mod.py", "rule 0 kept/by");
	world_free(&world);
	set_up(&world, &dists[4]);
	assert_edge(&world, LIVE, MORE, "data 0 Requires-Dist: more");
	world_free(&world);
	set_up(&world, &tails[0]);
	assert_edge(&world, "live/__init__.py", "live/plugs.py", "dynamic* 0 %s.plugs of helper.py:1");
	world_free(&world);
	set_up(&world, &hints[0]);
	assert_edge(&world, "hinted/__init__.py", "hinted/plug.py", "rule 0 know/hint");
	world_free(&world);
	set_up(&world, &calls[0]);
	assert_edge(&world, "app.py", "live/calls/s3", "rule 2 s3");
	assert_edge(&world, "live/__init__.py", "live/calls/_core", "rule 0 some/data");
	world_free(&world);
	set_up(&world, &calls[2]);
	assert_edge(&world, "app.py", "live/calls/s3", "rule* 2 client(n");
	world_free(&world);
	set_up(&world, &calls[3]);
	assert_edge(&world, "live/__init__.py", "live/calls/s3",
		    "rule* 0 no call in sight says which of it is used");
	world_free(&world);
	set_up(&world, &paths[0]);
	assert_edge(&world, "app.py", "libs/extra.py", "import 1 import extra");
	world_free(&world);
}

/* What is said a thousand times is one edge. */
static void repetition_adds_nothing(void **state)
{
	static const struct closure_case c = {
		"repetition",
		{ { "app.py", "" }, CALLS, { "tzdata/__init__.py", "" }, { "libs/extra.py", "" } },
		""
	};
	static const char line[] = "client('s3')\nclient(n)\nimport zoneinfo, extra\n"
				   "sys.path.append('libs')\nx = 'live', '%s.models'\n";
	char *content = calloc(1000, sizeof(line));
	struct world world;
	size_t once;
	uint32_t app;

	(void)state;
	assert_non_null(content);
	set_up(&world, &c);
	app = bundle_find(&world.package.bundle, 0, STR("app.py"));
	world_run(&world, app, str_of(line));
	once = world.graph.edges.len;
	world_free(&world);
	set_up(&world, &c);
	for (size_t i = 0; i < 1000; i++)
		memcpy(content + i * (sizeof(line) - 1), line, sizeof(line));
	world_run(&world, app, str_of(content));
	assert_int_equal(world.graph.edges.len, once);
	assert_true(once > 5);
	world_free(&world);
	free(content);
}

static void found_is_in_order(void **state)
{
	const struct closure_founds *found;
	struct world world;

	(void)state;
	set_up(&world, &tails[0]);
	found = closure_found(world.closure);
	assert_int_equal(found->len, 2);
	assert_true(str_eq(world.package.bundle.files.at[found->at[1].file].path, STR("helper.py")));
	assert_int_equal(found->at[1].facts->tails.len, 1);
	world_free(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_come_along),	   cmocka_unit_test(data_come_along),
		cmocka_unit_test(dists_come_along),	   cmocka_unit_test(tails_come_along),
		cmocka_unit_test(hints_come_along),	   cmocka_unit_test(calls_come_along),
		cmocka_unit_test(paths_come_along),	   cmocka_unit_test(edges_say_why),
		cmocka_unit_test(repetition_adds_nothing), cmocka_unit_test(found_is_in_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
