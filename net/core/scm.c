/* SPDX-License-Identifier: MIT */
/*
 * Control messages to the program: appended to its buffer one by one, in its
 * own layout (MSG_CMSG_COMPAT in msg_flags: i386's).
 *
 * A protocol passes values in the native layout of x86_64; what differs on
 * i386 inside of a value (the old time stamps) is converted here.
 */
#include "net/core/scm.h"

#include "lib/string.h"
#include "trace/trace.h"

/* Largest value that is converted: SO_TIMESTAMPING, three time stamps. */
#define COMPAT_TIMES 3

/* Copy to the receiver's buffer, which may be the kernel's own. */
static int cmsg_copy(struct msghdr *m, size_t off, const void *from, size_t n)
{
	char *to = (char *)m->msg_control + off;

	if (!m->msg_control_is_user) {
		memcpy(to, from, n);
		return 0;
	}
	if (copy_to_user(to, from, n))
		return fail(-EFAULT, "bad pointer to control data");
	return 0;
}

/* Append @n bytes of header and as much of the data as there is room for. */
static int cmsg_append(struct msghdr *m, const void *hdr, size_t hdr_len,
		       const void *data, size_t data_len, size_t space)
{
	int err = cmsg_copy(m, 0, hdr, hdr_len);

	if (!err)
		err = cmsg_copy(m, hdr_len, data, data_len);
	if (err)
		return err;
	space = min(space, m->msg_controllen);
	m->msg_control = (char *)m->msg_control + space;
	m->msg_controllen -= space;
	return 0;
}

/*
 * Seconds and micro- or nanoseconds of 64 bits each become 32-bit ones. The
 * number of bytes in @to, or 0: nothing to convert.
 */
static size_t cmsg_compat_times(int level, int type, const void *data,
				size_t len, s32 *to)
{
	const s64 *from = data;
	size_t n = 1;

	if (level != SOL_SOCKET)
		return 0;
	if (type == SO_TIMESTAMPING_OLD)
		n = COMPAT_TIMES;
	else if (type != SO_TIMESTAMP_OLD && type != SO_TIMESTAMPNS_OLD)
		return 0;
	if (len < n * 2 * sizeof(s64))
		return 0;
	for (size_t i = 0; i < 2 * n; i++)
		to[i] = (s32)from[i];
	return n * 2 * sizeof(s32);
}

static int put_cmsg_compat(struct msghdr *m, int level, int type, size_t len,
			   const void *data)
{
	struct compat_cmsghdr c;
	s32 times[2 * COMPAT_TIMES];
	size_t n, part = cmsg_compat_times(level, type, data, len, times);

	if (part) {
		data = times;
		len = part;
	}
	if (!m->msg_control || m->msg_controllen < sizeof(c)) {
		m->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	n = CMSG_COMPAT_LEN(len);
	if (n > m->msg_controllen) {
		m->msg_flags |= MSG_CTRUNC;
		n = m->msg_controllen;
	}
	c.cmsg_len = (u32)n;
	c.cmsg_level = level;
	c.cmsg_type = type;
	return cmsg_append(m, &c, sizeof(c), data, n - sizeof(c),
			   CMSG_COMPAT_SPACE(len));
}

int put_cmsg(struct msghdr *m, int level, int type, int len, const void *data)
{
	struct cmsghdr c;
	size_t n;

	if (m->msg_flags & MSG_CMSG_COMPAT)
		return put_cmsg_compat(m, level, type, (size_t)len, data);
	if (!m->msg_control || m->msg_controllen < sizeof(c)) {
		m->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	n = CMSG_LEN((size_t)len);
	if (n > m->msg_controllen) {
		m->msg_flags |= MSG_CTRUNC;
		n = m->msg_controllen;
	}
	c.cmsg_len = n;
	c.cmsg_level = level;
	c.cmsg_type = type;
	return cmsg_append(m, &c, sizeof(c), data, n - sizeof(c),
			   CMSG_SPACE((size_t)len));
}
