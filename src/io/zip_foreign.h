/*
 * Contents of zip members that are neither stored nor deflated: bzip2, LZMA, xz, Zstandard, PPMd.
 * Only members that the own index has accepted come here, one at a time and without the rest of
 * their zip, so that there is nothing to have a second opinion about.
 */
#ifndef SLIM_IO_ZIP_FOREIGN_H
#define SLIM_IO_ZIP_FOREIGN_H

#include "base/err.h"
#include "io/scratch.h"
#include "io/zip_index.h"

/*
 * The content, in scratch. Refuses methods that libarchive does not know, data that is damaged, ends early or
 * goes on, and any other size than the member's. Errors do not name the member; the CRC is left to the
 * caller.
 */
int zip_foreign_content(const struct zip_member *member, struct scratch *scratch, struct bytes *out,
			struct err *err);

#endif
