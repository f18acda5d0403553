// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * A function's arguments and result, out of the registers that a kprobe, uprobe or perf event
 * program gets.
 *
 * Which architecture the registers belong to is said by -D__TARGET_ARCH_x86, _arm64, _arm, _riscv,
 * _s390, _mips, _powerpc or _loongarch: the names of the kernel's arch/ folders. Each stands for
 * the 64-bit layout where there are two; -DHEWN_WORD=32 chooses the other (i386, mips and ppc of 32
 * bits). A program that reads no register needs none of this, and is the same object everywhere.
 *
 * struct pt_regs below is what the kernel calls bpf_user_pt_regs_t, written down from the
 * asm/ptrace.h of each. The 64-bit registers of those files are `unsigned long`, which has 64 bits
 * for BPF on any machine; so a register is a hewn_ulong here, as wide as on the target.
 */
#ifndef HEWN_REGS_BPF_H
#define HEWN_REGS_BPF_H

#if defined(__TARGET_ARCH_arm) || defined(__TARGET_ARCH_i386)
#undef HEWN_WORD
#define HEWN_WORD 32
#endif
#ifndef HEWN_WORD
#define HEWN_WORD 64
#endif

// `unsigned long` and `long` of the kernel that is traced.
#if HEWN_WORD == 32
typedef u32 hewn_ulong;
typedef s32 hewn_long;
#else
typedef u64 hewn_ulong;
typedef s64 hewn_long;
#endif

/*
 * Each architecture below gives: HEWN_PARM1..8, the registers of a function's arguments (those that
 * the calling convention has); HEWN_SYS1..6, those of a system call's; HEWN_RC, _SP, _IP, _FP;
 * HEWN_RET, the register with the return address, where it is not on the stack; and
 * HEWN_SYSCALL_WRAPPER, see below.
 */
#if (defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_x86_64)) && HEWN_WORD == 64

struct pt_regs {
	hewn_ulong r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	hewn_ulong orig_ax, ip, cs, flags, sp, ss;
};
#define HEWN_PARM1 di
#define HEWN_PARM2 si
#define HEWN_PARM3 dx
#define HEWN_PARM4 cx
#define HEWN_PARM5 r8
#define HEWN_PARM6 r9
#define HEWN_SYS1  di
#define HEWN_SYS2  si
#define HEWN_SYS3  dx
#define HEWN_SYS4  r10
#define HEWN_SYS5  r8
#define HEWN_SYS6  r9
#define HEWN_RC	   ax
#define HEWN_SP	   sp
#define HEWN_IP	   ip
#define HEWN_FP	   bp
#define HEWN_WRAPS 1 // since 4.17

#elif defined(__TARGET_ARCH_x86) || defined(__TARGET_ARCH_i386)

struct pt_regs {
	hewn_ulong bx, cx, dx, si, di, bp, ax, ds, es, fs, gs, orig_ax, ip, cs, flags, sp, ss;
};
// The kernel's own functions (-mregparm=3); those of user space have all arguments on the stack.
#define HEWN_PARM1 ax
#define HEWN_PARM2 dx
#define HEWN_PARM3 cx
#define HEWN_SYS1  bx
#define HEWN_SYS2  cx
#define HEWN_SYS3  dx
#define HEWN_SYS4  si
#define HEWN_SYS5  di
#define HEWN_SYS6  bp
#define HEWN_RC	   ax
#define HEWN_SP	   sp
#define HEWN_IP	   ip
#define HEWN_FP	   bp
#define HEWN_WRAPS 1 // since 5.7

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	hewn_ulong regs[31], sp, pc, pstate;
};
#define HEWN_PARM1 regs[0]
#define HEWN_PARM2 regs[1]
#define HEWN_PARM3 regs[2]
#define HEWN_PARM4 regs[3]
#define HEWN_PARM5 regs[4]
#define HEWN_PARM6 regs[5]
#define HEWN_PARM7 regs[6]
#define HEWN_PARM8 regs[7]
#define HEWN_SYS1  regs[0]
#define HEWN_SYS2  regs[1]
#define HEWN_SYS3  regs[2]
#define HEWN_SYS4  regs[3]
#define HEWN_SYS5  regs[4]
#define HEWN_SYS6  regs[5]
#define HEWN_RC	   regs[0]
#define HEWN_SP	   sp
#define HEWN_IP	   pc
#define HEWN_FP	   regs[29]
#define HEWN_RET   regs[30]
#define HEWN_WRAPS 1 // since 4.19

