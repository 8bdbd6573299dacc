#!/bin/bash
# SPDX-License-Identifier: MIT
# iperf.sh SECONDS: Mbit/s of one TCP stream with 128 KiB writes.
set -eu
seconds=$1
dir=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
iperf3 -s -1 -B 127.0.0.1 -p $port --forceflush > "$dir/log" &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server || true; rm -rf "$dir"' EXIT
until grep -q 'listening' "$dir/log"; do
	kill -0 $server
	read -rt 0.02 <> <(:) || true
done
# Into a file first: what starts beside it takes its core away.
iperf3 -c 127.0.0.1 -p $port -t "$seconds" -l 128K -J > "$dir/result"
python3 -c 'import json,sys; print(round(json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"]/1e6))' < "$dir/result"
