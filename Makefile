# hewn: one Makefile, not recursive. `make help` lists the targets.
#
#   B=DIR     where everything built goes (build)
#   SAN=1     with ASan and UBSan; use it with a B of its own
#   CC, CLANG the C compiler, and the clang whose BPF target compiles bpf/

B      ?= build
CLANG  ?= clang
PREFIX ?= /usr/local
VERSION := 0.1.0

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla $(if $(CI),-Werror)
CFLAGS ?= -O2 -g
# -f…-sections: a static program leaves out what it does not use.
cflags := -std=gnu11 -ffunction-sections -fdata-sections -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DHEWN_VERSION='"$(VERSION)"' $(WARN) -I. -ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
ifdef SAN
cflags += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
LDLIBS ?= -lelf

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
	@rm -f $@ # rooms may have files of one name, which `ar r` would take for one another
	$(AR) qcs $@ $^

$(B)/hewn: $(cmd_src:%.c=$(B)/%.o) $(B)/libhewn.a
	$(CC) $(cflags) -o $@ $^ $(LDFLAGS) $(LDLIBS)

# The programs for the kernel. -g brings the BTF. BPF_ARCH is the kernel's arch/ folder: whose registers a probe reads.
BPF_ARCH ?= $(shell uname -m | sed 's/x86_64\|i.86/x86/;s/aarch64/arm64/;s/^arm[^6].*/arm/;s/s390x/s390/;s/ppc.*/powerpc/;s/riscv.*/riscv/;s/loongarch.*/loongarch/;s/mips.*/mips/')
BPF_WORD ?= $(shell getconf LONG_BIT)
BPF_TARGET ?= bpf
bpf_flags = -target $(BPF_TARGET) -D__TARGET_ARCH_$(BPF_ARCH) -DHEWN_WORD=$(BPF_WORD) -O2 -g -Wall -Ibpf -ffile-prefix-map=$(CURDIR)=.
$(B)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h) | need
	@mkdir -p $(@D)
	$(CLANG) $(bpf_flags) -c -o $@ $<

# The objects of the tests, by CLANG, and by CLANG19 where it is there. BPF_NAME holds flags for tests/bpf/**/NAME.bpf.c.
BPF_no_btf := -g0
BPF_common := -fcommon
BPF_byte_order := -target bpfeb
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