#elif defined(__TARGET_ARCH_arm)

struct pt_regs {
	hewn_ulong uregs[18]; // r0 to r10, fp, ip, sp, lr, pc, cpsr, ORIG_r0
};
#define HEWN_PARM1 uregs[0]
#define HEWN_PARM2 uregs[1]
#define HEWN_PARM3 uregs[2]
#define HEWN_PARM4 uregs[3]
#define HEWN_SYS1  uregs[0]
#define HEWN_SYS2  uregs[1]
#define HEWN_SYS3  uregs[2]
#define HEWN_SYS4  uregs[3]
#define HEWN_SYS5  uregs[4]
#define HEWN_SYS6  uregs[5]
#define HEWN_RC	   uregs[0]
#define HEWN_SP	   uregs[13]
#define HEWN_IP	   uregs[15]
#define HEWN_FP	   uregs[11]
#define HEWN_RET   uregs[14]
#define HEWN_WRAPS 0

#elif defined(__TARGET_ARCH_riscv)

struct pt_regs {
	hewn_ulong pc, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
	hewn_ulong s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
};
#define HEWN_PARM1   a0
#define HEWN_PARM2   a1
#define HEWN_PARM3   a2
#define HEWN_PARM4   a3
#define HEWN_PARM5   a4
#define HEWN_PARM6   a5
#define HEWN_PARM7   a6
#define HEWN_PARM8   a7
// a0 is the result's too: the kernel keeps the argument as orig_a0, after status, badaddr and
// cause.
#define HEWN_SYS1_AT (sizeof(struct pt_regs) + 3 * sizeof(hewn_ulong))
#define HEWN_SYS1    a0
#define HEWN_SYS2    a1
#define HEWN_SYS3    a2
#define HEWN_SYS4    a3
#define HEWN_SYS5    a4
#define HEWN_SYS6    a5
#define HEWN_RC	     a0
#define HEWN_SP	     sp
#define HEWN_IP	     pc
#define HEWN_FP	     s0
#define HEWN_RET     ra
#define HEWN_WRAPS   1 // since 6.6

#elif defined(__TARGET_ARCH_s390)

struct pt_regs {
	hewn_ulong args[1], psw_mask, psw_addr, gprs[16];
};
#define HEWN_PARM1   gprs[2]
#define HEWN_PARM2   gprs[3]
#define HEWN_PARM3   gprs[4]
#define HEWN_PARM4   gprs[5]
#define HEWN_PARM5   gprs[6]
// gprs[2] is the result's too: the kernel keeps the argument as orig_gpr2, the next word.
#define HEWN_SYS1_AT sizeof(struct pt_regs)
#define HEWN_SYS1    gprs[2]
#define HEWN_SYS2    gprs[3]
#define HEWN_SYS3    gprs[4]
#define HEWN_SYS4    gprs[5]
#define HEWN_SYS5    gprs[6]
#define HEWN_SYS6    gprs[7]
#define HEWN_RC	     gprs[2]
#define HEWN_SP	     gprs[15]
#define HEWN_IP	     psw_addr
#define HEWN_FP	     gprs[11]
#define HEWN_RET     gprs[14]
#define HEWN_WRAPS   1 // since 5.12

#elif defined(__TARGET_ARCH_mips)

// The kernel's layout; that of <asm/ptrace.h> is ptrace's, with other registers behind the 32.
struct pt_regs {
#if HEWN_WORD == 32
	hewn_ulong pad0[8];
#endif
	hewn_ulong regs[32], cp0_status, hi, lo, cp0_badvaddr, cp0_cause, cp0_epc;
};
#define HEWN_PARM1 regs[4]
#define HEWN_PARM2 regs[5]
#define HEWN_PARM3 regs[6]
#define HEWN_PARM4 regs[7]
#define HEWN_SYS1  regs[4]
#define HEWN_SYS2  regs[5]
#define HEWN_SYS3  regs[6]
#define HEWN_SYS4  regs[7]
#if HEWN_WORD == 64
#define HEWN_PARM5 regs[8]
#define HEWN_PARM6 regs[9]
#define HEWN_PARM7 regs[10]
#define HEWN_PARM8 regs[11]
#define HEWN_SYS5  regs[8]
#define HEWN_SYS6  regs[9]
#endif
#define HEWN_RC	   regs[2]
#define HEWN_SP	   regs[29]
#define HEWN_IP	   cp0_epc
#define HEWN_FP	   regs[30]
#define HEWN_RET   regs[31]
#define HEWN_WRAPS 0

