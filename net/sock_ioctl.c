/* SPDX-License-Identifier: MIT */
/*
 * Requests on sockets: those of the socket layer itself, those of the family,
 * and those about devices, which any socket takes.
 *
 *	sock_ioctl -> sock_do_ioctl -> ops->ioctl -> dev_ioctl
 */
#include "net/sockfs.h"

#include "net/compat.h"
#include "net/core/netdevice.h"
#include "net/core/sock.h"
#include "trace/trace.h"
#include <asm/fcntl.h>
#include <asm/ioctl.h>

#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif

static long ioctl_setown(struct file *f, const int __user *arg)
{
	int pid;

	if (get_user(pid, arg))
		return fail(-EFAULT, "bad pointer to the owner");
	if (pid == INT32_MIN)
		return fail(-EINVAL, "no such process group");
	if (pid < 0)
		return f_setown(f, F_OWNER_PGRP, -pid);
	return f_setown(f, F_OWNER_PID, pid);
}

static long ioctl_getown(struct file *f, int __user *arg)
{
	if (put_user(f_getown(f), arg))
		return fail(-EFAULT, "bad pointer to the owner");
	return 0;
}

static long ioctl_gettstamp(struct socket *sock, unsigned int cmd,
			    void __user *arg)
{
	bool old = cmd == SIOCGSTAMP_OLD || cmd == SIOCGSTAMPNS_OLD;
	bool timeval = cmd == SIOCGSTAMP_OLD || cmd == SIOCGSTAMP_NEW;

	if (!sock->ops->gettstamp)
		return -ENOIOCTLCMD;
	return sock->ops->gettstamp(sock, arg, timeval,
				    old && in_compat_syscall());
}

/* Devices: struct ifreq in, struct ifreq out when the request says so. */
static long sock_dev_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct ifreq ifr;
	bool copyout = false;
	int err = get_user_ifreq(&ifr, cmd, arg);

	if (err)
		return err;
	err = dev_ioctl(net, cmd, &ifr, &copyout);
	if (!err && copyout)
		err = put_user_ifreq(&ifr, cmd, arg);
	return err;
}

static long sock_do_ioctl(struct net *net, struct socket *sock,
			  unsigned int cmd, unsigned long arg)
{
	int err = sock->ops->ioctl ? sock->ops->ioctl(sock, cmd, arg)
				   : -ENOIOCTLCMD;

	/* The family does not know it: perhaps the devices do. */
	if (err != -ENOIOCTLCMD)
		return err;
	if (_IOC_TYPE(cmd) != SOCK_IOC_TYPE)
		return fail(-ENOTTY, "no such request on a socket");
	return sock_dev_ioctl(net, cmd, u64_to_user_ptr(arg));
}

long sock_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = f->private_data;
	void __user *argp = u64_to_user_ptr(arg);

	if (sock_unpark(sock))
		return -ENOMEM;
	if (cmd >= SIOCDEVPRIVATE && cmd <= SIOCDEVPRIVATE + 15)
		return sock_dev_ioctl(sock->net, cmd, argp);
	switch (cmd) {
	case FIOSETOWN:
	case SIOCSPGRP:
		return ioctl_setown(f, argp);
	case FIOGETOWN:
	case SIOCGPGRP:
		return ioctl_getown(f, argp);
	case SIOCGIFVLAN:
	case SIOCSIFVLAN:
		return fail(-ENOPKG, "no VLANs here");
	case SIOCGSKNS:
		/* DEVIATION: no namespace files; docs/LIMITS.md */
		return fail(-EOPNOTSUPP, "no namespace files here");
	case SIOCGSTAMP_OLD:
	case SIOCGSTAMPNS_OLD:
	case SIOCGSTAMP_NEW:
	case SIOCGSTAMPNS_NEW:
		return ioctl_gettstamp(sock, cmd, argp);
	case SIOCGIFCONF:
		return dev_ifconf(sock->net, argp);
	}
	return sock_do_ioctl(sock->net, sock, cmd, arg);
}
