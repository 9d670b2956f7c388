#include "scan/binary_modules.h"

/*
 * What an opcode has behind it, and what matters of what it does. Names and numbers as in CPython's
 * Lib/pickletools.py.
 */
enum pickle_kind {
	PICKLE_UNKNOWN,
	PICKLE_PLAIN,	/* nothing behind it that matters */
	PICKLE_LINE,	/* ends at a newline */
	PICKLE_COUNTED, /* a length, then as many bytes */
	PICKLE_TEXT,	/* the same, and pushes text */
	PICKLE_TEXT_LINE,
	PICKLE_GLOBAL, /* two lines: module, attribute */
	PICKLE_STACK_GLOBAL,
	PICKLE_STOP,
	PICKLE_MEMOIZE,
	PICKLE_PUT,
	PICKLE_PUT_LINE,
	PICKLE_GET,
	PICKLE_GET_LINE,
};

struct pickle_op {
	uint8_t kind;
	uint8_t size; /* bytes of the operand, or of its length */
};

static const struct pickle_op ops[256] = {
	['I'] = { PICKLE_LINE, 0 },	['J'] = { PICKLE_PLAIN, 4 },	 ['K'] = { PICKLE_PLAIN, 1 },
	['M'] = { PICKLE_PLAIN, 2 },	['L'] = { PICKLE_LINE, 0 },	 [0x8a] = { PICKLE_COUNTED, 1 },
	[0x8b] = { PICKLE_COUNTED, 4 }, ['S'] = { PICKLE_TEXT_LINE, 0 }, ['T'] = { PICKLE_TEXT, 4 },
	['U'] = { PICKLE_TEXT, 1 },	['B'] = { PICKLE_COUNTED, 4 },	 ['C'] = { PICKLE_COUNTED, 1 },
	[0x8e] = { PICKLE_COUNTED, 8 }, [0x96] = { PICKLE_COUNTED, 8 },	 [0x97] = { PICKLE_PLAIN, 0 },
	[0x98] = { PICKLE_PLAIN, 0 },	['N'] = { PICKLE_PLAIN, 0 },	 [0x88] = { PICKLE_PLAIN, 0 },
	[0x89] = { PICKLE_PLAIN, 0 },	['V'] = { PICKLE_TEXT_LINE, 0 }, [0x8c] = { PICKLE_TEXT, 1 },
	['X'] = { PICKLE_TEXT, 4 },	[0x8d] = { PICKLE_TEXT, 8 },	 ['F'] = { PICKLE_LINE, 0 },
	['G'] = { PICKLE_PLAIN, 8 },	[']'] = { PICKLE_PLAIN, 0 },	 ['a'] = { PICKLE_PLAIN, 0 },
	['e'] = { PICKLE_PLAIN, 0 },	['l'] = { PICKLE_PLAIN, 0 },	 [')'] = { PICKLE_PLAIN, 0 },
	['t'] = { PICKLE_PLAIN, 0 },	[0x85] = { PICKLE_PLAIN, 0 },	 [0x86] = { PICKLE_PLAIN, 0 },
	[0x87] = { PICKLE_PLAIN, 0 },	['}'] = { PICKLE_PLAIN, 0 },	 ['d'] = { PICKLE_PLAIN, 0 },
	['s'] = { PICKLE_PLAIN, 0 },	['u'] = { PICKLE_PLAIN, 0 },	 [0x8f] = { PICKLE_PLAIN, 0 },
	[0x90] = { PICKLE_PLAIN, 0 },	[0x91] = { PICKLE_PLAIN, 0 },	 ['0'] = { PICKLE_PLAIN, 0 },
	['2'] = { PICKLE_PLAIN, 0 },	['('] = { PICKLE_PLAIN, 0 },	 ['1'] = { PICKLE_PLAIN, 0 },
	['g'] = { PICKLE_GET_LINE, 0 }, ['h'] = { PICKLE_GET, 1 },	 ['j'] = { PICKLE_GET, 4 },
	['p'] = { PICKLE_PUT_LINE, 0 }, ['q'] = { PICKLE_PUT, 1 },	 ['r'] = { PICKLE_PUT, 4 },
	[0x94] = { PICKLE_MEMOIZE, 0 }, [0x82] = { PICKLE_PLAIN, 1 },	 [0x83] = { PICKLE_PLAIN, 2 },
	[0x84] = { PICKLE_PLAIN, 4 },	['c'] = { PICKLE_GLOBAL, 0 },	 [0x93] = { PICKLE_STACK_GLOBAL, 0 },
	['R'] = { PICKLE_PLAIN, 0 },	['b'] = { PICKLE_PLAIN, 0 },	 ['i'] = { PICKLE_GLOBAL, 0 },
	['o'] = { PICKLE_PLAIN, 0 },	[0x81] = { PICKLE_PLAIN, 0 },	 [0x92] = { PICKLE_PLAIN, 0 },
	[0x80] = { PICKLE_PLAIN, 1 },	['.'] = { PICKLE_STOP, 0 },	 [0x95] = { PICKLE_PLAIN, 8 },
	['P'] = { PICKLE_LINE, 0 },	['Q'] = { PICKLE_PLAIN, 0 },
};

