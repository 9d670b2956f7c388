/*
 * The small part of YAML that rule files are written in: maps, lists and text, each with its
 * place. What YAML reads otherwise than people write it (aliases, tags, anchors, empty values, text over
 * several lines, a second document) is refused with a word on how to write it. Knows nothing of rules.
 */
#ifndef SLIM_RULES_YAML_H
#define SLIM_RULES_YAML_H

#include "base/err.h"
#include "base/str.h"

struct fy_diag;
struct fy_document;
struct fy_node;
struct fy_parser;

/* An open document; all zero is none. */
struct yaml {
	struct str name; /* printable, ends in NUL */
	struct fy_diag *diag;
	struct fy_parser *parser;
	struct fy_document *doc;
};

/* A value and where it stands, counted from 1; a value without text stands where its key or list does. */
struct yaml_node {
	struct str name; /* of the file */
	struct fy_node *node;
	int line;
	int column;
};

struct yaml_list {
	struct yaml_node node;
	void *at;
};

struct yaml_map {
	struct yaml_node node;
	void *at;
};

/* Parses all of the text, which must stay. Errors are "name:line:col: what". */
int yaml_open(struct yaml *yaml, struct str name, struct str text, struct arena *arena, struct err *err);
void yaml_close(struct yaml *yaml);
struct yaml_node yaml_root(const struct yaml *yaml);

/* "name:line:col", in the arena. */
struct str yaml_place(struct yaml_node node, struct arena *arena);
/* Puts the place in front of the message. Always -1. */
int yaml_fail(struct yaml_node node, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether the value is a text, good or not: neither a list nor a map. */
bool yaml_is_text(struct yaml_node node);
/* The value as one line of text, not empty, in the arena. */
int yaml_text(struct yaml_node node, struct arena *arena, struct str *out, struct err *err);
/* The same, but it may have been written over several lines. */
int yaml_prose(struct yaml_node node, struct arena *arena, struct str *out, struct err *err);

/* A list that is not empty; then its items. */
int yaml_list(struct yaml_node node, struct yaml_list *out, struct err *err);
bool yaml_next(struct yaml_list *list, struct yaml_node *item);
/* A map; then its pairs. */
int yaml_map(struct yaml_node node, struct yaml_map *out, struct err *err);
bool yaml_pair(struct yaml_map *map, struct yaml_node *key, struct yaml_node *value);

#endif
