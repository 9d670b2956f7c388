# slim: small AWS Lambda packages that still work.
#
#   make            build build/slim
#   make help       every target, a line each
#
# Variables: CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR as usual.
#   V=1      show commands          DEV=1   warnings are errors
#   SAN=1    AddressSanitizer and UndefinedBehaviorSanitizer, in build/san
#   PYTHON   the interpreter for samples and survival tests (found by scripts/find-python)
#   T=60     seconds per target of `make fuzz`

VERSION := 0.1.0

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
BUILD   ?= build
T       ?= 60
JOBS    := $(shell nproc 2>/dev/null || echo 2)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
	-Wimplicit-fallthrough -Wcast-qual
ifeq ($(DEV),1)
WARN += -Werror
endif

OUT := $(BUILD)
ifeq ($(SAN),1)
OUT := $(BUILD)/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
override CFLAGS += -O1 $(SANFLAGS)
override LDFLAGS += $(SANFLAGS)
endif

LIBS     := libarchive libxxhash libdeflate libfyaml jansson zlib
HAVE_LIBS := $(shell pkg-config --exists $(LIBS) 2>/dev/null && echo yes)
ifeq ($(HAVE_LIBS),yes)
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBS))
PKG_LIBS   := $(shell pkg-config --libs $(LIBS))
endif

ALL_CFLAGS := -std=c17 -Isrc -I$(BUILD)/gen $(WARN) -DSLIM_VERSION='"$(VERSION)"' -pthread $(PKG_CFLAGS) $(CFLAGS)
ALL_LIBS   := $(LDFLAGS) -pthread $(PKG_LIBS)

