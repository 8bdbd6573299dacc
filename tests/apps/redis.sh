# SPDX-License-Identifier: MIT
# redis-server with its own tools; every reply is checked, by the tools or here.
. "${0%/*}/lib.sh"
need redis-server redis-benchmark redis-cli

start_redis()
{
	start redis redis-server --save '' --bind 127.0.0.1 --port 6379
	wait_line redis 'Ready to accept connections'
}

# The server's own count: at least so many commands, and no error reply.
commands_without_error()
{
	redis-cli info stats | tr -d '\r' >stats
	grep -E 'total_(commands|error)' stats
	grep -qx total_error_replies:0 stats
	[ "$(sed -n 's/^total_commands_processed://p' stats)" -ge "$1" ]
}

redis_bears_its_benchmark()
{
	start_redis
	redis-benchmark -c 50 -n 5000 -r 1000 -e -q -t ping,set,get,incr,lpush \
		>benchmark.out
	tr '\r' '\n' <benchmark.out | grep 'requests per second'
	fails grep -i error benchmark.out
	commands_without_error 30000
}

redis_bears_pipelines()
{
	start_redis
	redis-benchmark -c 50 -n 100000 -P 16 -d 100 -e -q -t set,get \
		>benchmark.out
	tr '\r' '\n' <benchmark.out | grep 'requests per second'
	fails grep -i error benchmark.out
	commands_without_error 200000
}

redis_keeps_what_is_piped()
{
	start_redis
	awk 'BEGIN { for (i = 1; i <= 20000; i++)
		printf "SET key%d value-%d-%x\r\n", i, i, i * 7919 }' >commands
	redis-cli --pipe <commands >out
	cat out
	grep -qx 'errors: 0, replies: 20000' out
	awk '{ sub("\r", ""); print $3 }' commands >expected
	awk '{ print $2 }' commands | xargs -n 1000 redis-cli mget >got
	cmp expected got
	says 20000 redis-cli dbsize
}

redis_keeps_a_big_value()
{
	start_redis
	head -c 30M /dev/urandom >big
	says OK redis-cli -x set big <big
	redis-cli --raw get big | head -c -1 >got
	cmp big got
}

redis_publishes()
{
	start_redis
	start listener redis-cli subscribe news
	wait_line listener subscribe
	says 1 redis-cli publish news 'something happened'
	wait_line listener 'something happened'
}

redis_is_replicated()
{
	start_redis
	redis-cli config set repl-diskless-sync-delay 0
	redis-cli debug populate 5000 key 1000
	mkdir replica
	start replica redis-server --save '' --bind 127.0.0.1 --port 6380 \
		--dir replica --replicaof 127.0.0.1 6379
	wait_line replica 'MASTER <-> REPLICA sync: Finished with success'
	redis-cli set one more
	says 1 redis-cli wait 1 5000
	redis-cli debug digest >digest
	redis-cli -p 6380 debug digest >got
	cmp digest got
}

redis_times_a_client_out()
{
	start_redis
	redis-cli config set timeout 1
	start idle redis-cli subscribe news	# subscribers are spared
	wait_line idle subscribe
	exec 3<>/dev/tcp/127.0.0.1/6379
	printf 'PING\r\n' >&3
	read -r answer <&3
	[ "$answer" = $'+PONG\r' ]
	says '' timeout "$PATIENCE" cat <&3
	says 1 redis-cli publish news x
}

both_sides redis_bears_its_benchmark
both_sides redis_bears_pipelines
both_sides redis_keeps_what_is_piped
both_sides redis_keeps_a_big_value
both_sides redis_publishes
both_sides redis_is_replicated
both_sides redis_times_a_client_out
done_testing
