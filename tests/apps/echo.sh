# SPDX-License-Identifier: MIT
# Echo servers of every make in python, with 1,000 connections at once.
. "${0%/*}/lib.sh"
need python3
HERE=$(realpath "${0%/*}")
export HERE

# echo_by KIND COUNT [READY]: READY processes say that they are ready.
echo_by()
{
	ulimit -S -n 4096 || skip_scenario 'no 4,096 open files are allowed'
	start server python3 "$HERE/echo_server.py" "$1"
	wait_line server ready
	python3 "$HERE/echo_client.py" "$2"
	fails grep Traceback server.log
}

echo_by_asyncio() { echo_by asyncio 1000; }
echo_by_threads() { echo_by threads 1000; }
echo_by_poll() { echo_by poll 1000; }
echo_by_select() { echo_by select 300; }	# FD_SETSIZE
echo_by_inherited_listener() { echo_by workers 1000; }
echo_by_reuseport() { echo_by reuseport 1000; }
echo_by_handed_over_connections() { echo_by handover 1000; }
echo_by_forked_processes() { echo_by fork 200; }

for scenario in echo_by_asyncio echo_by_threads echo_by_poll echo_by_select \
		echo_by_inherited_listener echo_by_reuseport \
		echo_by_handed_over_connections echo_by_forked_processes; do
	both_sides $scenario
done
done_testing
