/*
 * The import graph on any bytes as one file of a small bundle: the first byte says which, and that file is
 * where everything starts. Edges lead to other files of the bundle, from lines that are there, no more of
 * them than the bundle allows; what follows from them comes to an end.
 */
#include <stdlib.h>

#include "../unit/import_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct entry function[] = {
	{ "app.py", "" },
	{ "bin/run", "" },
	{ "hook.pth", "" },
	{ "libs/extra.py", "import top" },
	{ "live-1.dist-info/METADATA", "" },
	{ "live-1.dist-info/entry_points.txt", "[grp]\na = live.plugs:f\n" },
	{ "live/__init__.py", "import_module(f'{n}.plugs')" },
	{ "live/_ext.abi3.so", "" },
	{ "live/_ext.py", "from . import plugs" },
	{ "live/_vendor/six.py", "" },
	{ "live/calls/_core", OPPOSED },
	{ "live/calls/s3", OPPOSED },
	{ "live/conf.yaml", "" },
	{ "live/old.pyc", "" },
	{ "live/opposed.py", OPPOSED },
	{ "live/plugs.py", "sys.path.append('libs')\nimport extra" },
	{ "live/stub.pyi", "" },
	{ "live/x.pkl", "" },
	{ "ns/deep/mod.py", "import zoneinfo" },
	{ "ns/deep/x.txt", "" },
	{ "ns/plugs.py", "" },
	{ "top.py", "for m in walk_packages(live.__path__): pass" },
	{ 0 },
};

enum { FILES = sizeof(function) / sizeof(function[0]) - 1, EDGES_MAX = FILES * FILES * 8 };

static void know(struct world *world)
{
	const struct bundle *bundle = &world->package.bundle;
	struct hint *hint = vec_push(&world->arena, &world->knowledge.hints);
	struct call_data *call = vec_push(&world->arena, &world->knowledge.calls);

	*hint = (struct hint){ .id = STR("hint") };
	*vec_push(&world->arena, &hint->modules) = STR("zoneinfo");
	*vec_push(&world->arena, &hint->imports) = STR("ns.**");
	*vec_push(&world->arena, &hint->children) = STR("mod");
	*call = (struct call_data){ .id = STR("calls"), .argument = STR("name") };
	*vec_push(&world->arena, &call->calls) = STR("client");
	*vec_push(&world->arena, &call->words) = STR("top");
	*vec_push(&world->arena, &call->always) = STR("_core");
	for (uint32_t id = 0; id < FILES; id++)
		if (str_starts(bundle->files.at[id].path, STR("live/calls/")))
			*vec_push(&world->arena, &world->knowledge.call_files) =
				(struct call_file){ .file = id, .name = str_base(bundle->files.at[id].path) };
}

static void check_edges(const struct world *world, uint32_t file, struct str content)
{
	uint32_t lines = 1;

	for (size_t i = 0; i < content.len; i++)
		lines += content.ptr[i] == '\n' || content.ptr[i] == '\r';
	if (world->graph.edges.len > EDGES_MAX)
		abort();
	for (size_t i = 0; i < world->graph.edges.len; i++) {
		const struct edge *edge = &world->graph.edges.at[i];

		if (edge->from >= FILES || edge->to >= FILES || edge->from == edge->to ||
		    !world->reached[edge->from] || !world->reached[edge->to])
			abort();
		if ((edge->from == file && edge->line > lines) || edge->evidence.len > 400)
			abort();
		if (world->opposed[edge->to] && edge->kind != EDGE_RULE)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = { 0 };
	struct str content = { (const char *)data + 1, size - 1 };
	uint32_t file;

	if (size == 0)
		return 0;
	file = data[0] % FILES;
	package_add(&world.package, function);
	(void)package_install(&world.package, "live", "live/");
	know(&world);
	world_index(&world);
	if (str_ends(world.package.bundle.files.at[file].path, STR(".pth")))
		imports_add_startup(&world.imports, file, content, &world.arena);
	world_run(&world, file, content);
	check_edges(&world, file, content);
	world_free(&world);
	return 0;
}
