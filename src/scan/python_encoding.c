#include "scan/python_encoding.h"

#include <string.h>

enum { ENCODING_ROOM = 32 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static bool is_encoding_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
	       c == '_' || c == '.';
}

/* The first line, without its end; source goes on behind it. */
static struct str cut_line(struct str *source)
{
	size_t len = 0;
	struct str line;

	while (len < source->len && source->ptr[len] != '\n' && source->ptr[len] != '\r')
		len++;
	line = str_head(*source, len);
	if (len + 1 < source->len && source->ptr[len] == '\r' && source->ptr[len + 1] == '\n')
		len++;
	*source = str_from(*source, len + 1);
	return line;
}

/* The encoding that a comment names: "coding", then ':' or '=', blanks and the name. */
static struct str cookie(struct str line)
{
	for (size_t i = 0; i + 7 <= line.len; i++) {
		size_t at = i + 7;
		size_t len = 0;

		if (memcmp(line.ptr + i, "coding", 6) != 0 ||
		    (line.ptr[i + 6] != ':' && line.ptr[i + 6] != '='))
			continue;
		while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
			at++;
		while (at + len < line.len && is_encoding_byte(line.ptr[at + len]))
			len++;
		if (len)
			return (struct str){ line.ptr + at, len };
	}
	return STR("");
}

/* Names as codecs has them, but in lower case and without '-' and '_'. */
static bool is_foreign(struct str name)
{
	static const struct str heads[] = {
		STR_INIT("utf16"),   STR_INIT("utf32"),	     STR_INIT("utf7"),	  STR_INIT("shiftjis"),
		STR_INIT("sjis"),    STR_INIT("csshiftjis"), STR_INIT("mskanji"), STR_INIT("big5"),
		STR_INIT("iso2022"), STR_INIT("csiso2022"),  STR_INIT("gb18030"), STR_INIT("cp500"),
		STR_INIT("ebcdic"),
	};
	static const struct str names[] = {
		STR_INIT("u16"),    STR_INIT("u32"),	STR_INIT("u7"),	      STR_INIT("unicode11utf7"),
		STR_INIT("cp932"),  STR_INIT("932"),	STR_INIT("ms932"),    STR_INIT("windows31j"),
		STR_INIT("cp950"),  STR_INIT("950"),	STR_INIT("ms950"),    STR_INIT("hkscs"),
		STR_INIT("gbk"),    STR_INIT("cp936"),	STR_INIT("936"),      STR_INIT("ms936"),
		STR_INIT("hz"),	    STR_INIT("hzgb"),	STR_INIT("hzgb2312"), STR_INIT("johab"),
		STR_INIT("cp1361"), STR_INIT("ms1361"), STR_INIT("cp037"),    STR_INIT("cp273"),
		STR_INIT("cp424"),  STR_INIT("cp875"),	STR_INIT("cp1026"),   STR_INIT("cp1140"),
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (str_starts(name, heads[i]))
			return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static bool names_foreign(struct str line)
{
	char room[ENCODING_ROOM];
	struct str name = cookie(line);
	size_t len = 0;

	for (size_t i = 0; i < name.len && len < sizeof(room); i++) {
		char c = name.ptr[i];

		if (c != '-' && c != '_')
			room[len++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return is_foreign((struct str){ room, len });
}

static const char *find_nul(struct str source, uint32_t *line)
{
	const char *nul = source.len ? memchr(source.ptr, '\0', source.len) : NULL;
	const char *end;

	if (!nul)
		return NULL;
	*line = 1;
	for (const char *at = source.ptr; (end = memchr(at, '\n', (size_t)(nul - at))); at = end + 1)
		(*line)++;
	return "it holds a NUL byte";
}

const char *python_encoding(struct str source, uint32_t *line)
{
	static const char why[] = "its encoding is no superset of ASCII";
	struct str rest = source;

	*line = 1;
	if (str_starts(source, STR("\xff\xfe")) || str_starts(source, STR("\xfe\xff")))
		return why;
	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = str_from(rest, 3);
	for (size_t i = 0; i < 2; i++) {
		struct str text = cut_line(&rest);
		size_t at = 0;

		while (at < text.len && is_blank(text.ptr[at]))
			at++;
		/* Below a line of code there is no cookie. */
		if (at < text.len && text.ptr[at] != '#')
			break;
		if (names_foreign(text))
			return why;
	}
	return find_nul(source, line);
}
