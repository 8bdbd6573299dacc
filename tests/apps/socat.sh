# SPDX-License-Identifier: MIT
# socat: TCP and UDP, programs with a socket as standard input and output,
# half-closed connections. What arrives is compared with what was sent.
. "${0%/*}/lib.sh"
need socat

# listener ADDRESS...: a server that is ready.
listener()
{
	start server socat -d -d "$@"
	wait_line server 'listening on|receiving on|data transfer loop'
}

random_file() { head -c "$1" /dev/urandom >sent; }

socat_sends_a_file()
{
	listener -u TCP-LISTEN:9000,bind=127.0.0.1 CREATE:got
	random_file 20M
	socat -u OPEN:sent TCP:127.0.0.1:9000
	finish server
	cmp sent got
}

# An echo of more than fits into all buffers, ended by the sender's FIN.
socat_echoes()
{
	listener TCP-LISTEN:9000,reuseaddr,fork PIPE
	random_file 5M
	socat -t 60 - TCP:127.0.0.1:9000 <sent >got
	cmp sent got
}

# EXEC gives the program a socket pair of the host ...
socat_runs_a_program()
{
	listener TCP-LISTEN:9000,reuseaddr,fork EXEC:'wc -c'
	random_file 3M
	says 3145728 socat -t 60 - TCP:127.0.0.1:9000 <sent
}

# ... and with nofork the connection itself, as descriptors 0 and 1.
socat_gives_a_program_the_connection()
{
	listener TCP-LISTEN:9000,reuseaddr,fork EXEC:'wc -c',nofork
	random_file 3M
	says 3145728 socat -t 60 - TCP:127.0.0.1:9000 <sent
	says 0 socat -t 60 - TCP:127.0.0.1:9000 </dev/null
}

socat_gives_cat_the_connection()
{
	listener TCP-LISTEN:9000,reuseaddr,fork EXEC:cat,nofork
	random_file 5M
	socat -t 60 - TCP:127.0.0.1:9000 <sent >got
	cmp sent got
}

socat_gives_a_shell_the_connection()
{
	listener TCP-LISTEN:9000,reuseaddr,fork \
		SYSTEM:'read -r line; echo "you said: $line"; echo bye >&2',nofork
	says 'you said: hello' socat -t 60 - TCP:127.0.0.1:9000 <<<hello
	wait_line server '^bye$'
}

# Both ends of the connection are low descriptors of filters.
socat_chains_filters()
{
	listener TCP-LISTEN:9000,reuseaddr EXEC:sort,nofork
	seq 100000 | tac >sent
	socat -t 60 TCP:127.0.0.1:9000 - <sent >got
	sort sent | cmp - got
}

socat_relays()
{
	listener TCP-LISTEN:9000,reuseaddr,fork EXEC:cat,nofork
	start relay socat -d -d TCP-LISTEN:9001,reuseaddr,fork \
		TCP:127.0.0.1:9000
	wait_line relay 'listening on'
	random_file 2M
	seq 10 | xargs -P 10 -I{} \
		sh -c 'socat -t 60 - TCP:127.0.0.1:9001 <sent >got{}'
	seq 10 | xargs -I{} cmp sent got{}
}

socat_echoes_datagrams()
{
	local size

	mkfifo answer
	listener UDP-RECVFROM:9000,bind=127.0.0.1,fork PIPE
	for size in 1 1000 8000; do
		random_file $size
		# No end of the data tells socat that this was the answer.
		start asker sh -c 'exec socat -b 65536 -t 60 - \
			UDP:127.0.0.1:9000 <sent >answer'
		head -c $size <answer >got
		cmp sent got
		stop asker || true
	done
}

socat_takes_datagrams()
{
	listener -u UDP-RECV:9000,bind=127.0.0.1 CREATE:got.log
	seq 200 >sent # as many as wait in a receive buffer
	while read -r line; do
		echo "$line"
	done <sent | socat -u - UDP-SENDTO:127.0.0.1:9000
	echo end | socat -u - UDP:127.0.0.1:9000
	wait_line got '^end$'
	echo end >>sent
	cmp sent got.log
}

socat_sees_the_peer_address()
{
	listener TCP-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork \
		SYSTEM:'echo "$SOCAT_PEERADDR $SOCAT_PEERPORT $SOCAT_SOCKADDR"'
	says '127.0.0.1 9999 127.0.0.1' \
		socat -t 60 - TCP:127.0.0.1:9000,sourceport=9999,reuseaddr </dev/null
}

socat_is_refused()
{
	fails socat - TCP:127.0.0.1:9000 </dev/null 2>err
	grep -q 'Connection refused' err
}

socat_waits_no_longer()
{
	listener TCP-LISTEN:9000,reuseaddr,fork EXEC:'sleep 60'
	says '' socat -u -T 0.5 \
		TCP:127.0.0.1:9000,keepalive,nodelay,linger=0 -
}

for scenario in socat_sends_a_file socat_echoes socat_runs_a_program \
		socat_gives_a_program_the_connection \
		socat_gives_cat_the_connection \
		socat_gives_a_shell_the_connection socat_chains_filters \
		socat_relays socat_echoes_datagrams socat_takes_datagrams \
		socat_sees_the_peer_address socat_is_refused \
		socat_waits_no_longer; do
	both_sides $scenario
done
done_testing
