#include "model/graph.h"

const char *edge_kind_name(enum edge_kind kind)
{
	static const char *const names[] = {
		[EDGE_ENTRY] = "entry",	  [EDGE_IMPORT] = "import", [EDGE_DYNAMIC] = "dynamic",
		[EDGE_NEEDED] = "needed", [EDGE_DLOPEN] = "dlopen", [EDGE_DATA] = "data",
		[EDGE_RULE] = "rule",	  [EDGE_KEEP] = "keep",
	};

	return names[kind];
}
