# SPDX-License-Identifier: MIT
# A static echo server and client, as i386 programs and with one end of each
# width: compat messages, control messages, batches, timeouts.
. "${0%/*}/lib.sh"

# talk SERVER_WIDTH CLIENT_WIDTH
talk()
{
	ulimit -S -n 2048 || skip_scenario 'no 2,048 open files are allowed'
	start server "$TEST_APPS/echod$1" 600
	wait_line server ready
	"$TEST_APPS/echoc$2" 300
	"$TEST_APPS/echoc$2" 300
	finish server
}

i386_talks_to_i386() { talk 32 32; }
i386_talks_to_x86_64() { talk '' 32; }
x86_64_talks_to_i386() { talk 32 ''; }
x86_64_talks_to_x86_64() { talk '' ''; }

both_sides i386_talks_to_i386
both_sides i386_talks_to_x86_64
both_sides x86_64_talks_to_i386
both_sides x86_64_talks_to_x86_64
done_testing
