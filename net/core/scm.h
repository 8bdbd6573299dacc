/* SPDX-License-Identifier: MIT */
/*
 * Control messages (ancillary data), in the layout of the calling program.
 */
#ifndef NET_CORE_SCM_H
#define NET_CORE_SCM_H

#include "net/net.h"

/*
 * Append one control message to the receiver's buffer. Sets MSG_CTRUNC when
 * it does not fit. 0 or -EFAULT.
 */
int put_cmsg(struct msghdr *m, int level, int type, int len, const void *data);

/* Iterate over control messages to send (native layout, kernel memory). */
static inline struct cmsghdr *cmsg_firsthdr(const struct msghdr *m)
{
	return m->msg_controllen >= sizeof(struct cmsghdr) ? m->msg_control :
							     NULL;
}
static inline struct cmsghdr *cmsg_nxthdr(const struct msghdr *m,
					  struct cmsghdr *c)
{
	char *base = m->msg_control;
	size_t at = (char *)c - base + CMSG_ALIGN(c->cmsg_len);

	if (at + sizeof(struct cmsghdr) > m->msg_controllen)
		return NULL;
	return (struct cmsghdr *)(base + at);
}
#define for_each_cmsghdr(c, m) \
	for (c = cmsg_firsthdr(m); c; c = cmsg_nxthdr(m, c))
static inline bool CMSG_OK(const struct msghdr *m, const struct cmsghdr *c)
{
	return c->cmsg_len >= sizeof(*c) &&
	       c->cmsg_len <= m->msg_controllen -
				      ((const char *)c -
				       (const char *)m->msg_control);
}
static inline void *CMSG_DATA(const struct cmsghdr *c)
{
	return (char *)c + sizeof(*c);
}

#endif