#elif defined(__TARGET_ARCH_powerpc)

struct pt_regs {
	hewn_ulong gpr[32], nip, msr, orig_gpr3, ctr, link, xer, ccr;
	hewn_ulong softe; // mq where words have 32 bits
	hewn_ulong trap, dar, dsisr, result;
};
#define HEWN_PARM1 gpr[3]
#define HEWN_PARM2 gpr[4]
#define HEWN_PARM3 gpr[5]
#define HEWN_PARM4 gpr[6]
#define HEWN_PARM5 gpr[7]
#define HEWN_PARM6 gpr[8]
#define HEWN_PARM7 gpr[9]
#define HEWN_PARM8 gpr[10]
#define HEWN_SYS1  gpr[3]
#define HEWN_SYS2  gpr[4]
#define HEWN_SYS3  gpr[5]
#define HEWN_SYS4  gpr[6]
#define HEWN_SYS5  gpr[7]
#define HEWN_SYS6  gpr[8]
#define HEWN_RC	   gpr[3]
#define HEWN_SP	   gpr[1]
#define HEWN_IP	   nip
#define HEWN_FP	   gpr[31]
#define HEWN_RET   link
#define HEWN_WRAPS 1 // since 6.1, where COMPAT is off

#elif defined(__TARGET_ARCH_loongarch)

struct pt_regs {
	hewn_ulong regs[32], orig_a0, csr_era, csr_badv, reserved[10];
};
#define HEWN_PARM1 regs[4]
#define HEWN_PARM2 regs[5]
#define HEWN_PARM3 regs[6]
#define HEWN_PARM4 regs[7]
#define HEWN_PARM5 regs[8]
#define HEWN_PARM6 regs[9]
#define HEWN_PARM7 regs[10]
#define HEWN_PARM8 regs[11]
#define HEWN_SYS1  regs[4]
#define HEWN_SYS2  regs[5]
#define HEWN_SYS3  regs[6]
#define HEWN_SYS4  regs[7]
#define HEWN_SYS5  regs[8]
#define HEWN_SYS6  regs[9]
#define HEWN_RC	   regs[4]
#define HEWN_SP	   regs[3]
#define HEWN_IP	   csr_era
#define HEWN_FP	   regs[22]
#define HEWN_RET   regs[1]
#define HEWN_WRAPS 0

#endif // else struct pt_regs stays incomplete, and the first use of a register says so

/*
 * A kernel with CONFIG_ARCH_HAS_SYSCALL_WRAPPER gives a system call's function one argument: the
 * pt_regs of user space, in which the call's own arguments lie. Which kernels do is a matter of
 * architecture and version; the newest way is taken, and -DHEWN_SYSCALL_WRAPPER=0 or =1 takes the
 * other.
 */
#ifndef HEWN_SYSCALL_WRAPPER
#ifdef HEWN_WRAPS
#define HEWN_SYSCALL_WRAPPER HEWN_WRAPS
#else
#define HEWN_SYSCALL_WRAPPER 0
#endif
#endif

