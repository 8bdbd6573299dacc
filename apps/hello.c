/* SPDX-License-Identifier: MIT */
/* hello: say "hello" to the server on 127.0.0.1:5001 and print its reply. */
#include "apps/talk.h"

int main(void)
{
	return hello() < 0;
}
