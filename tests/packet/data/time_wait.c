/* SPDX-License-Identifier: MIT */
/* Text in TIME-WAIT: RFC 9293 3.10.7.4 first and seventh. */
#include "tests/packet/states.h"

SCRIPT(new_or_old_is_answered_with_an_ack)
{
	struct conn c = in_time_wait();

	put(ACK | PSH, 2, 2, 65535, 10, none);
	want(ACK, 2, 2, 0);
	sim_sleep(600 * SIM_MS);
	put(ACK | PSH, 1, 2, 65535, 1, none);
	want(ACK, 2, 2, 0);
	EXPECT(time_waits(), 1);
	leave(c, 2);
}