SRC   := $(sort $(wildcard src/*/*.c))
GEN   := $(BUILD)/gen/rule_files.c $(BUILD)/gen/runtime_files.c $(BUILD)/gen/platform_files.c
RULES := $(sort $(wildcard rules/*.yaml))
PLATFORMS := $(sort $(wildcard rules/runtimes/al*.txt))
RUNTIMES := $(filter-out $(PLATFORMS),$(sort $(wildcard rules/runtimes/*.txt)))
OBJ   := $(SRC:src/%.c=$(OUT)/obj/%.o) $(GEN:$(BUILD)/gen/%.c=$(OUT)/obj/gen/%.o)
UNIT  := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZ  := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAY := $(FUZZ:%=$(OUT)/tests/replay_%)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

.PHONY: all
all: $(OUT)/slim ## build build/slim (the default)

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- building ---------------------------------------------------------------------------------

# Rebuilds when the compiler or its flags change, and says what to do when a library is missing.
$(OUT)/flags: FORCE
	@mkdir -p $(OUT) $(BUILD)/gen
	@if [ "$(HAVE_LIBS)" != yes ]; then \
		echo "slim needs: $(LIBS). Install them with: make deps" >&2; exit 1; fi
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LIBS))' | cmp -s - $@ || \
		echo '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LIBS))' > $@

$(BUILD)/gen/rule_files.c: $(RULES)
$(BUILD)/gen/rule_files.c: EMBED = rules/rules.h rule $(RULES)
$(BUILD)/gen/runtime_files.c: $(RUNTIMES)
$(BUILD)/gen/runtime_files.c: EMBED = platform/stdlib.h runtime $(RUNTIMES)
$(BUILD)/gen/platform_files.c: $(PLATFORMS)
$(BUILD)/gen/platform_files.c: EMBED = platform/platform.h platform $(PLATFORMS)
$(GEN): scripts/embed Makefile
	$(call say,EMBED,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scripts/embed $(EMBED) > $@.new && mv $@.new $@

$(OUT)/obj/gen/%.o: $(BUILD)/gen/%.c $(OUT)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/obj/%.o: src/%.c $(OUT)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(OUT)/libslim.a: $(OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $(OBJ)

$(OUT)/slim: $(OUT)/obj/main.o $(OUT)/libslim.a
	$(call say,LINK,$@)
	$(Q)$(CC) -o $@ $< $(OUT)/libslim.a $(ALL_LIBS)

# libelf is an oracle of the tests alone.
$(OUT)/tests/test_%: tests/unit/test_%.c $(OUT)/libslim.a
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes -MMD -MP -o $@ $< $(OUT)/libslim.a $(ALL_LIBS) -lcmocka $(if $(findstring test_platform,$@),-lelf)

$(OUT)/tests/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(OUT)/libslim.a
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes -o $@ $< tests/fuzz/replay.c $(OUT)/libslim.a $(ALL_LIBS)

# What tests/loader and the benchmark ask.
LOADER_PROGRAMS := $(OUT)/tests/resolve $(OUT)/tests/touched
$(LOADER_PROGRAMS): $(OUT)/tests/%: tests/loader/%.c $(OUT)/libslim.a
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(OUT)/libslim.a $(ALL_LIBS)

.PHONY: FORCE test-programs
FORCE:
test-programs: $(UNIT) $(REPLAY) $(LOADER_PROGRAMS)

-include $(OBJ:.o=.d) $(OUT)/obj/main.d $(UNIT:=.d) $(LOADER_PROGRAMS:=.d)

# --- setting up -------------------------------------------------------------------------------

.PHONY: deps
deps: ## install what is missing (apt, dnf, apk, brew); prints it first, does nothing when all is there
	@scripts/deps

.PHONY: demo
demo: ## set up, build, and slim a real function; shows the report
	@scripts/deps build
	@$(MAKE) --no-print-directory all
	@scripts/demo

# --- testing ----------------------------------------------------------------------------------

.PHONY: check
check: ## set up and pass all tests
	@scripts/deps check
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=1 all test-programs
	@scripts/check all

.PHONY: unit cli loader bad survival lint
unit: ## unit tests, planner cases and fuzz corpora, with sanitizers
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=1 all test-programs
	@scripts/check unit
cli: all ## the command line, help, completions and man page
	@scripts/check cli
loader: all test-programs ## the loader that slim simulates, against the one of this machine
	@scripts/check loader
bad: ## hostile input, with sanitizers
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=1 all
	@scripts/check bad
survival: all ## real distributions, before and after: all cases (check runs some)
	@scripts/check survival
lint: all ## floors, purity, formatting, static analysis, shell scripts, man page
	@scripts/check lint

.PHONY: san
san: ## build build/san/slim with sanitizers
	@$(MAKE) --no-print-directory SAN=1 all

.PHONY: valgrind
valgrind: all test-programs ## unit tests and a whole run under valgrind
	@scripts/check valgrind

.PHONY: fuzz
fuzz: ## run every fuzz target for T seconds (clang)
	@scripts/fuzz $(T) $(FUZZ)

.PHONY: cov
cov: ## line coverage of unit and command-line tests, in build/cov
	@scripts/cov

.PHONY: bench
bench: all $(OUT)/tests/resolve ## ratios against other tools, in one run
	@scripts/deps bench
	@scripts/bench

# --- generated files that are kept -----------------------------------------------------------

.PHONY: completions
completions: all ## regenerate completions/ from the option table
	@mkdir -p completions
	@for shell in bash zsh fish; do $(OUT)/slim completions $$shell > completions/slim.$$shell || exit 1; done

.PHONY: format
format: ## clang-format the sources
	@clang-format -i $$(git ls-files 'src/*.[ch]' 'tests/*.[ch]')

# --- installing -------------------------------------------------------------------------------

BINDIR  := $(DESTDIR)$(PREFIX)/bin
MANDIR  := $(DESTDIR)$(PREFIX)/share/man
BASHDIR := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
INSTALLED := $(BINDIR)/slim $(MANDIR)/man1/slim.1 $(MANDIR)/man5/slim.yaml.5 $(BASHDIR)/slim $(ZSHDIR)/_slim $(FISHDIR)/slim.fish

.PHONY: install
install: all ## install under PREFIX (default /usr/local)
	install -d $(dir $(INSTALLED))
	install -m 755 $(OUT)/slim $(BINDIR)/slim
	install -m 644 docs/slim.1 $(MANDIR)/man1/slim.1
	install -m 644 docs/slim.yaml.5 $(MANDIR)/man5/slim.yaml.5
	install -m 644 completions/slim.bash $(BASHDIR)/slim
	install -m 644 completions/slim.zsh $(ZSHDIR)/_slim
	install -m 644 completions/slim.fish $(FISHDIR)/slim.fish

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f $(INSTALLED)

.PHONY: clean
clean: ## remove build/
	rm -rf $(BUILD)
