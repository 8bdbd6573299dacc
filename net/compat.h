/* SPDX-License-Identifier: MIT */
/*
 * The layouts of i386 programs, made into ours and back.
 */
#ifndef NET_COMPAT_H
#define NET_COMPAT_H

#include "net/net.h"
#include "uapi/if.h"

/*
 * A message header, of the layout that @flags & MSG_CMSG_COMPAT says, as the
 * x86_64 one. 0 or -EFAULT.
 */
int get_user_msghdr(struct user_msghdr *kmsg, const void __user *umsg,
		    unsigned int flags);

/*
 * Control messages to send, @len bytes of the i386 layout at @uctl, in ours:
 * a buffer from kmalloc in *ret_ctl, its length in *ret_len. 0, -EINVAL,
 * -EFAULT, -ENOBUFS (more than @max bytes, or no memory).
 */
int cmsghdr_from_user_compat_to_kern(const void __user *uctl, size_t len,
				     size_t max, void **ret_ctl,
				     size_t *ret_len);

/*
 * struct ifreq of the calling program, of either ABI. 0 or -EFAULT. @cmd says
 * which member of the union counts.
 */
int get_user_ifreq(struct ifreq *ifr, unsigned int cmd, const void __user *arg);
int put_user_ifreq(const struct ifreq *ifr, unsigned int cmd, void __user *arg);

#endif
