/* SPDX-License-Identifier: MIT */
/*
 * A row of kernel/syscalls.tbl as the program sees it: what a call is named,
 * who handles it, what its arguments mean.
 *
 * tools/gen-syscalls turns the table into "syscalls_gen.h" (in the build
 * directory). What a file takes of it, it says before including it:
 *
 *	WANT_SYSCALL_PROTOTYPES   the handlers, for the files that define them
 *	WANT_SYSCALL_TABLES       the tables below: kernel/syscall_table.c only
 *	WANT_SYSCALL_NUMBERS      __NR64_x, __NR32_x, SYS_x of socketcall
 *	WANT_SYSCALL_FILTER       syscall_filter[]: what the seccomp gate traps
 */
#ifndef KERNEL_SYSCALLS_H
#define KERNEL_SYSCALLS_H

#include "kernel/sched.h"
#include "lib/types.h"

/*
 * What an argument is. X(KIND, C type of the handler's parameter, meaning).
 * Pointers are the program's. _IN is read by the kernel, _OUT written.
 */
#define SYSCALL_ARG_KINDS(X)                                                   \
	X(FD, int, "a descriptor")                                             \
	X(INT, int, "a number")                                                \
	X(UINT, unsigned int, "a number, unsigned")                            \
	X(ULONG, unsigned long, "a number as wide as a register")              \
	X(SIZE, size_t, "a size in bytes, mostly of the argument before")      \
	X(OFF, s64, "a position in a file")                                    \
	X(PATH_IN, const char __user *, "the name of a file")                    \
	X(DIRFD, int, "a directory's descriptor, or AT_FDCWD")                  \
	X(OPENFLAGS, int, "O_x")                                               \
	X(MODE, int, "rights of a new file")                                   \
	X(WHENCE, unsigned int, "SEEK_x")                                      \
	X(CLOSEFLAGS, unsigned int, "CLOSE_RANGE_x")                           \
	X(DUPFLAGS, int, "O_CLOEXEC")                                          \
	X(PTR, void __user *, "an address, of whatever")                       \
	X(FAMILY, int, "AF_x")                                                 \
	X(SOCKTYPE, int, "SOCK_x with SOCK_NONBLOCK, SOCK_CLOEXEC")            \
	X(PROTOCOL, int, "IPPROTO_x, or what the family says")                 \
	X(SOCKFLAGS, int, "SOCK_NONBLOCK, SOCK_CLOEXEC")                       \
	X(MSGFLAGS, unsigned int, "MSG_x")                                     \
	X(HOW, int, "SHUT_x")                                                  \
	X(LEVEL, int, "SOL_x")                                                 \
	X(OPTNAME, int, "an option of the level before")                       \
	X(OPTVAL_IN, char __user *, "option value; its length is next")        \
	X(OPTVAL_OUT, char __user *, "room for one; LEN_INOUT is next")        \
	X(OPTLEN, int, "length of OPTVAL_IN")                                  \
	X(LEN_INOUT, int __user *, "room there is, then length there was")     \
	X(ADDR_IN, struct sockaddr __user *, "an address; ADDRLEN is next")    \
	X(ADDR_OUT, struct sockaddr __user *, "room for one; LEN_INOUT next")  \
	X(ADDRLEN, int, "length of ADDR_IN")                                   \
	X(BUF_IN, void __user *, "bytes to send; SIZE is next")                \
	X(BUF_OUT, void __user *, "room for bytes; SIZE is next")              \
	X(FDPAIR_OUT, int __user *, "room for two descriptors")                \
	X(MSGHDR_IN, struct user_msghdr __user *, "a message to send")         \
	X(MSGHDR_OUT, struct user_msghdr __user *, "room for a message")       \
	X(MMSGHDR_IN, struct mmsghdr __user *, "messages; their number next")  \
	X(MMSGHDR_OUT, struct mmsghdr __user *, "room for messages")           \
	X(MSGHDR32_IN, struct compat_msghdr __user *, "as MSGHDR_IN")          \
	X(MSGHDR32_OUT, struct compat_msghdr __user *, "as MSGHDR_OUT")        \
	X(MMSGHDR32_IN, struct compat_mmsghdr __user *, "as MMSGHDR_IN")       \
	X(MMSGHDR32_OUT, struct compat_mmsghdr __user *, "as MMSGHDR_OUT")     \
	X(IOVEC_IN, struct user_iovec __user *, "vectors; their number next")  \
	X(IOVEC_OUT, struct user_iovec __user *, "vectors to fill")            \
	X(IOVEC32_IN, struct compat_iovec __user *, "as IOVEC_IN")             \
	X(IOVEC32_OUT, struct compat_iovec __user *, "as IOVEC_OUT")           \
	X(TIMESPEC_INOUT, struct timespec64 __user *, "a timeout")             \
	X(TIMESPEC32_INOUT, struct old_timespec32 __user *, "a timeout")       \
	X(TIMEVAL_INOUT, void __user *, "a timeout, as its ABI has it")        \
	X(POLLFDS_INOUT, void __user *, "struct pollfd; their number next")    \
	X(FDSET_INOUT, void __user *, "a set; argument 0 says how large")      \
	X(SIGSET_IN, void __user *, "a signal mask; its size next")            \
	X(SIGSET_PAIR_IN, void __user *, "the address and size of one")        \
	X(SELECT_ARGS_IN, void __user *, "arguments of select, 32 bits each")  \
	X(EPOLLFLAGS, int, "EPOLL_CLOEXEC")                                    \
	X(EPOLLOP, int, "EPOLL_CTL_x")                                         \
	X(EPOLL_EVENT_IN, void __user *, "struct epoll_event")                 \
	X(OFF_INOUT, s64 __user *, "position to start at, then the next")      \
	X(OFF32_INOUT, s32 __user *, "as OFF_INOUT, 32 bits")                  \
	X(RWFLAGS, int, "RWF_x")                                               \
	X(SPLICEFLAGS, unsigned int, "SPLICE_F_x")                             \
	X(IOCTL, unsigned int, "a request")                                    \
	X(IOCTL_ARG, unsigned long, "its argument, mostly an address")         \
	X(FCNTL, unsigned int, "F_x")                                          \
	X(FCNTL_ARG, unsigned long, "its argument")                            \
	X(SOCKETCALL, int, "a call of socketcall")                             \
	X(SCARGS_IN, u32 __user *, "its arguments, words of 32 bits")

