# SPDX-License-Identifier: MIT
# Our sockets and the host's pipes, timers, eventfds and AF_UNIX sockets in one
# epoll set, in one poll() and one select(): see src/mixed.c.
. "${0%/*}/lib.sh"

level_triggered_mix() { "$TEST_APPS/mixed" lt; }
level_triggered_mix_32() { "$TEST_APPS/mixed32" lt; }
edge_triggered_mix() { "$TEST_APPS/mixed" et; }
edge_triggered_mix_32() { "$TEST_APPS/mixed32" et; }

both_sides level_triggered_mix
both_sides level_triggered_mix_32
both_sides edge_triggered_mix
both_sides edge_triggered_mix_32
done_testing
