/* SPDX-License-Identifier: MIT */
/*
 * i386 on top of the native calls: message headers, control messages,
 * interface requests, times. Pointers and longs have 32 bits there, control
 * messages are aligned to 4 bytes and begin with 12 bytes of header.
 */
#include "net/compat.h"

#include "kernel/slab.h"
#include "lib/string.h"
#include "trace/trace.h"

int get_user_msghdr(struct user_msghdr *kmsg, const void __user *umsg,
		    unsigned int flags)
{
	struct compat_msghdr c;

	if (!(flags & MSG_CMSG_COMPAT)) {
		if (copy_from_user(kmsg, umsg, sizeof(*kmsg)))
			return fail(-EFAULT, "bad pointer to the message");
		return 0;
	}
	if (copy_from_user(&c, umsg, sizeof(c)))
		return fail(-EFAULT, "bad pointer to the message");
	*kmsg = (struct user_msghdr){
		.msg_name = c.msg_name,
		.msg_namelen = c.msg_namelen,
		.msg_iov = c.msg_iov,
		.msg_iovlen = c.msg_iovlen,
		.msg_control = c.msg_control,
		.msg_controllen = c.msg_controllen,
		.msg_flags = c.msg_flags,
	};
	return 0;
}

/* Is @c, at @at of @len bytes, whole? */
static bool compat_cmsg_ok(const struct compat_cmsghdr *c, size_t at,
			   size_t len)
{
	return c->cmsg_len >= sizeof(*c) && c->cmsg_len <= len - at;
}

/*
 * Walk over the i386 messages in @from. With @to they are written there in our
 * layout. The bytes that takes, or -EINVAL. The copy in kernel memory cannot
 * change between the two walks.
 */
static long convert_cmsgs(const char *from, size_t len, char *to)
{
	size_t at = 0, out = 0;

	while (at + sizeof(struct compat_cmsghdr) <= len) {
		struct compat_cmsghdr c;
		size_t data;

		memcpy(&c, from + at, sizeof(c));
		if (!compat_cmsg_ok(&c, at, len))
			return fail(-EINVAL, "malformed control message");
		data = c.cmsg_len - sizeof(c);
		if (to) {
			struct cmsghdr n = {
				.cmsg_len = CMSG_LEN(data),
				.cmsg_level = c.cmsg_level,
				.cmsg_type = c.cmsg_type,
			};

			memcpy(to + out, &n, sizeof(n));
			memcpy(to + out + sizeof(n), from + at + sizeof(c),
			       data);
		}
		out += CMSG_SPACE(data);
		at += CMSG_COMPAT_ALIGN(c.cmsg_len);
	}
	return (long)out;
}

int cmsghdr_from_user_compat_to_kern(const void __user *uctl, size_t len,
				     size_t max, void **ret_ctl,
				     size_t *ret_len)
{
	char *from, *to;
	long need;
	int err = 0;

	if (len > max)
		return fail(-ENOBUFS, "control data exceeds optmem_max");
	from = kmalloc(len);
	if (!from)
		return fail(-ENOBUFS, "no memory for control data");
	if (copy_from_user(from, uctl, len)) {
		err = fail(-EFAULT, "bad pointer to control data");
		goto out_free;
	}
	need = convert_cmsgs(from, len, NULL);
	if (need <= 0) {
		err = need ? (int)need
			   : fail(-EINVAL, "control data without a message");
		goto out_free;
	}
	if ((size_t)need > max) {
		err = fail(-ENOBUFS, "control data exceeds optmem_max");
		goto out_free;
	}
	to = kzalloc((size_t)need);
	if (!to) {
		err = fail(-ENOBUFS, "no memory for control data");
		goto out_free;
	}
	(void)convert_cmsgs(from, len, to);
	*ret_ctl = to;
	*ret_len = (size_t)need;
out_free:
	kfree(from);
	return err;
}

/* Interface requests */

struct compat_ifmap {
	u32 mem_start, mem_end;
	u16 base_addr;
	u8 irq, dma, port;
};

struct compat_ifreq {
	char ifr_name[IFNAMSIZ];
	union {
		u8 bytes[16];
		struct compat_ifmap map;
		u32 data;
	};
};
static_assert(sizeof(struct compat_ifreq) == COMPAT_IFREQ_SIZE,
	      "i386 struct ifreq");

static bool ifreq_has_pointer(unsigned int cmd)
{
	return cmd == SIOCETHTOOL ||
	       (cmd >= SIOCDEVPRIVATE && cmd <= SIOCDEVPRIVATE + 15);
}

int get_user_ifreq(struct ifreq *ifr, unsigned int cmd, const void __user *arg)
{
	struct compat_ifreq c;

	memset(ifr, 0, sizeof(*ifr));
	if (!in_compat_syscall()) {
		if (copy_from_user(ifr, arg, sizeof(*ifr)))
			goto efault;
		return 0;
	}
	if (copy_from_user(&c, arg, sizeof(c)))
		goto efault;
	memcpy(ifr->ifr_name, c.ifr_name, IFNAMSIZ);
	if (cmd == SIOCSIFMAP || cmd == SIOCGIFMAP)
		ifr->ifr_map = (struct ifmap){
			.mem_start = c.map.mem_start,
			.mem_end = c.map.mem_end,
			.base_addr = c.map.base_addr,
			.irq = c.map.irq,
			.dma = c.map.dma,
			.port = c.map.port,
		};
	else if (ifreq_has_pointer(cmd))
		ifr->ifr_data = c.data;
	else
		memcpy(&ifr->ifr_addr, c.bytes, sizeof(c.bytes));
	return 0;
efault:
	return fail(-EFAULT, "bad pointer to the interface request");
}

int put_user_ifreq(const struct ifreq *ifr, unsigned int cmd, void __user *arg)
{
	struct compat_ifreq c;

	if (!in_compat_syscall()) {
		if (copy_to_user(arg, ifr, sizeof(*ifr)))
			goto efault;
		return 0;
	}
	memset(&c, 0, sizeof(c));
	memcpy(c.ifr_name, ifr->ifr_name, IFNAMSIZ);
	if (cmd == SIOCSIFMAP || cmd == SIOCGIFMAP)
		c.map = (struct compat_ifmap){
			.mem_start = (u32)ifr->ifr_map.mem_start,
			.mem_end = (u32)ifr->ifr_map.mem_end,
			.base_addr = ifr->ifr_map.base_addr,
			.irq = ifr->ifr_map.irq,
			.dma = ifr->ifr_map.dma,
			.port = ifr->ifr_map.port,
		};
	else if (ifreq_has_pointer(cmd))
		c.data = (u32)ifr->ifr_data;
	else
		memcpy(c.bytes, &ifr->ifr_addr, sizeof(c.bytes));
	if (!copy_to_user(arg, &c, sizeof(c)))
		return 0;
efault:
	return fail(-EFAULT, "bad pointer to the interface request");
}
