#include "report/json_value.h"

#include "base/text.h"

json_t *json_number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static struct str base64(struct arena *arena, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf out = { .arena = arena };

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t word = 0;
		char quad[4];

		for (size_t k = 0; k < 3; k++)
			word = word << 8 | (i + k < s.len ? (unsigned char)s.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			quad[k] = i + k > s.len ? '=' : digits[word >> (18 - 6 * k) & 63];
		buf_add(&out, (struct str){ quad, 4 });
	}
	return buf_str(&out);
}

void json_set_name(json_t *object, const char *key, struct str name, struct arena *arena)
{
	if (text_is_utf8(name)) {
		(void)json_object_set_new(object, key, json_stringn(name.ptr ? name.ptr : "", name.len));
	} else {
		struct str shown = text_escape(arena, name);
		struct str bytes = base64(arena, name);
		struct str key64 = str_fmt(arena, "%s_b64", key);

		(void)json_object_set_new(object, key, json_stringn(shown.ptr, shown.len));
		(void)json_object_set_new(object, key64.ptr, json_stringn(bytes.ptr, bytes.len));
	}
}

void json_set_code(json_t *object, enum code code)
{
	char text[REPORT_CODE_MAX];

	report_code(text, code);
	(void)json_object_set_new(object, "code", json_string(text));
	(void)json_object_set_new(object, "name", json_string(code_find((unsigned)code)->name));
}

json_t *json_tally(const struct tally *tally, bool has_zip)
{
	json_t *object = json_object();

	(void)json_object_set_new(object, "files", json_number(tally->files));
	(void)json_object_set_new(object, "unzipped", json_number(tally->unzipped));
	(void)json_object_set_new(object, "zip", has_zip ? json_number(tally->zip) : json_null());
	return object;
}

static int append(const char *text, size_t len, void *buf)
{
	buf_add(buf, (struct str){ text, len });
	return 0;
}

void json_write(json_t *root, struct buf *out)
{
	(void)json_dump_callback(root, append, out, JSON_INDENT(1));
	buf_add(out, STR("\n"));
	json_decref(root);
}
