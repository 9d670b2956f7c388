#include "scan/reference_import.h"

#include "scan/places.h"

bool reference_package(struct str path, size_t level, struct str *package)
{
	*package = str_dir(path);
	for (; level > 1; level--) {
		if (package->len == 0)
			return false;
		*package = str_dir(*package);
	}
	return true;
}

static void add_places(struct scan *scan, struct str base, const struct mention *mention)
{
	char room[PATH_ROOM];
	struct str dotted = mention->module;
	size_t len = 0;

	if (mention->name.len && mention->module.len + mention->name.len + 1 < sizeof(room)) {
		for (size_t i = 0; i < mention->module.len; i++)
			room[len++] = mention->module.ptr[i];
		if (len)
			room[len++] = '.';
		for (size_t i = 0; i < mention->name.len; i++)
			room[len++] = mention->name.ptr[i];
		dotted = (struct str){ room, len };
	}
	places_add(scan, base, dotted);
}

void reference_import_places(struct scan *scan, const struct mention *mention)
{
	struct str package;

	if (mention->level) {
		if (reference_package(scan->path, mention->level, &package))
			add_places(scan, package, mention);
		return;
	}
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		add_places(scan, scan->candidates->sites.at[i], mention);
}

void reference_import_from(struct scan *scan, struct str base, const struct mention *mention,
			   struct sight *sight)
{
	struct lookup module;
	struct lookup name;

	link_dotted(scan, base, mention->module, &module, sight);
	if (mention->module.len && module.parts == 0)
		return;
	if (str_eq(mention->name, STR("*"))) {
		if (!link_package(scan, module.path, sight))
			(void)link_dir(scan, module.path, BELOW_MODULES, sight);
	} else if (mention->name.len) {
		link_dotted(scan, module.path, mention->name, &name, sight);
		(void)link_package(scan, name.path, sight);
	} else {
		(void)link_package(scan, module.path, sight);
	}
}

/* distutils of newer Pythons comes from setuptools, through its hook. */
static void import_distutils(struct scan *scan, struct str module, struct sight *sight)
{
	struct str top;
	struct str rest;
	struct lookup lookup;

	(void)str_cut(module, '.', &top, &rest);
	if (!scan->candidates->distutils || !str_eq(top, STR("distutils")))
		return;
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		link_dotted(scan, scan->candidates->sites.at[i], STR("setuptools"), &lookup, sight);
}

void reference_import(struct scan *scan, const struct mention *mention, struct sight *sight)
{
	struct str package;

	sight->kind = EDGE_IMPORT;
	if (mention->level) {
		if (reference_package(scan->path, mention->level, &package))
			reference_import_from(scan, package, mention, sight);
		return;
	}
	for (size_t i = 0; i < scan->candidates->sites.len; i++)
		reference_import_from(scan, scan->candidates->sites.at[i], mention, sight);
	import_distutils(scan, mention->module, sight);
}