# What the kernel tests run: programs of their own, with a known number of calls.
helpers := $(patsubst %.c,$(B)/%,$(wildcard tests/kernel/*.c))
$(B)/tests/kernel/%: tests/kernel/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

# The examples, so that their plans, logs and calls can be held beside strace. Not in a static build, which no strace runs beside.
examined := $(if $(findstring -static,$(LDFLAGS)),,$(patsubst %.c,$(B)/tests/kernel/examined/%,$(notdir $(wildcard examples/*.c))))
$(examined): $(B)/tests/kernel/examined/%: examples/%.c $(B)/tests/kernel/examined/hook.o $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -Iloader -Iinsn -Wl,--wrap=sys_trap,--wrap=hewn_run_open,--wrap=hewn_run_close -o $@ $^ $(LDFLAGS) $(LDLIBS)

# Objects frozen to programs. Not in a static build, which is for another machine: its hewn does not run here.
frozen_bpf  := $(patsubst bpf/%.bpf.c,$(B)/tests/kernel/frozen/%,$(wildcard bpf/*.bpf.c))
frozen_test := $(addprefix $(B)/tests/kernel/frozen/,data inner maptypes minimal perf_event pinned raw_tp ringbuf several tailcalls)
frozen := $(if $(findstring -static,$(LDFLAGS)),,$(frozen_bpf) $(frozen_test))
$(frozen_bpf:=.c): $(B)/tests/kernel/frozen/%.c: $(B)/bpf/%.bpf.o $(B)/hewn
$(frozen_test:=.c): $(B)/tests/kernel/frozen/%.c: $(B)/tests/bpf/%.bpf.o $(B)/hewn
$(frozen_bpf:=.c) $(frozen_test:=.c):
	@mkdir -p $(@D)
	$(B)/hewn freeze $< -o $@
$(frozen_bpf) $(frozen_test): %: %.c
	$(CC) -std=gnu11 $(WARN) $(CFLAGS) -o $@ $<

# At the same address in all processes, so that its probes can be told before 5.15.
$(B)/tests/kernel/usdt: cflags += -fno-pie -no-pie

# hewn itself, with something planted where it traps.
$(B)/tests/kernel/planted: tests/kernel/planted.c $(cmd_src:%.c=$(B)/%.o) $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -o $@ $(filter-out %.h loader/%,$^) $(LDFLAGS) $(LDLIBS)

$(B)/tests/bench/%: tests/bench/%.c $(B)/libhewn.a
	@mkdir -p $(@D)
	$(CC) $(cflags) -MMD -MP -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

# Groups of tests are named in tests/suite. TESTS=WORD takes only those whose path has the word.
check: ready ## run the tests: on this kernel, and on 6.1 and 6.12 in QEMU
	tests/suite unit cli vm own 6.1 6.12

check-quick: ready ## run the tests, on this kernel only
	tests/suite unit cli own

check-kernels: ready ## run the tests on 5.10 and on the newest kernel too
	tests/suite unit cli vm own 5.10 6.1 6.12 newest

check-san: ## run the tests under ASan and UBSan
	$(MAKE) SAN=1 B=$(B)/asan check-sanitized

# Other architectures: big-endian, 32 bits, and another 64-bit one. Static programs, by Debian's cross compilers.
triple_arm64 := aarch64-linux-gnu
triple_armhf := arm-linux-gnueabihf
triple_s390x := s390x-linux-gnu
bpf_arm64 := BPF_ARCH=arm64 BPF_WORD=64 BPF_TARGET=bpfel
bpf_armhf := BPF_ARCH=arm BPF_WORD=32 BPF_TARGET=bpfel
bpf_s390x := BPF_ARCH=s390 BPF_WORD=64 BPF_TARGET=bpfeb
other := arm64 armhf s390x
.PHONY: check-arch $(other:%=arch-%)
check-arch: need $(other:%=arch-%) ## run the tests on arm64, armhf and s390x (QEMU)
	@tests/need qemu-user-static
	tests/suite $(other:%=unit:%) $(other:%=6.12:%)
	TESTS=vm/foreign tests/suite vm

$(other:%=arch-%): arch-%: need # build for one of them, into build/ARCH
	@tests/need gcc-$(triple_$*) libc6-dev-$*-cross
	tests/vm/sysroot $*
	$(MAKE) B=$(B)/$* CC=$(triple_$*)-gcc AR=$(triple_$*)-ar $(bpf_$*) LDFLAGS=-static \
		CFLAGS='-O2 -g -idirafter $(CURDIR)/build/cache/sysroot/$*/include' \
		LDLIBS='$(CURDIR)/build/cache/sysroot/$*/lib/libelf.a $(CURDIR)/build/cache/sysroot/$*/lib/libz.a' all test-bpf units

# What is installed first decides what is built, so make looks twice.
.PHONY: ready check-sanitized
ready: need
	@tests/need perl qemu-system-x86 busybox-static
	@tests/need -o strace bpftool python3-jsonschema clang-19 llvm-19 $(patsubst %,linux-libc-dev-%-cross,arm64 armhf i386 mips64el \
		ppc64el riscv64 s390x)
	$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all test-bpf units

check-sanitized: ready
	tests/suite unit cli own 6.1

# What hewn does beside what libbpf does: nothing else here uses libbpf. Static, so that size and memory are the
# libraries' own. The time of the assembler is beside LLVM's.
bench_ldlibs ?= -lelf -lz
.PHONY: bench benches
bench: ready static ## compare with libbpf and LLVM, side by side in one run
	@tests/need libbpf-dev pkg-config strace perl
	@$(MAKE) -s benches
	@$(MAKE) -s $(static_flags) $(B)/static/tests/bench/hewn_side $(B)/static/tests/bench/libbpf_musl
	tests/bench/run
	$(B)/tests/bench/audit $(B)/tests/bpf/core.bpf.o
	$(B)/tests/bench/insn

.PHONY: bench-scale
bench-scale: ready ## how the cost of a plan grows to 1,000 programs, 10,000 maps, 1,000,000 instructions
	@mkdir -p $(B)/tests/bench
	@tests/bench/scale $(CLANG) $(bpf_flags)

bench_objects := tests/bpf/minimal bpf/execs bpf/openclose.ringbuf tests/bench/core tests/bench/large
newer := $(wildcard $(B)/corpus/libbpf/libbpf.a)
benches: $(addprefix $(B)/tests/bench/,insn audit hewn_side libbpf_side $(if $(newer),newer_side) whole fill.bpf.o) $(bench_objects:%=$(B)/%.bpf.o) $(bench_objects:%=$(B)/floor/%)

$(B)/tests/bench/insn: $(B)/tests/bench/insn.o $(B)/libhewn.a
	$(CC) $(cflags) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(B)/tests/bench/hewn_side: $(B)/tests/bench/hewn_side.o $(B)/tests/bench/side.o $(B)/libhewn.a
	$(CC) $(cflags) -static -Wl,--gc-sections -o $@ $^ $(LDFLAGS) $(bench_ldlibs)
$(B)/tests/bench/libbpf_side: $(B)/tests/bench/libbpf_side.o $(B)/tests/bench/side.o
	$(CC) $(cflags) -static -Wl,--gc-sections -o $@ $^ $(LDFLAGS) -lbpf $(bench_ldlibs)
$(B)/tests/bench/libbpf_musl: $(addprefix tests/bench/,libbpf_side.c side.c musl.c)
	$(CC) $(cflags) -O2 -fno-lto -idirafter /usr/include -static -Wl,--gc-sections -o $@ $^ $(shell gcc -print-file-name=libbpf.a) \
		$(shell gcc -print-file-name=libelf.a) $(shell gcc -print-file-name=libz.a)
$(B)/tests/bench/newer_side: tests/bench/libbpf_side.c $(B)/tests/bench/side.o $(newer)
	$(CC) $(cflags) -isystem $(B)/corpus/libbpf/include -static -Wl,--gc-sections -o $@ $^ $(LDFLAGS) $(bench_ldlibs)
$(B)/tests/bench/%.bpf.o: tests/bench/%.bpf.c $(wildcard bpf/*.h) | need
	@mkdir -p $(@D)
	$(CLANG) $(bpf_flags) -c -o $@ $<
# Programs, maps, and of all programs together instructions, references to maps, CO-RE relocations.
$(B)/tests/bench/large.bpf.o: tests/bench/big bpf/hewn.bpf.h | need
	@mkdir -p $(@D)
	tests/bench/big 100 100 50000 5000 5000 >$(@:.o=.c)
	$(CLANG) $(bpf_flags) -c -o $@ $(@:.o=.c)
# The floor: the object's plan for this kernel as a program, which only makes the calls.
.SECONDARY: $(bench_objects:%=$(B)/floor/%.c)
$(B)/floor/%.c: $(B)/%.bpf.o $(B)/hewn
	@mkdir -p $(@D)
	$(B)/hewn freeze --load --name floor -o $@ $<
$(B)/floor/%: tests/bench/floor_side.c $(B)/floor/%.c $(B)/tests/bench/side.o
	$(CC) $(cflags) -w -DFLOOR_NO_MAIN -DFROZEN='"$(@F).c"' -I$(@D) -static -Wl,--gc-sections -o $@ $(filter-out %/floor/$*.c,$^) $(LDFLAGS)

# Bad input, made by libFuzzer: FUZZ_TIME seconds for each of FUZZ.
FUZZ_TIME ?= 300
FUZZ ?= $(basename $(notdir $(wildcard tests/fuzz/*.c)))
fuzz_flags = CC=clang B=$(B)/fuzz LDFLAGS=-fsanitize=address,undefined \
	CFLAGS='-O1 -g -DBTF_LARGE=64 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
.PHONY: fuzz fuzzers
fuzz: ready ## feed bad input to the parsers under ASan and UBSan: FUZZ_TIME=300 seconds for each of FUZZ
	@tests/need clang llvm-19
	$(MAKE) -s $(fuzz_flags) FUZZ='$(FUZZ)' fuzzers
	tests/fuzz/run $(FUZZ_TIME) $(FUZZ)

fuzzers: $(FUZZ:%=$(B)/fuzz-%)
$(B)/fuzz-%: tests/fuzz/%.c $(B)/libhewn.a
	$(CC) $(cflags) -fsanitize=fuzzer -o $@ $< $(B)/libhewn.a $(LDFLAGS) $(LDLIBS)

# Objects that others compiled for libbpf, loaded by libbpf and by hewn in guests: docs/corpus.md.
# NEWEST=1: those of the newest kernel.
corpus := $(B)/corpus$(if $(NEWEST),-newest)
export NEWEST
.PHONY: corpus corpus-sides check-corpus check-core check-freeze check-threeway
corpus: need ## fetch and compile the kernel's self-tests of BPF: build/corpus
	@tests/need clang-19 bpftool gcc-12 zlib1g-dev libdw1
	tests/corpus/build
	@$(MAKE) -s corpus-sides

corpus-sides: $(corpus)/ours $(corpus)/reference
$(corpus)/ours: tests/corpus/ours.c tests/corpus/side.c tests/corpus/links.c $(B)/libhewn.a
	$(CC) $(cflags) -static -o $@ $^ $(LDFLAGS) -lelf -lz
$(corpus)/reference: tests/corpus/reference.c tests/corpus/side.c tests/corpus/links.c
	$(CC) $(cflags) -isystem $(corpus)/libbpf/include -static -o $@ $^ $(LDFLAGS) $(corpus)/libbpf/libbpf.a -lelf -lz

# libbpf's library has names that libhewn.a has too: of its side only reference_* is kept.
corpus_linux := build/cache/$(notdir $(corpus))/linux/tools
$(corpus)/core: tests/corpus/core.c tests/corpus/core_reference.c tests/corpus/core.h $(B)/libhewn.a
	$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -I. -isystem $(corpus)/libbpf/include -isystem $(corpus_linux)/lib/bpf \
		-isystem $(corpus_linux)/include -c -o $@_libbpf.o tests/corpus/core_reference.c
	$(LD) -r -o $@_side.o $@_libbpf.o $(corpus)/libbpf/libbpf.a
	objcopy --wildcard -G 'reference_*' $@_side.o
	$(CC) $(cflags) -o $@ tests/corpus/core.c $@_side.o $(B)/libhewn.a $(LDFLAGS) -lelf -lz

$(B)/corpus/held: tests/corpus/held.c $(B)/libhewn.a
	$(CC) $(cflags) -static -o $@ $^ $(LDFLAGS) -lelf -lz

check-freeze: corpus $(B)/hewn $(B)/corpus/held ## freeze the objects of the corpus, and load the programs in guests
	@tests/need musl-tools
	tests/corpus/check-freeze $(TESTS)

check-core: corpus $(corpus)/core ## make the CO-RE relocations of the corpus with libbpf and with hewn, and compare
	tests/corpus/check-core

check-corpus: corpus ## load the objects of the corpus with libbpf and with hewn (QEMU), and compare
	tests/corpus/check $(TESTS)

check-threeway: corpus all $(B)/tests/kernel/pointed ## run each object of the corpus, and hold plan, log and strace side by side (QEMU)
	@tests/need strace perl qemu-system-x86 busybox-static python3-jsonschema
	tests/corpus/threeway $(TESTS)

.PHONY: errors
errors: ready ## write docs/errors.md anew, by making each mistake in a guest
	tests/vm/run 6.12 tests/errors >$(B)/errors.md && mv $(B)/errors.md docs/errors.md

demo: ## live events of opens from a kprobe: here, or else in QEMU
	@echo "demo: building"
	@$(MAKE) -s $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all
	@examples/demo.sh

# Each part of lint says what it has to say, though another failed: `make -k lint`.
c_src := $(lib_src) $(cmd_src)
lint: lint-clang lint-m32 lint-tidy lint-cppcheck lint-sh ## what clang, -m32, clang-tidy, cppcheck and shellcheck say

lint-clang: need # in a folder of its own, so that nothing is built twice here
	$(MAKE) -s CC=clang CFLAGS='-O2 -g -Werror' B=$(B)/clang all units

lint-m32: need
	@tests/need libc6-dev-i386
	$(MAKE) -s CC='gcc -m32 -idirafter /usr/include/x86_64-linux-gnu' CFLAGS='-O2 -Werror' B=$(B)/m32 objects

lint-tidy: need # a file a call: 14 finds faults that are not there when it is given several
	@tests/need clang-tidy
	printf '%s\n' $(c_src) $(wildcard examples/*.c) | xargs -P 2 -I FILE clang-tidy --quiet FILE -- \
		-std=gnu11 -D_GNU_SOURCE -DHEWN_VERSION='""' -I. -Iloader -Iinsn 2>/dev/null

lint-cppcheck:
	@tests/need cppcheck
	cppcheck -q -j 2 --std=c11 --enable=warning,portability,performance --inline-suppr -D_GNU_SOURCE -I. \
		--suppress=missingIncludeSystem --suppress=arrayIndexThenCheck --error-exitcode=1 loader insn $(wildcard examples)

lint-sh:
	@tests/need shellcheck
	shellcheck -S warning $$(grep -rlsE '^(#!.*/(ba|da)?sh|# shellcheck shell)' .ci tests examples | grep -v '\.md$$')

.PHONY: demo lint lint-clang lint-m32 lint-tidy lint-cppcheck lint-sh objects units install static check-static static-headers
units: $(unit) $(helpers) $(examined) $(frozen)
objects: $(c_src:%.c=$(B)/%.o)

# On musl. Debian's libelf.a links there: hewn needs nothing of it that is only in glibc, nor zlib. Of /usr/include musl may
# see the kernel's headers and libelf's only.
small := -Oz -flto=auto -Wno-stringop-overread -fno-pie -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-stack-protector
libelf_a = $(shell gcc -print-file-name=libelf.a)
static_flags = B=$(B)/static CC='musl-gcc -isystem $(abspath $(B))/static/include' LDLIBS='$(libelf_a)' bench_ldlibs='$(libelf_a)' \
	CFLAGS='$(small)' LDFLAGS='-static -no-pie -Wl,--gc-sections,-z,noseparate-code,-z,norelro,--build-id=none'
static: static-headers ## a small static hewn, and a small loader, on musl: build/static
	$(MAKE) $(static_flags) $(B)/static/hewn $(B)/static/examples/load
	@strip $(B)/static/hewn $(B)/static/examples/load
	@ls -l $(B)/static/hewn $(B)/static/examples/load

check-static: static ## run the unit tests on musl
	$(MAKE) $(static_flags) units
	B=$(B)/static tests/suite unit

static-headers: need
	@tests/need musl-tools
	@mkdir -p $(B)/static/include
	@for h in linux asm-generic libelf.h gelf.h; do ln -sfn /usr/include/$$h $(B)/static/include/$$h; done
	@ln -sfn $(firstword $(wildcard /usr/include/$(shell $(CC) -print-multiarch)/asm /usr/include/asm)) $(B)/static/include/asm

# The headers keep their places below include/hewn/, so that they include each other as they do here.
install: $(B)/hewn $(B)/libhewn.a ## install the command, the library, its headers and the man page (DESTDIR, PREFIX)
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib/pkgconfig include/hewn/insn include/hewn/bpf share/man/man1)
	install -m 755 $(B)/hewn $(DESTDIR)$(PREFIX)/bin/hewn
	install -m 644 $(B)/libhewn.a $(DESTDIR)$(PREFIX)/lib/libhewn.a
	install -m 644 loader/hewn.h $(DESTDIR)$(PREFIX)/include/hewn.h
	install -m 644 $(wildcard insn/*.h) $(DESTDIR)$(PREFIX)/include/hewn/insn
	install -m 644 $(wildcard bpf/*.bpf.h) $(DESTDIR)$(PREFIX)/include/hewn/bpf
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' 'Name: hewn' \
		'Description: a minimal eBPF loader that shows its system calls' 'Version: $(VERSION)' \
		'Cflags: -I$${includedir} -I$${includedir}/hewn' 'Libs: -L$${libdir} -lhewn -lelf -lz' \
		>$(DESTDIR)$(PREFIX)/lib/pkgconfig/hewn.pc
	$(if $(wildcard docs/hewn.1),install -m 644 docs/hewn.1 $(DESTDIR)$(PREFIX)/share/man/man1)

clean: ## remove what was built (downloads in build/cache stay)
	find $(B) -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +

# What was downloaded has files and folders of that name too.
-include $(shell find $(B) \( -path $(B)/cache -o -path $(B)/corpus \) -prune -o -name '*.d' -type f -print 2>/dev/null)
