// SPDX-License-Identifier: MIT
/*
 * Declares probes of itself, as <sys/sdt.h> does, and passes them N times: usdt N. hewn:plain has three arguments (the
 * count, a constant -7, and a byte in memory), at two places; hewn:guarded has a semaphore.
 */
#include <stdlib.h>

#if defined(__x86_64__)
#define ARG_INT "-4@%k[count]"
#define ARG_CONST "-8@$-7"
#define ARG_MEMORY "1@(%q[at])"
#define WORD ".8byte"
#elif defined(__aarch64__)
#define ARG_INT "-4@%x[count]"
#define ARG_CONST "-8@-7"
#define ARG_MEMORY "1@[%x[at]]"
#define WORD ".8byte"
#elif defined(__s390x__)
#define ARG_INT "-4@%[count]"
#define ARG_CONST "-8@-7"
#define ARG_MEMORY "1@0(%[at])"
#define WORD ".8byte"
#endif

#ifdef WORD
/* Inline assembly: a nop, and a note that says where it is and where the arguments are. */
#define PROBE(name, semaphore, args)                                                                                                   \
	__asm__ volatile("990: nop\n"                                                                                                  \
			 ".pushsection .note.stapsdt,\"\",\"note\"\n"                                                                  \
			 ".balign 4\n"                                                                                                 \
			 ".4byte 992f-991f, 994f-993f, 3\n"                                                                            \
			 "991: .asciz \"stapsdt\"\n"                                                                                   \
			 "992: .balign 4\n"                                                                                            \
			 "993: " WORD " 990b\n" WORD " _.stapsdt.base\n" WORD " " semaphore "\n"                                       \
			 ".asciz \"hewn\"\n.asciz \"" name "\"\n.asciz \"" args "\"\n"                                                 \
			 "994: .balign 4\n"                                                                                            \
			 ".popsection\n" ::[count] "r"(count),                                                                         \
			 [at] "r"(at)                                                                                                  \
			 : "memory")

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n.hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n.size _.stapsdt.base, 1\n.popsection\n");

unsigned short hewn_guarded_semaphore __attribute__((section(".probes"), used));

static void pass(int count, const unsigned char *at)
{
	PROBE("plain", "0", ARG_INT " " ARG_CONST " " ARG_MEMORY);
	if (count & 1)
		PROBE("plain", "0", ARG_INT " " ARG_CONST " " ARG_MEMORY);
	if (*(volatile unsigned short *)&hewn_guarded_semaphore)
		PROBE("guarded", "hewn_guarded_semaphore", ARG_INT);
}
#else
static void pass(int count, const unsigned char *at)
{
	(void)count;
	(void)at;
}
#endif

int main(int argc, char **argv)
{
	const int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;
	const unsigned char byte = 200;

	for (int i = 1; i <= n; i++)
		pass(i, &byte);
	return 0;
}
