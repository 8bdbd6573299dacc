/* SPDX-License-Identifier: MIT */
/*
 * The hooks: what each call asks the policy, and capable().
 *
 * Without a rule for a hook it costs two loads and a branch.
 */
#include "security/security.h"

#include "kernel/sched.h"
#include "lib/string.h"
#include "security/audit.h"
#include "security/policy.h"
#include "trace/trace.h"
#include <linux/in.h>

static int deny(void)
{
	audit_denied();
	return fail(-EACCES, "a rule of the policy denies it");
}

static void subject_sock(struct policy_subject *s, const struct socket *sock)
{
	int family, protocol;

	policy_set(s, KEY_TYPE, (u32)sock->type);
	if (!sock_identity(sock, &family, &protocol))
		return;
	policy_set(s, KEY_FAMILY, (u32)family);
	policy_set(s, KEY_PROTOCOL, (u32)protocol);
}

static void subject_addr(struct policy_subject *s, const void *addr, int len)
{
	struct sockaddr_in in;

	if (!addr || len < (int)sizeof(in))
		return;
	memcpy(&in, addr, sizeof(in));
	if (in.sin_family != AF_INET)
		return;
	policy_set(s, KEY_PORT, ntohs(in.sin_port));
	policy_set(s, KEY_ADDR, ntohl(in.sin_addr.s_addr));
}

static int ask_sock(enum policy_hook hook, const struct socket *sock)
{
	struct policy_subject s = { 0 };

	if (likely(!policy_asks(hook)))
		return 0;
	subject_sock(&s, sock);
	return policy_denies(hook, &s) ? deny() : 0;
}

static int ask_addr(enum policy_hook hook, const struct socket *sock,
		    const void *addr, int len)
{
	struct policy_subject s = { 0 };

	if (likely(!policy_asks(hook)))
		return 0;
	subject_sock(&s, sock);
	subject_addr(&s, addr, len);
	return policy_denies(hook, &s) ? deny() : 0;
}

static int ask_opt(enum policy_hook hook, const struct socket *sock, int level,
		   int name)
{
	struct policy_subject s = { 0 };

	if (likely(!policy_asks(hook)))
		return 0;
	subject_sock(&s, sock);
	policy_set(&s, KEY_LEVEL, (u32)level);
	policy_set(&s, KEY_NAME, (u32)name);
	return policy_denies(hook, &s) ? deny() : 0;
}

int security_socket_create(int family, int type, int protocol, int kern)
{
	struct policy_subject s = { 0 };

	if (likely(!policy_asks(HOOK_SOCKET)) || kern)
		return 0;
	policy_set(&s, KEY_FAMILY, (u32)family);
	policy_set(&s, KEY_TYPE, (u32)type);
	policy_set(&s, KEY_PROTOCOL, (u32)protocol);
	return policy_denies(HOOK_SOCKET, &s) ? deny() : 0;
}

/*
 * Protocol 0 leaves the choice to the family: ask again once it has chosen, so
 * that a rule on the protocol cannot be got around.
 */
int security_socket_post_create(struct socket *sock, int family, int type,
				int protocol, int kern)
{
	if (likely(!policy_asks(HOOK_SOCKET)) || kern)
		return 0;
	return ask_sock(HOOK_SOCKET, sock);
}

int security_socket_bind(struct socket *sock, struct sockaddr *a, int len)
{
	return ask_addr(HOOK_BIND, sock, a, len);
}

int security_socket_connect(struct socket *sock, struct sockaddr *a, int len)
{
	return ask_addr(HOOK_CONNECT, sock, a, len);
}

int security_socket_listen(struct socket *sock, int backlog)
{
	return ask_sock(HOOK_LISTEN, sock);
}

int security_socket_accept(struct socket *sock, struct socket *newsock)
{
	return ask_sock(HOOK_ACCEPT, sock);
}

int security_socket_sendmsg(struct socket *sock, struct msghdr *m, int size)
{
	return ask_addr(HOOK_SENDMSG, sock, m->msg_name, m->msg_namelen);
}

int security_socket_recvmsg(struct socket *sock, struct msghdr *m, int size,
			    int flags)
{
	return ask_sock(HOOK_RECVMSG, sock);
}

int security_socket_getsockname(struct socket *sock)
{
	return ask_sock(HOOK_GETSOCKNAME, sock);
}

int security_socket_getpeername(struct socket *sock)
{
	return ask_sock(HOOK_GETPEERNAME, sock);
}

int security_socket_setsockopt(struct socket *sock, int level, int name)
{
	return ask_opt(HOOK_SETSOCKOPT, sock, level, name);
}

int security_socket_getsockopt(struct socket *sock, int level, int name)
{
	return ask_opt(HOOK_GETSOCKOPT, sock, level, name);
}

int security_socket_shutdown(struct socket *sock, int how)
{
	return ask_sock(HOOK_SHUTDOWN, sock);
}

int security_capable(int cap)
{
	struct policy_subject s = { 0 };

	policy_set(&s, KEY_CAP, (u32)cap);
	if (!policy_denies(HOOK_CAP, &s))
		return 0;
	audit_denied();
	return fail(-EPERM, "a rule of the policy takes the capability");
}

/* The kernel itself, without a task, may do anything. */
bool capable(int cap)
{
	struct task *t = current;

	if (!t)
		return true;
	if (!(t->cred.caps & BIT(cap)))
		return false;
	return security_capable(cap) == 0;
}
