// SPDX-License-Identifier: MIT
/* Names and texts of the drop reasons. */
#include "net/core/dropreason.h"

#include "lib/types.h"

static const char *const names[] = { [SKB_CONSUMED] = "CONSUMED",
#define X(name, text) [SKB_DROP_REASON_##name] = #name,
				     SKB_DROP_REASONS(X)
#undef X
};

static const char *const texts[] = { [SKB_CONSUMED] = "used up",
#define X(name, text) [SKB_DROP_REASON_##name] = text,
				     SKB_DROP_REASONS(X)
#undef X
};

static_assert(ARRAY_SIZE(names) == SKB_DROP_REASON_MAX, "every reason");

const char *drop_reason_name(unsigned int reason)
{
	return reason < ARRAY_SIZE(names) ? names[reason] : "?";
}

const char *drop_reason_text(unsigned int reason)
{
	return reason < ARRAY_SIZE(texts) ? texts[reason] : "?";
}
