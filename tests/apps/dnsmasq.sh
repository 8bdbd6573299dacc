# SPDX-License-Identifier: MIT
# dnsmasq, asked by dig over UDP and TCP; a big file by TFTP.
. "${0%/*}/lib.sh"
need dnsmasq dig busybox

start_dnsmasq()
{
	start server dnsmasq --keep-in-foreground --conf-file=/dev/null \
		--pid-file= --user="$(id -un)" --group="$(id -gn)" \
		--no-resolv --no-hosts \
		--log-facility=- --interface=lo --bind-interfaces "$@"
	wait_line server 'started'
}

records()
{
	seq 200 | sed 's/.*/10.&.1.1 host&.test/'
}

ask()
{
	dig @127.0.0.1 -p 5353 +short +timeout=30 +tries=1 "$@"
}

dig_is_answered()
{
	local i

	records >hosts
	start_dnsmasq --port=5353 --addn-hosts="$PWD/hosts"
	for i in 1 100 200; do
		says "10.$i.1.1" ask "host$i.test"
		says "10.$i.1.1" ask +tcp "host$i.test"
	done
	says "host7.test." ask -x 10.7.1.1
	says '' ask host201.test
}

# Each from an address of its own: dig shares ports (SO_REUSEPORT), and two that
# were given the same one would get each other's answers, on Linux, too.
dig_asks_in_parallel()
{
	local part i=0

	records | awk '{ print $2, "A" }' >questions
	records | awk '{ print $1 }' >expected
	records >hosts
	start_dnsmasq --port=5353 --addn-hosts="$PWD/hosts"
	split -n l/10 questions question.
	for part in question.??; do
		i=$((i + 1))
		ask -b 127.0.0.$i -f "$part" >"answer.$part" &
	done
	wait $(jobs -p | grep -vx "$server_pid")
	cat answer.* | diff expected -
	# dnsmasq closes a connection after 100 questions.
	head -n 100 questions >some
	ask +tcp +keepopen -f some | diff <(head -n 100 expected) -
}

# A truncated answer by UDP, and again by TCP.
dig_goes_on_by_tcp()
{
	local i

	start_dnsmasq --port=5353 $(for i in $(seq 8); do
		printf -- '--txt-record=big.test,%s%0200d ' "$i" 0
	done)
	dig @127.0.0.1 -p 5353 +bufsize=512 +timeout=30 TXT big.test >out
	cat out
	grep 'Truncated, retrying in TCP mode' out
	[ "$(grep -c '^big.test.*TXT' out)" = 8 ]
}

tftp_gets_a_file()
{
	mkdir files
	head -c 2M /dev/urandom >files/big
	start_dnsmasq --port=0 --enable-tftp --tftp-root="$PWD/files" \
		--tftp-no-fail
	busybox tftp -g -l got -r big 127.0.0.1
	cmp files/big got
	busybox tftp -g -b 16384 -l got -r big 127.0.0.1
	cmp files/big got
}

both_sides dig_is_answered
both_sides dig_asks_in_parallel
both_sides dig_goes_on_by_tcp
both_sides tftp_gets_a_file
done_testing
