/* SPDX-License-Identifier: MIT */
/*
 * The Internet checksum (RFC 1071, 1624). A __wsum is an unfolded sum; byte
 * order does not matter until it is folded into a __sum16.
 */
#ifndef LIB_CHECKSUM_H
#define LIB_CHECKSUM_H

#include "lib/types.h"

__wsum csum_partial(const void *buf, size_t len, __wsum sum);
__sum16 csum_fold(__wsum sum);
__sum16 ip_fast_csum(const void *iph, unsigned int ihl);
__wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, u32 len, u8 proto,
			  __wsum sum);
static inline __sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len,
					u8 proto, __wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}
__wsum csum_add(__wsum a, __wsum b);
/* Add the sum of a block that starts at byte @offset of the whole. */
__wsum csum_block_add(__wsum a, __wsum b, size_t offset);
static inline __sum16 ip_compute_csum(const void *buf, size_t len)
{
	return csum_fold(csum_partial(buf, len, 0));
}

#endif