// A function's arguments at its entry, as unsigned long; and its result at its return, as long:
// -errno is negative.
#define PT_REGS_PARM1(regs) ((unsigned long)(regs)->HEWN_PARM1)
#define PT_REGS_PARM2(regs) ((unsigned long)(regs)->HEWN_PARM2)
#define PT_REGS_PARM3(regs) ((unsigned long)(regs)->HEWN_PARM3)
#define PT_REGS_PARM4(regs) ((unsigned long)(regs)->HEWN_PARM4)
#define PT_REGS_PARM5(regs) ((unsigned long)(regs)->HEWN_PARM5)
#define PT_REGS_PARM6(regs) ((unsigned long)(regs)->HEWN_PARM6)
#define PT_REGS_PARM7(regs) ((unsigned long)(regs)->HEWN_PARM7)
#define PT_REGS_PARM8(regs) ((unsigned long)(regs)->HEWN_PARM8)
#define PT_REGS_RC(regs)    ((long)(hewn_long)(regs)->HEWN_RC)
#define PT_REGS_SP(regs)    ((unsigned long)(regs)->HEWN_SP)
#define PT_REGS_IP(regs)    ((unsigned long)(regs)->HEWN_IP)
#define PT_REGS_FP(regs)    ((unsigned long)(regs)->HEWN_FP)
#define PT_REGS_RET(regs)   ((unsigned long)(regs)->HEWN_RET)

// The pt_regs with the arguments of the system call whose function is at its entry.
#if HEWN_SYSCALL_WRAPPER
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))
#else
#define PT_REGS_SYSCALL_REGS(ctx) (ctx)
#endif

/*
 * A system call's arguments. With a wrapper they are in memory that the verifier does not know, and
 * are read by a helper; without, they are those of a function.
 */
#if HEWN_SYSCALL_WRAPPER
#ifndef HEWN_SYS1_AT
#define HEWN_SYS1_AT offsetof(struct pt_regs, HEWN_SYS1)
#endif
static __always_inline unsigned long hewn_reg_at(const void *regs, unsigned long off)
{
	hewn_ulong value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), regs + off);
	return value;
}
#define PT_REGS_PARM1_SYSCALL(regs) hewn_reg_at(regs, HEWN_SYS1_AT)
#define PT_REGS_PARM2_SYSCALL(regs) hewn_reg_at(regs, offsetof(struct pt_regs, HEWN_SYS2))
#define PT_REGS_PARM3_SYSCALL(regs) hewn_reg_at(regs, offsetof(struct pt_regs, HEWN_SYS3))
#define PT_REGS_PARM4_SYSCALL(regs) hewn_reg_at(regs, offsetof(struct pt_regs, HEWN_SYS4))
#define PT_REGS_PARM5_SYSCALL(regs) hewn_reg_at(regs, offsetof(struct pt_regs, HEWN_SYS5))
#define PT_REGS_PARM6_SYSCALL(regs) hewn_reg_at(regs, offsetof(struct pt_regs, HEWN_SYS6))
#else
#define PT_REGS_PARM1_SYSCALL(regs) PT_REGS_PARM1(regs)
#define PT_REGS_PARM2_SYSCALL(regs) PT_REGS_PARM2(regs)
#define PT_REGS_PARM3_SYSCALL(regs) PT_REGS_PARM3(regs)
#define PT_REGS_PARM4_SYSCALL(regs) PT_REGS_PARM4(regs)
#define PT_REGS_PARM5_SYSCALL(regs) PT_REGS_PARM5(regs)
#define PT_REGS_PARM6_SYSCALL(regs) PT_REGS_PARM6(regs)
#endif

/*
 * A program whose arguments are those of the function that it is attached to, typed and named. The
 * program itself is a function of ctx, which fetches them and hands them on; ctx can still be used:
 *
 *	SEC("kprobe/vfs_unlink")
 *	int BPF_KPROBE(unlinked, void *idmap, struct inode *dir)
 *	{
 *		...
 *	}
 *
 * BPF_KRETPROBE takes at most one name, the result; of the type that the function has, for the
 * upper half of a register with an int means nothing. BPF_KSYSCALL is for SEC("ksyscall/..."), with
 * the arguments as the manual page of the call has them. BPF_PROG is for raw_tp, fentry and their
 * like, whose context is an array of words. BPF_UPROBE and BPF_URETPROBE are for functions of user
 * space.
 */
#define HEWN_CAT_(a, b)					    a##b
#define HEWN_CAT(a, b)					    HEWN_CAT_(a, b)
#define HEWN_NTH(_, _1, _2, _3, _4, _5, _6, _7, _8, n, ...) n
#define HEWN_COUNT(args...)				    HEWN_NTH(_, ##args, 8, 7, 6, 5, 4, 3, 2, 1, 0)

