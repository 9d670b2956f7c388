#include "base/path.h"

#include <string.h>

static bool append(char out[PATH_ROOM], struct str *path, struct str part)
{
	size_t slash = path->len ? 1 : 0;

	if (part.len >= PATH_ROOM - path->len - slash)
		return false;
	if (slash)
		out[path->len] = '/';
	memcpy(out + path->len + slash, part.ptr, part.len);
	path->len += slash + part.len;
	return true;
}

bool path_resolve(struct str base, struct str rel, char out[PATH_ROOM], struct str *path)
{
	struct str rest = rel;

	*path = (struct str){ out, 0 };
	if (base.len >= PATH_ROOM || rel.len >= PATH_ROOM || (rel.len && rel.ptr[0] == '/') ||
	    (rel.len && memchr(rel.ptr, '\0', rel.len)))
		return false;
	if (base.len)
		memcpy(out, base.ptr, base.len);
	path->len = base.len;
	while (rest.len) {
		struct str part;

		(void)str_cut(rest, '/', &part, &rest);
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (!str_eq(part, STR(".."))) {
			if (!append(out, path, part))
				return false;
		} else if (path->len == 0) {
			return false;
		} else {
			*path = str_dir(*path);
			path->ptr = out;
		}
	}
	return true;
}
