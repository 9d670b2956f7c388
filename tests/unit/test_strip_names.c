/*
 * Names that tell that a file checks its own bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transform/strip.h"

static void names_of_self_checking_files(void **state)
{
	static const struct {
		const char *check;
		const char *guarded;
	} pairs[] = {
		{ "lib/libssl.so.3.hmac", "lib/libssl.so.3" },
		{ "lib/.libssl.so.3.hmac", "lib/libssl.so.3" },
		{ "nss/libfreebl3.chk", "nss/libfreebl3.so" },
		{ "a.so.hmac", "a.so" },
		{ "lib/.hmac", NULL },
		{ "lib/.chk", NULL },
		{ "lib.hmac/x.so", NULL },
		{ "", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	assert_true(strip_is_self_checking_name(STR("ossl-modules/fips.so")));
	assert_true(strip_is_self_checking_name(STR("app/pyarmor_runtime_000000/pyarmor_runtime.so")));
	assert_true(strip_is_self_checking_name(STR("_pytransform.so")));
	assert_false(strip_is_self_checking_name(STR("pyarmor_runtime_000000/other.so")));
	assert_false(strip_is_self_checking_name(STR("libfips.so")));
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct str guarded;
		bool is = strip_guarded_by(str_of(pairs[i].check), &arena, &guarded);

		assert_int_equal(is, pairs[i].guarded != NULL);
		if (is)
			assert_true(str_eq(guarded, str_of(pairs[i].guarded)));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names_of_self_checking_files) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
