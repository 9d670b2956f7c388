#include "io/guess.h"

/* In this order: the first that fits. Text is found in lower case behind white space. */
static const struct {
	struct str magic;
	bool text;
	const char *kind;
} kinds[] = {
	{ STR("version https://git-lfs"), true,
	  "a Git LFS pointer; fetch the file itself with `git lfs pull`" },
	{ STR("<!doctype html"), true, "an HTML page; was it downloaded without logging in?" },
	{ STR("<html"), true, "an HTML page; was it downloaded without logging in?" },
	{ STR("<?xml"), true, "an XML document; is it the error message of a download?" },
	{ STR("{"), true, "a JSON document; is it the error message of a download?" },
	{ STR("#!"), true, "a script" },
	{ STR("\x7f"
	      "ELF"),
	  false, "an ELF file" },
	{ STR("\xcf\xfa\xed\xfe"), false, "a macOS program or library" },
	{ STR("MZ"), false, "a Windows program or library" },
	{ STR("%PDF-"), false, "a PDF document" },
	{ STR("Rar!\x1a\x07"), false, "a RAR archive; pack it as a zip" },
	{ STR("!<arch>\n"), false, "an ar archive (a static library or a Debian package)" },
	{ STR("\xed\xab\xee\xdb"), false, "an RPM package" },
	{ STR("LZIP"), false, "an lzip file without an archive in it" },
	{ STR("\x04\x22\x4d\x18"), false, "an lz4 file without an archive in it" },
	{ STR("\x1f\x8b"), false, "a gzip file without an archive in it" },
	{ STR("\xfd"
	      "7zXZ"),
	  false, "an xz file without an archive in it" },
	{ STR("\x28\xb5\x2f\xfd"), false, "a Zstandard file without an archive in it" },
	{ STR("BZh"), false, "a bzip2 file without an archive in it" },
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool begins(struct bytes head, struct str magic, bool text)
{
	if (head.len < magic.len)
		return false;
	for (size_t i = 0; i < magic.len; i++) {
		uint8_t c = text ? lower(head.ptr[i]) : head.ptr[i];

		if (c != (uint8_t)magic.ptr[i])
			return false;
	}
	return true;
}

/* Behind a byte order mark and white space. */
static struct bytes text_of(struct bytes head)
{
	if (begins(head, STR("\xef\xbb\xbf"), false))
		head = (struct bytes){ head.ptr + 3, head.len - 3 };
	while (head.len && (*head.ptr == ' ' || (*head.ptr >= '\t' && *head.ptr <= '\r')))
		head = (struct bytes){ head.ptr + 1, head.len - 1 };
	return head;
}

const char *guess_kind(struct bytes head)
{
	struct bytes text = text_of(head);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (begins(kinds[i].text ? text : head, kinds[i].magic, kinds[i].text))
			return kinds[i].kind;
	return NULL;
}
