# SPDX-License-Identifier: MIT
# iperf3: bulk TCP in every shape, UDP. What it measured must add up.
. "${0%/*}/lib.sh"
need iperf3 python3
HERE=$(realpath "${0%/*}")
export HERE

# measure KIND BYTES OPTION...: so many bytes at least must be sent.
measure()
{
	local kind=$1 bytes=$2

	shift 2
	start server iperf3 -s -1 --forceflush -B 127.0.0.1
	wait_line server 'Server listening'
	iperf3 -c 127.0.0.1 -J "$@" >result.json || {
		cat result.json
		return 1
	}
	python3 "$HERE/iperf3.py" "$kind" "$bytes" <result.json
	finish server
}

iperf3_sends() { measure tcp 500000000 -n 500M; }
iperf3_receives() { measure tcp 500000000 -n 500M -R; }
iperf3_sends_4_streams() { measure tcp 400000000 -n 400M -P 4; }
iperf3_receives_4_streams() { measure tcp 400000000 -n 400M -P 4 -R; }
iperf3_sends_a_file() { measure tcp 400000000 -n 400M -Z; }
iperf3_goes_both_ways() { measure tcp 1000000 -t 1 --bidir; }
iperf3_writes_small() { measure tcp 3000000 -n 3M -l 100 -N; }
iperf3_keeps_a_small_window() { measure tcp 20000000 -n 20M -w 16K; }
iperf3_keeps_a_small_segment() { measure tcp 20000000 -n 20M -M 536; }
iperf3_runs_reno() { measure tcp 100000000 -n 100M -C reno; }
iperf3_obeys_a_rate() { measure tcp 5000000 -n 5M -b 50M; }
iperf3_sends_datagrams() { measure udp 5000000 -u -b 50M -n 5M; }
iperf3_receives_datagrams() { measure udp 5000000 -u -b 50M -n 5M -R; }
iperf3_sends_fragments() { measure udp 5000000 -u -b 50M -n 5M -l 65000; }
iperf3_sends_4_udp_streams() { measure udp 8000000 -u -b 20M -n 8M -P 4; }

for scenario in iperf3_sends iperf3_receives iperf3_sends_4_streams \
		iperf3_receives_4_streams iperf3_sends_a_file \
		iperf3_goes_both_ways iperf3_writes_small \
		iperf3_keeps_a_small_window iperf3_keeps_a_small_segment \
		iperf3_runs_reno iperf3_obeys_a_rate iperf3_sends_datagrams \
		iperf3_receives_datagrams iperf3_sends_fragments \
		iperf3_sends_4_udp_streams; do
	both_sides $scenario
done
done_testing
