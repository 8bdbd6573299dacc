#!/bin/bash
# SPDX-License-Identifier: MIT
# redis.sh CLIENTS REQUESTS: requests a second of GET against a redis-server.
set -eu
clients=$1 requests=$2
dir=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
redis-server --bind 127.0.0.1 --port $port --save '' --appendonly no \
	--dir "$dir" --logfile "$dir/log" --daemonize no &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server || true; rm -rf "$dir"' EXIT
until grep -q 'eady to accept' "$dir/log" 2>/dev/null; do
	kill -0 $server
	read -rt 0.02 <> <(:) || true
done
redis-benchmark -h 127.0.0.1 -p $port -c "$clients" -n "$requests" -t get --csv |
	awk -F'"' '/GET/ { print $4 }'
