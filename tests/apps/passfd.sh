# SPDX-License-Identifier: MIT
# Sockets passed by SCM_RIGHTS between programs of either width.
. "${0%/*}/lib.sh"

sockets_are_passed() { "$TEST_APPS/passfd" "$TEST_APPS/passfd"; }
sockets_are_passed_32() { "$TEST_APPS/passfd32" "$TEST_APPS/passfd32"; }
sockets_are_passed_64_to_32() { "$TEST_APPS/passfd" "$TEST_APPS/passfd32"; }
sockets_are_passed_32_to_64() { "$TEST_APPS/passfd32" "$TEST_APPS/passfd"; }

both_sides sockets_are_passed
both_sides sockets_are_passed_32
both_sides sockets_are_passed_64_to_32
both_sides sockets_are_passed_32_to_64
done_testing
