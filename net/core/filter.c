// SPDX-License-Identifier: MIT
/*
 * Socket filters (SO_ATTACH_FILTER, SO_ATTACH_REUSEPORT_CBPF): attaching, and
 * asking them.
 */
#include "net/core/filter.h"

#include "kernel/slab.h"
#include "net/core/sock.h"
#include "net/core/sock_reuseport.h"
#include <linux/capability.h>

struct compat_sock_fprog {
	u16 len;
	u32 filter;
};
struct native_sock_fprog {
	u16 len;
	u64 filter;
};

void sk_filter_get(struct sk_filter *f)
{
	if (f)
		f->refs++;
}

void sk_filter_put(struct sk_filter *f)
{
	if (f && !--f->refs)
		kfree(f);
}

static int fprog_get(sockptr_t val, unsigned int len,
		     struct native_sock_fprog *ret)
{
	struct compat_sock_fprog p32;

	if (in_compat_syscall()) {
		if (len != sizeof(p32))
			return fail(-EINVAL, "not the size of sock_fprog");
		if (copy_from_sockptr(&p32, val, sizeof(p32)))
			return fail(-EFAULT, "bad pointer to sock_fprog");
		ret->len = p32.len;
		ret->filter = p32.filter;
		return 0;
	}
	if (len != sizeof(*ret))
		return fail(-EINVAL, "not the size of sock_fprog");
	if (copy_from_sockptr(ret, val, sizeof(*ret)))
		return fail(-EFAULT, "bad pointer to sock_fprog");
	return 0;
}

/* A checked copy of the program, or an error pointer. */
static struct sk_filter *sk_filter_make(const struct native_sock_fprog *p)
{
	size_t size = p->len * sizeof(struct sock_filter);
	struct sk_filter *f;
	int err;

	if (!p->filter || !p->len || p->len > BPF_MAXINSNS)
		return ERR_PTR(fail(-EINVAL, "no filter, or too long"));
	f = kmalloc(sizeof(*f) + size);
	if (!f)
		return ERR_PTR(fail(-ENOMEM, "no memory for the filter"));
	f->refs = 1;
	f->len = p->len;
	if (copy_from_user(f->insns, u64_to_user_ptr(p->filter), size)) {
		err = fail(-EFAULT, "bad pointer to the filter");
		goto out_free;
	}
	err = bpf_check_classic(f->insns, f->len);
	if (err)
		goto out_free;
	return f;

out_free:
	kfree(f);
	return ERR_PTR(err);
}

/* What the program asked for, checked, or an error pointer. */
static struct sk_filter *__get_filter(const struct sock *sk, sockptr_t val,
				      unsigned int len)
{
	struct native_sock_fprog p;
	int err = fprog_get(val, len, &p);

	if (err)
		return ERR_PTR(err);
	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return ERR_PTR(fail(-EPERM, "the filter is locked"));
	return sk_filter_make(&p);
}

int sk_attach_filter(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct sk_filter *f;

	/* LINUX: since 6.18 a filter on a TCP socket takes privilege. */
	if (sk->sk_protocol == 6 && sk->sk_type == SOCK_STREAM &&
	    !capable(CAP_NET_ADMIN))
		return fail(-EPERM, "a filter on TCP needs CAP_NET_ADMIN");
	f = __get_filter(sk, val, len);
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	sk_filter_put(sk->sk_filter);
	sk->sk_filter = f;
	return 0;
}

int sk_reuseport_attach_filter(struct sock *sk, sockptr_t val, unsigned int len)
{
	struct sk_filter *f = __get_filter(sk, val, len);
	int err;

	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	err = reuseport_attach_prog(sk, f);
	if (err)
		sk_filter_put(f);
	return err;
}

int sk_detach_filter(struct sock *sk)
{
	if (sock_flag(sk, SOCK_FILTER_LOCKED))
		return fail(-EPERM, "the filter is locked");
	if (!sk->sk_filter)
		return fail(-ENOENT, "no filter to detach");
	sk_filter_put(sk->sk_filter);
	sk->sk_filter = NULL;
	return 0;
}

/* @room and the result are in instructions. */
int sk_get_filter(struct sock *sk, char __user *val, int room)
{
	struct sk_filter *f = sk->sk_filter;

	if (!f)
		return 0;
	if (!room)
		return (int)f->len;
	if (room < (int)f->len)
		return fail(-EINVAL, "the filter is longer");
	if (copy_to_user(val, f->insns, f->len * sizeof(f->insns[0])))
		return fail(-EFAULT, "bad pointer to the filter");
	return (int)f->len;
}

int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned int cap)
{
	u32 keep;

	if (!sk->sk_filter)
		return 0;
	keep = bpf_prog_run(sk->sk_filter->insns, skb);
	if (!keep)
		return -EPERM; /* a packet is dropped */
	return pskb_trim(skb, max(keep, cap));
}

int sk_filter(struct sock *sk, struct sk_buff *skb)
{
	return sk_filter_trim_cap(sk, skb, 1);
}
