/*
 * Where the contents of a tree lie: a zip, another archive, or a directory. A source is opened
 * once, lists its members, and hands out contents on demand, to many threads at a time.
 * It never writes, and inflates nothing that nobody asked for.
 */
#ifndef SLIM_IO_SOURCE_H
#define SLIM_IO_SOURCE_H

#include "base/err.h"
#include "base/str.h"
#include "io/listing.h"
#include "io/scratch.h"

/* A member's data as it lies in a zip, good for copying into another. */
struct packed {
	struct bytes data;
	uint32_t crc;	 /* CRC-32 of the content, as the zip claims; content() checks it */
	uint16_t method; /* 0 stored, 8 deflate */
};

struct source;

struct source_ops {
	/* The content, in the source's memory or in scratch; exact size and CRC checked. Thread-safe. */
	int (*content)(struct source *source, uint32_t member, struct scratch *scratch, struct bytes *out,
		       struct err *err);
	/*
	 * The first bytes of the content, `most` or fewer where it is shorter or damaged; nothing is checked,
	 * and little is read. Thread-safe. NULL: content() costs no more.
	 */
	struct bytes (*head)(struct source *source, uint32_t member, size_t most, struct scratch *scratch);
	/* False where the member cannot be copied as it is. NULL: never. */
	bool (*packed)(const struct source *source, uint32_t member, struct packed *out);
	void (*close)(struct source *source);
};

/* Kinds of source begin with this struct. */
struct source {
	const struct source_ops *ops;
	struct str name;      /* the path that the user gave, for messages */
	uint64_t packed_size; /* bytes of the input zip; 0 where it is none */
};

/* Bounds on what may be unpacked; beyond them the input is refused. */
struct source_limits {
	uint64_t max_unpacked; /* sum of all contents, bytes */
};

/*
 * Opens PATH ("-": standard input) by what it is, not by its name: a directory; a zip (wheels, jars
 * and eggs are zips) through the own index; anything else that libarchive knows (tar in any
 * compression, cpio, 7z, …). The listing gets every member, checked and sorted.
 * Errors name the path, the member, and what is wrong with it.
 */
int source_open(struct source **out, struct str path, const struct source_limits *limits,
		struct listing *listing, struct err *err);
void source_close(struct source *source);
/* The first bytes of a member's content, as source_ops.head says; empty where it cannot be read. */
struct bytes source_head(struct source *source, uint32_t member, size_t most, struct scratch *scratch);

/* The doors that source_open chooses from. Each takes over fd, also where it fails. */
int zip_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
		    struct listing *listing, struct err *err);
int archive_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
			struct listing *listing, struct err *err);
int dir_source_open(struct source **out, struct str name, int fd, const struct source_limits *limits,
		    struct listing *listing, struct err *err);

#endif
