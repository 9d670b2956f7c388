#include "platform/minors.h"

/* A number up to MINOR_LAST at the start of the word; takes it off. */
static bool take_minor(struct str *word, unsigned *minor)
{
	size_t digits = 0;

	*minor = 0;
	while (digits < word->len && digits < 2 && word->ptr[digits] >= '0' && word->ptr[digits] <= '9')
		*minor = *minor * 10 + (unsigned)(word->ptr[digits++] - '0');
	*word = str_from(*word, digits);
	return digits > 0 && *minor <= MINOR_LAST;
}

bool minors_parse(struct str word, uint64_t *minors)
{
	unsigned first;
	unsigned last;

	if (!take_minor(&word, &first))
		return false;
	last = first;
	if (word.len) {
		if (word.ptr[0] != '-')
			return false;
		word = str_from(word, 1);
		last = MINOR_LAST;
		if (word.len && (!take_minor(&word, &last) || word.len || last <= first))
			return false;
	}
	*minors = (UINT64_MAX << first) & (UINT64_MAX >> (MINOR_LAST - last));
	return true;
}

bool minors_have(uint64_t minors, unsigned minor)
{
	if (minor == 0)
		return minors != 0;
	return minors >> (minor < MINOR_LAST ? minor : MINOR_LAST) & 1;
}
