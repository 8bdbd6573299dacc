# SPDX-License-Identifier: MIT
# memcached, TCP and UDP, with a client that checks every byte.
. "${0%/*}/lib.sh"
need memcached python3
HERE=$(realpath "${0%/*}")
export HERE

# talk_to_memcached CLAIM [OPTION...]
talk_to_memcached()
{
	local user=()

	[ "$(id -u)" != 0 ] || user=(-u root)
	start server memcached "${user[@]}" -l 127.0.0.1 -p 11211 -U 11211 \
		-t 4 -I 8m -m 256 "${@:2}"
	wait_port 11211
	python3 "$HERE/memcached.py" "$1"
}

memcached_keeps_values() { talk_to_memcached tcp_values; }
memcached_keeps_big_values() { talk_to_memcached tcp_big_values; }
# which lowers its limit of open files to about as many
memcached_takes_64_clients() { talk_to_memcached tcp_values -c 64; }
memcached_serves_many() { talk_to_memcached tcp_many_clients; }
memcached_sees_clients_go() { talk_to_memcached tcp_counts_its_clients; }
memcached_answers_datagrams() { talk_to_memcached udp_values; }
memcached_answers_in_many_datagrams() { talk_to_memcached udp_big_value; }

both_sides memcached_keeps_values
both_sides memcached_keeps_big_values
both_sides memcached_takes_64_clients
both_sides memcached_serves_many
both_sides memcached_sees_clients_go
both_sides memcached_answers_datagrams
both_sides memcached_answers_in_many_datagrams
done_testing
