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

export B

.PHONY: all help check check-quick check-kernels check-san need clean
.DELETE_ON_ERROR:
all: $(if $(cmd_src),$(B)/hewn) $(bpf) $(examples) ## build the command, the library, bpf/ and examples/

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

need: # what a build needs of Debian's packages; at once where it is there
	@tests/need gcc $(CLANG) libelf-dev

$(B)/%.o: %.c | need
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -c -o $@ $<

$(B)/libhewn.a: $(lib_src:%.c=$(B)/%.o)
	$(AR) rcs $@ $?

$(B)/hewn: $(cmd_src:%.c=$(B)/%.o) $(B)/libhewn.a
	$(CC) $(cflags) -o $@ $^ $(LDFLAGS) $(LDLIBS)

# The programs for the kernel. -g brings the BTF. BPF_ARCH is the kernel's arch/ folder: whose registers a probe reads.
BPF_ARCH ?= $(shell uname -m | sed 's/x86_64\|i.86/x86/;s/aarch64/arm64/;s/^arm[^6].*/arm/;s/s390x/s390/;s/ppc.*/powerpc/;s/riscv.*/riscv/;s/loongarch.*/loongarch/;s/mips.*/mips/')
BPF_WORD ?= $(shell getconf LONG_BIT)
bpf_flags = -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -DHEWN_WORD=$(BPF_WORD) -O2 -g -Wall -Ibpf -ffile-prefix-map=$(CURDIR)=.
$(B)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h) | need
	@mkdir -p $(@D)
	$(CLANG) $(bpf_flags) -c -o $@ $<

# The objects of the tests, by CLANG, and by CLANG19 where it is there. BPF_NAME holds flags for tests/bpf/NAME.bpf.c.
CLANG19  ?= clang-19
test_bpf := $(patsubst %.c,$(B)/%.o,$(wildcard tests/bpf/*.bpf.c tests/bpf/mistakes/*.bpf.c))
ifneq ($(shell command -v $(CLANG19)),)
test_bpf += $(patsubst $(B)/tests/bpf/%,$(B)/tests/bpf-19/%,$(test_bpf))
endif
.PHONY: test-bpf
test-bpf: $(test_bpf) ## compile the objects that the tests load
$(B)/tests/bpf/%.bpf.o: tests/bpf/%.bpf.c $(wildcard bpf/*.h) | need
	@mkdir -p $(@D)
	$(CLANG) $(bpf_flags) $(BPF_$(notdir $*)) -c -o $@ $<
$(B)/tests/bpf-19/%.bpf.o: tests/bpf/%.bpf.c $(wildcard bpf/*.h)
	@mkdir -p $(@D)
	$(CLANG19) $(bpf_flags) $(BPF_$(notdir $*)) -c -o $@ $<

$(B)/examples/%: examples/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -Iloader -Iinsn -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

$(B)/tests/unit/%: tests/unit/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

# Groups of tests are named in tests/suite. TESTS=WORD takes only those whose path has the word.
check: all test-bpf $(unit) need-check ## run the tests: on this kernel, and on 6.1 and 6.12 in QEMU
	tests/suite unit cli vm own 6.1 6.12

check-quick: all test-bpf $(unit) need-check ## run the tests, on this kernel only
	tests/suite unit cli own

check-kernels: all test-bpf $(unit) need-check ## run the tests on 5.10 and on the newest kernel too
	tests/suite unit cli vm own 5.10 6.1 6.12 newest

check-san: ## run the tests under ASan and UBSan
	$(MAKE) SAN=1 B=$(B)/asan check-sanitized

.PHONY: need-check check-sanitized
check-sanitized: all test-bpf $(unit) need-check
	tests/suite unit cli own 6.1

need-check: | need
	@tests/need perl qemu-system-x86 busybox-static

clean: ## remove what was built (downloads in build/cache stay)
	find $(B) -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +

-include $(shell find $(B) -name '*.d' 2>/dev/null)