#define HEWN_PARMS0
#define HEWN_PARMS1 , (void *)PT_REGS_PARM1(ctx)
#define HEWN_PARMS2 HEWN_PARMS1, (void *)PT_REGS_PARM2(ctx)
#define HEWN_PARMS3 HEWN_PARMS2, (void *)PT_REGS_PARM3(ctx)
#define HEWN_PARMS4 HEWN_PARMS3, (void *)PT_REGS_PARM4(ctx)
#define HEWN_PARMS5 HEWN_PARMS4, (void *)PT_REGS_PARM5(ctx)
#define HEWN_PARMS6 HEWN_PARMS5, (void *)PT_REGS_PARM6(ctx)
#define HEWN_PARMS7 HEWN_PARMS6, (void *)PT_REGS_PARM7(ctx)
#define HEWN_PARMS8 HEWN_PARMS7, (void *)PT_REGS_PARM8(ctx)

#define HEWN_RESULT0
#define HEWN_RESULT1 , (void *)PT_REGS_RC(ctx)

#define HEWN_SYSARGS0
#define HEWN_SYSARGS1 , (void *)PT_REGS_PARM1_SYSCALL(regs)
#define HEWN_SYSARGS2 HEWN_SYSARGS1, (void *)PT_REGS_PARM2_SYSCALL(regs)
#define HEWN_SYSARGS3 HEWN_SYSARGS2, (void *)PT_REGS_PARM3_SYSCALL(regs)
#define HEWN_SYSARGS4 HEWN_SYSARGS3, (void *)PT_REGS_PARM4_SYSCALL(regs)
#define HEWN_SYSARGS5 HEWN_SYSARGS4, (void *)PT_REGS_PARM5_SYSCALL(regs)
#define HEWN_SYSARGS6 HEWN_SYSARGS5, (void *)PT_REGS_PARM6_SYSCALL(regs)

#define HEWN_WORDS0
#define HEWN_WORDS1 , (void *)ctx[0]
#define HEWN_WORDS2 HEWN_WORDS1, (void *)ctx[1]
#define HEWN_WORDS3 HEWN_WORDS2, (void *)ctx[2]
#define HEWN_WORDS4 HEWN_WORDS3, (void *)ctx[3]
#define HEWN_WORDS5 HEWN_WORDS4, (void *)ctx[4]
#define HEWN_WORDS6 HEWN_WORDS5, (void *)ctx[5]
#define HEWN_WORDS7 HEWN_WORDS6, (void *)ctx[6]
#define HEWN_WORDS8 HEWN_WORDS7, (void *)ctx[7]

// The words become whatever types the program declared, pointers and integers alike: hence the
// warning set aside.
#define HEWN_PROG(name, ctx_type, setup, words, args...)                                           \
	name(ctx_type *ctx);                                                                       \
	static __always_inline __typeof__(name(0)) hewn_##name(ctx_type *ctx, ##args);             \
	_Pragma("clang diagnostic push")                                                           \
		_Pragma("clang diagnostic ignored \"-Wint-conversion\"") __typeof__(name(0))       \
		name(ctx_type *ctx)                                                                \
	{                                                                                          \
		setup;                                                                             \
		return hewn_##name(ctx HEWN_CAT(words, HEWN_COUNT(args)));                         \
	}                                                                                          \
	_Pragma("clang diagnostic pop") static __always_inline __typeof__(name(0)) hewn_##name(    \
		ctx_type *ctx, ##args)

#define BPF_KPROBE(name, args...)    HEWN_PROG(name, struct pt_regs, , HEWN_PARMS, ##args)
#define BPF_KRETPROBE(name, args...) HEWN_PROG(name, struct pt_regs, , HEWN_RESULT, ##args)
#define BPF_UPROBE(name, args...)    BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)
#define BPF_PROG(name, args...)	     HEWN_PROG(name, unsigned long long, , HEWN_WORDS, ##args)
#define BPF_KSYSCALL(name, args...)                                                                \
	HEWN_PROG(name, struct pt_regs, struct pt_regs *regs = PT_REGS_SYSCALL_REGS(ctx),          \
		  HEWN_SYSARGS, ##args)

#endif