enum syscall_arg_kind {
	ARG_NONE,
#define X(kind, type, text) ARG_##kind,
	SYSCALL_ARG_KINDS(X)
#undef X
	NR_ARG_KINDS
};

enum syscall_trap { TRAP_ALWAYS, TRAP_FD, TRAP_GATE, TRAP_OWN };
enum syscall_fidelity { FIDELITY_FULL, FIDELITY_PART };

#define SYSCALL_MAX_ARGS 6

struct syscall {
	const char *name;
	/* Takes the argument registers; NULL: the gate's own. */
	long (*handler)(const u64 *args);
	s16 nr[NR_ABIS]; /* by enum abi; -1: none */
	u8 socketcall; /* its number there, 0: none */
	u8 nargs;
	u8 trap; /* enum syscall_trap */
	u8 fidelity; /* enum syscall_fidelity */
	struct {
		const char *name;
		u8 kind; /* enum syscall_arg_kind */
	} args[SYSCALL_MAX_ARGS];
};

/* NULL in a table: no such call (badsys). */
extern const struct syscall *const sys_call_table[];
extern const struct syscall *const ia32_sys_call_table[];
extern const unsigned int nr_syscalls, ia32_nr_syscalls;

#define NR_SOCKETCALLS 21
/* By number for socketcall; [0] is NULL. */
extern const struct syscall *const socketcall_table[NR_SOCKETCALLS];
/* Every row once, in the order of the table. */
extern const struct syscall *const syscall_rows[];
extern const unsigned int nr_syscall_rows;

/* A row of syscall_filter[], for gates that build a filter. */
struct syscall_nr {
	s16 nr; /* of its ABI */
	u8 abi; /* enum abi */
	u8 trap; /* enum syscall_trap */
	u8 fd_args; /* bit n: argument n is a descriptor */
};

/*
 * system_call - serve the call in t->regs, with @t current. The result is in
 * t->regs.ret (as the kernel has it: -ERESTARTSYS is the gate's to turn into
 * a restart or -EINTR); what t->settle wants to know is still open.
 */
void system_call(struct task *t);

/* The row for a number, or NULL: no such call. */
const struct syscall *syscall_row(enum abi abi, u64 nr);

#endif
