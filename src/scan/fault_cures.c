#include "scan/fault_parts.h"

struct cure {
	struct str begins; /* the soname */
	struct str text;
};

/*
 * By the first letters of the soname; the first that fits. What Amazon Linux lacks is in rules/runtimes; here
 * are only the ways out: which distribution of PyPI carries the library, or does without it.
 */
#define DISPLAY "install a build that needs no display"
#define GPU	"Lambda has no GPU: install the build for CPUs"
#define OPENSSL                                                                                              \
	"it was built for another OpenSSL: install the wheel from PyPI for this runtime, in place of a "     \
	"build "                                                                                             \
	"of your own"

static const struct cure cures[] = {
	{ STR_INIT("libGL.so"), STR_INIT(DISPLAY) },
	{ STR_INIT("libGLX"), STR_INIT(DISPLAY) },
	{ STR_INIT("libOpenGL"), STR_INIT(DISPLAY) },
	{ STR_INIT("libEGL"), STR_INIT(DISPLAY) },
	{ STR_INIT("libSM.so"), STR_INIT(DISPLAY) },
	{ STR_INIT("libICE.so"), STR_INIT(DISPLAY) },
	{ STR_INIT("libX"), STR_INIT(DISPLAY) },
	{ STR_INIT("libxcb"), STR_INIT(DISPLAY) },
	{ STR_INIT("libgthread-2.0"), STR_INIT(DISPLAY) },
	{ STR_INIT("libglib-2.0"), STR_INIT(DISPLAY) },
	{ STR_INIT("libpq.so"),
	  STR_INIT("install psycopg2-binary, or psycopg[binary], whose wheels carry libpq") },
	{ STR_INIT("libmysqlclient"), STR_INIT("install PyMySQL, which is Python only, or add the library to "
					       "lib/ of the package or of a layer") },
	{ STR_INIT("libmariadb"), STR_INIT("install PyMySQL, which is Python only, or add the library to "
					   "lib/ of the package or of a layer") },
	{ STR_INIT("libodbc"), STR_INIT("add unixODBC (libodbc.so.2) and the driver of your database in a "
					"layer: the wheels of pyodbc carry neither") },
	{ STR_INIT("libgomp"), STR_INIT("add libgomp.so.1 (package libgomp) to lib/ of the package or of a "
					"layer, or install a wheel that carries it") },
	{ STR_INIT("libgfortran"),
	  STR_INIT("install the wheel from PyPI, which carries it, in place of a build of your own") },
	{ STR_INIT("libopenblas"),
	  STR_INIT("install the wheel from PyPI, which carries it, in place of a build of your own") },
	{ STR_INIT("libcrypt.so.1"),
	  STR_INIT("Amazon Linux 2023 has no libcrypt: install a newer wheel, or add libcrypt.so.1 (package "
		   "libxcrypt-compat) to lib/ of the package or of a layer") },
	{ STR_INIT("libnsl.so.1"),
	  STR_INIT("Amazon Linux 2023 has no libnsl: install a newer wheel, or add libnsl.so.1 (package "
		   "libnsl) to lib/ of the package or of a layer") },
	{ STR_INIT("libexpat.so"), STR_INIT("Lambda on Amazon Linux 2023 has no libexpat: add libexpat.so.1 "
					    "(package expat) to lib/ of the package or of a layer") },
	{ STR_INIT("libssl.so"), STR_INIT(OPENSSL) },
	{ STR_INIT("libcrypto.so"), STR_INIT(OPENSSL) },
	{ STR_INIT("libffi.so"), STR_INIT("it was built for another system: install the wheel from PyPI for "
					  "this runtime, in place of a build of your own") },
	{ STR_INIT("libcuda"), STR_INIT(GPU) },
	{ STR_INIT("libcublas"), STR_INIT(GPU) },
	{ STR_INIT("libcudnn"), STR_INIT(GPU) },
	{ STR_INIT("libnvidia"), STR_INIT(GPU) },
	{ STR_INIT("libnvrtc"), STR_INIT(GPU) },
	{ STR_INIT("libpython3."),
	  STR_INIT("it was built for another Python: install the wheel for this runtime") },
	{ STR_INIT("libc.musl"), STR_INIT("it was built for Alpine Linux: install the manylinux wheel") },
};

static bool is_display(struct str text)
{
	return str_eq(text, STR(DISPLAY));
}

struct str fault_cure_of(struct str soname, struct str dist)
{
	for (size_t i = 0; i < sizeof(cures) / sizeof(cures[0]); i++) {
		if (!str_starts(soname, cures[i].begins))
			continue;
		if (!is_display(cures[i].text))
			return cures[i].text;
		if (str_eq(dist, STR("opencv-python")))
			return STR("install opencv-python-headless in place of opencv-python");
		if (str_eq(dist, STR("opencv-contrib-python")))
			return STR(
				"install opencv-contrib-python-headless in place of opencv-contrib-python");
		return cures[i].text;
	}
	return STR("");
}
