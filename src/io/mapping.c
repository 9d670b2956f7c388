#include "io/mapping.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

int mapping_open(int fd, struct bytes *out, struct err *err)
{
	struct stat st;
	void *at;

	*out = (struct bytes){ 0 };
	if (fstat(fd, &st) != 0)
		return err_errno(err, errno, "cannot be read");
	if (st.st_size == 0)
		return 0;
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return err_errno(err, errno, "cannot be mapped");
	*out = (struct bytes){ at, (size_t)st.st_size };
	return 0;
}

void mapping_close(struct bytes mapping)
{
	if (mapping.len)
		(void)munmap((void *)(uintptr_t)mapping.ptr, mapping.len);
}
