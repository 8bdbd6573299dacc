/* SPDX-License-Identifier: MIT */
/*
 * Security hooks of the socket layer, and the policy behind them.
 *
 * The policy is a list of rules ("socket:family=raw") given on the command
 * line; without one every hook says yes. A hook returns 0 or -EACCES (-EPERM
 * for capabilities).
 */
#ifndef SECURITY_SECURITY_H
#define SECURITY_SECURITY_H

#include "net/net.h"

int security_socket_create(int family, int type, int protocol, int kern);
int security_socket_post_create(struct socket *sock, int family, int type,
				int protocol, int kern);
int security_socket_bind(struct socket *sock, struct sockaddr *a, int len);
int security_socket_connect(struct socket *sock, struct sockaddr *a, int len);
int security_socket_listen(struct socket *sock, int backlog);
int security_socket_accept(struct socket *sock, struct socket *newsock);
int security_socket_sendmsg(struct socket *sock, struct msghdr *m, int size);
int security_socket_recvmsg(struct socket *sock, struct msghdr *m, int size,
			    int flags);
int security_socket_getsockname(struct socket *sock);
int security_socket_getpeername(struct socket *sock);
int security_socket_setsockopt(struct socket *sock, int level, int name);
int security_socket_getsockopt(struct socket *sock, int level, int name);
int security_socket_shutdown(struct socket *sock, int how);
int security_capable(int cap);

/*
 * Add a rule to the kernel's policy: "HOOK" or "HOOK:key=value[,key=value]",
 * for instance "socket:family=inet,type=raw", "connect:port=25", "bind",
 * "cap:net_raw". 0, or -EINVAL with *ret_why pointing to a constant sentence.
 */
int security_deny(const char *rule, const char **ret_why);
void security_exit(void);

#endif
