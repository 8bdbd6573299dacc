# SPDX-License-Identifier: MIT
# hello and replyhi, in both widths and mixed; replyhi and hello from the menu.
. "${0%/*}/lib.sh"

talk()
{
	start server "$APPS/replyhi$1" -n 2
	wait_line server listening
	says 'hello: received "hi"' "$APPS/hello$2"
	says 'hello: received "hi"' "$APPS/hello$2"
	finish server
	[ "$(grep -c '^replyhi: received "hello"$' server.log)" = 2 ]
}

hello_is_answered() { talk '' ''; }
hello_is_answered_32() { talk 32 32; }
hello_is_answered_64_to_32() { talk 32 ''; }
hello_is_answered_32_to_64() { talk '' 32; }

hello_without_server_is_refused()
{
	fails "$APPS/hello" 2>err
	grep -qx 'hello: connect: Connection refused' err
	fails "$APPS/hello32" 2>err
	grep -qx 'hello: connect: Connection refused' err
}

menu()
{
	"$APPS/menu$1" >out 2>err <<-'END'
	version
	hello
	replyhi
	hello
	hello
	netinfo
	nonsense
	END
	cat out err
	[ "$(grep -c 'hello: received "hi"' out)" = 2 ]
	grep -q 'hello: connect: Connection refused' err
	[ "$(grep -c 'lo  *127.0.0.1 .*00:00:00:00:00:00' out)" = 2 ]
	grep -q 'nonsense: no such command' out
}

menu_runs_its_commands() { menu ''; }
menu_runs_its_commands_32() { menu 32; }

for scenario in hello_is_answered hello_is_answered_32 \
		hello_is_answered_64_to_32 hello_is_answered_32_to_64 \
		hello_without_server_is_refused \
		menu_runs_its_commands menu_runs_its_commands_32; do
	both_sides $scenario
done
done_testing