enum { TEXT_MAX = 200 }; /* bytes of a name that is remembered */

struct memo {
	uint32_t number;
	struct str text;
};

struct pickle {
	const struct modules *modules;
	binary_sees *sees;
	void *ctx;
	struct arena arena;
	struct str rest;
	struct str texts[2];   /* the last two that were pushed */
	bool broken;	       /* an operand is longer than the rest */
	bool on_top;	       /* the last of them was pushed by the last opcode */
	uint32_t puts;	       /* how many were put into the memo */
	VEC(struct memo) memo; /* texts only, in order of their numbers */
};

static struct str take(struct pickle *pickle, uint64_t len)
{
	struct str taken = str_head(pickle->rest, (size_t)len);

	if (len > pickle->rest.len) {
		pickle->broken = true;
		return STR("");
	}
	pickle->rest = str_from(pickle->rest, taken.len);
	return taken;
}

static struct str take_line(struct pickle *pickle)
{
	struct str line;

	(void)str_cut(pickle->rest, '\n', &line, &pickle->rest);
	return line;
}

/* A little-endian number. */
static uint64_t take_number(struct pickle *pickle, size_t size)
{
	struct str raw = take(pickle, size);
	uint64_t value = 0;

	for (size_t i = raw.len; i-- > 0;)
		value = value << 8 | (unsigned char)raw.ptr[i];
	return value;
}

/* A number in a line; others than those of the memo do not matter. */
static uint64_t take_decimal(struct pickle *pickle)
{
	struct str line = take_line(pickle);
	uint64_t value = 0;

	for (size_t i = 0; i < line.len && i < 10 && line.ptr[i] >= '0' && line.ptr[i] <= '9'; i++)
		value = value * 10 + (uint64_t)(line.ptr[i] - '0');
	return value;
}

static void push(struct pickle *pickle, struct str text)
{
	pickle->texts[0] = pickle->texts[1];
	pickle->texts[1] = text;
	pickle->on_top = true;
}

static void see_module(struct pickle *pickle, struct str name)
{
	uint32_t module = name.len && name.len <= TEXT_MAX ? modules_find(pickle->modules, name) : NO_MODULE;

	if (module != NO_MODULE)
		pickle->sees(pickle->ctx, module, name);
}

/* Picklers count upwards; a number that does not is not remembered. */
static void put(struct pickle *pickle, bool was_on_top, uint64_t number)
{
	struct str text = pickle->texts[1];

	pickle->puts++;
	pickle->on_top = was_on_top;
	if (!was_on_top || text.len == 0 || text.len > TEXT_MAX || number > UINT32_MAX ||
	    (pickle->memo.len && pickle->memo.at[pickle->memo.len - 1].number >= number))
		return;
	*vec_push(&pickle->arena, &pickle->memo) = (struct memo){ (uint32_t)number, text };
}

