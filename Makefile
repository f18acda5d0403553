# hewn: one Makefile, not recursive. `make help` lists the targets.
#
#   B=DIR     where everything built goes (build)
#   SAN=1     with ASan and UBSan; use it with a B of its own
#   CC, CLANG the C compiler, and the clang whose BPF target compiles bpf/

B      ?= build
CLANG  ?= clang
PREFIX ?= /usr/local
VERSION := 0.1.0

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
CFLAGS ?= -O2 -g
cflags := -std=gnu11 -D_GNU_SOURCE $(WARN) -I. -ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
ifdef SAN
cflags += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
LDLIBS := -lelf

lib_src := $(wildcard loader/*.c $(filter-out loader/cmd/%,$(wildcard loader/*/*.c)) insn/*.c)
cmd_src := $(wildcard loader/cmd/*.c)
unit    := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
bpf     := $(patsubst %.c,$(B)/%.o,$(wildcard bpf/*.bpf.c))
examples := $(patsubst %.c,$(B)/%,$(wildcard examples/*.c))

.PHONY: all help check clean
.DELETE_ON_ERROR:
all: $(if $(cmd_src),$(B)/hewn) $(bpf) $(examples) ## build the command, the library, bpf/ and examples/

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -c -o $@ $<

$(B)/libhewn.a: $(lib_src:%.c=$(B)/%.o)
	$(AR) rcs $@ $?

$(B)/hewn: $(cmd_src:%.c=$(B)/%.o) $(B)/libhewn.a
	$(CC) $(cflags) -o $@ $^ $(LDFLAGS) $(LDLIBS)

# The programs for the kernel. -g brings the BTF.
$(B)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h)
	@mkdir -p $(@D)
	$(CLANG) -target bpf -O2 -g -Wall -Ibpf -ffile-prefix-map=$(CURDIR)=. -c -o $@ $<

$(B)/examples/%: examples/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -Iloader -Iinsn -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

$(B)/tests/unit/%: tests/unit/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

check: all $(unit) ## run the tests
	prove $(unit)

clean: ## remove what was built (downloads in build/cache stay)
	find $(B) -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +

-include $(shell find $(B) -name '*.d' 2>/dev/null)
