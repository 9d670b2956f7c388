/*
 * How a function says that it failed. The contract:
 *  - fallible functions return 0, or -1 with the caller's struct err filled;
 *  - success leaves the struct alone; a failed callee's message is passed on as it is,
 *    or gets the place in front by err_in();
 *  - the message is one line: what, where, and how to mend it where that is known;
 *  - nobody prints it but main(), which exits with 2.
 * Warnings are not errors: they are notes (model/note.h).
 */
#ifndef SLIM_BASE_ERR_H
#define SLIM_BASE_ERR_H

#include "base/str.h"

struct err {
	char msg[2048];
};

/* Always -1, so that `return err_set(err, …);` reads well. */
int err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, with ": " and strerror(errno_value) behind the text. */
int err_errno(struct err *err, int errno_value, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Puts "where: " in front of the message; where is made printable. Always -1. */
int err_in(struct err *err, struct str where);

#endif