static void get(struct pickle *pickle, uint64_t number)
{
	size_t low = 0;
	size_t high = pickle->memo.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pickle->memo.at[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < pickle->memo.len && pickle->memo.at[low].number == number)
		push(pickle, pickle->memo.at[low].text);
}

/* One opcode. False where it is unknown. */
static bool step(struct pickle *pickle)
{
	struct pickle_op op = ops[(unsigned char)take(pickle, 1).ptr[0]];
	bool was_on_top = pickle->on_top;

	pickle->on_top = false;
	switch ((enum pickle_kind)op.kind) {
	case PICKLE_UNKNOWN:
		return false;
	case PICKLE_STOP: /* another pickle may follow; its memo is new */
		pickle->memo.len = 0;
		pickle->puts = 0;
		break;
	case PICKLE_PLAIN:
		(void)take(pickle, op.size);
		break;
	case PICKLE_LINE:
		(void)take_line(pickle);
		break;
	case PICKLE_COUNTED:
		(void)take(pickle, take_number(pickle, op.size));
		break;
	case PICKLE_TEXT:
		push(pickle, take(pickle, take_number(pickle, op.size)));
		break;
	case PICKLE_TEXT_LINE:
		push(pickle, take_line(pickle));
		break;
	case PICKLE_GLOBAL:
		see_module(pickle, take_line(pickle));
		(void)take_line(pickle);
		break;
	case PICKLE_STACK_GLOBAL:
		see_module(pickle, pickle->texts[0]);
		break;
	case PICKLE_MEMOIZE:
		put(pickle, was_on_top, pickle->puts);
		break;
	case PICKLE_PUT:
		put(pickle, was_on_top, take_number(pickle, op.size));
		break;
	case PICKLE_PUT_LINE:
		put(pickle, was_on_top, take_decimal(pickle));
		break;
	case PICKLE_GET:
		get(pickle, take_number(pickle, op.size));
		break;
	case PICKLE_GET_LINE:
		get(pickle, take_decimal(pickle));
		break;
	}
	return !pickle->broken;
}

/*
 * joblib writes arrays between opcodes, with nothing that says how long they are. What looks like a short
 * text or a GLOBAL and is a module's name is taken for one.
 */
static void see_loose(struct pickle *pickle)
{
	struct str rest = pickle->rest;

	for (; rest.len > 1; rest = str_from(rest, 1)) {
		size_t len = (unsigned char)rest.ptr[1];

		if ((unsigned char)rest.ptr[0] == 0x8c && len <= rest.len - 2) {
			see_module(pickle, str_head(str_from(rest, 2), len));
		} else if (rest.ptr[0] == 'c') {
			struct str line;
			struct str tail;

			if (str_cut(str_head(str_from(rest, 1), TEXT_MAX + 1), '\n', &line, &tail))
				see_module(pickle, line);
		}
	}
}

void pickle_modules(const struct modules *modules, struct bytes bytes, binary_sees *sees, void *ctx)
{
	struct pickle pickle = { .modules = modules, .sees = sees, .ctx = ctx, .rest = str_of_bytes(bytes) };

	while (pickle.rest.len)
		if (!step(&pickle)) {
			see_loose(&pickle);
			break;
		}
	arena_free(&pickle.arena);
}

bool pickle_is(struct str path, struct bytes content)
{
	static const struct str suffixes[] = { STR_INIT(".pkl"),    STR_INIT(".pickle"), STR_INIT(".pck"),
					       STR_INIT(".joblib"), STR_INIT(".dump"),	 STR_INIT(".sav"),
					       STR_INIT(".model"),  STR_INIT(".p") };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(path, suffixes[i]))
			return true;
	return content.len > 2 && content.ptr[0] == 0x80 && content.ptr[1] >= 2 && content.ptr[1] <= 5 &&
	       ops[content.ptr[2]].kind != PICKLE_UNKNOWN;
}
