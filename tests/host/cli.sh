#!/bin/bash
# SPDX-License-Identifier: MIT
# trapgate run as a command: exit status, messages, signals, what it leaves.
# TAP; TRAPGATE is the program.
set -u
TRAPGATE=${TRAPGATE:-$(realpath "${0%/*}/../../build/trapgate")}
dir=$(mktemp -d "${TMPDIR:-/tmp}/trapgate-cli.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
number=0
failed=0

# claim NAME CMD...: the command, a function of ours, must succeed.
claim()
{
	number=$((number + 1))
	if ("$@") >log 2>&1; then
		echo "ok $number - $1"
	else
		sed 's/^/# /' log
		echo "not ok $number - $1"
		failed=1
	fi
}

# status_is N CMD...; its output is in `out`, errors in `err`.
status_is()
{
	local want=$1 got
	shift
	"$@" >out 2>err
	got=$?
	[ $got -eq "$want" ] && return
	echo "status $got, want $want: $*"
	cat out err
	return 1
}

one_line_of_error()
{
	[ "$(wc -l <err)" -eq 1 ] && grep -q '^trapgate[a-z ]*: ' err && return
	echo "not one line:"
	cat err
	return 1
}

exit_status_is_passed_on()
{
	status_is 0 "$TRAPGATE" run true &&
		status_is 1 "$TRAPGATE" run false &&
		status_is 42 "$TRAPGATE" run -- sh -c 'exit 42'
}

dies_of_the_programs_signal()
{
	status_is 143 "$TRAPGATE" run -- sh -c 'kill -TERM $$' &&
		status_is 137 "$TRAPGATE" run -- sh -c 'kill -KILL $$'
}

# What the supervisor of a program is: $PPID of a shell.
supervisor_is()
{
	local want=$1
	shift
	[ "$("$@" -- sh -c 'readlink /proc/$PPID/exe')" = "$want" ]
}

the_fast_one_runs_unless_told()
{
	local fast=$TRAPGATE-run
	[ -x "$fast" ] || fast=$TRAPGATE # a sanitizer build
	supervisor_is "$fast" "$TRAPGATE" run &&
		supervisor_is "$TRAPGATE" "$TRAPGATE" run --traceable &&
		supervisor_is "$TRAPGATE" strace -o strace.out "$TRAPGATE" run
}

the_fast_one_may_be_missing()
{
	cp "$TRAPGATE" alone &&
		supervisor_is "$PWD/alone" ./alone run
}

missing_program_is_127()
{
	status_is 127 "$TRAPGATE" run ./missing && one_line_of_error &&
		status_is 127 "$TRAPGATE" run no-such-program-anywhere
}

unreadable_program_is_126()
{
	printf '#!/bin/sh\n' >script
	status_is 126 "$TRAPGATE" run ./script && one_line_of_error &&
		status_is 126 "$TRAPGATE" run "$dir"
}

usage_errors_are_2()
{
	local command
	for command in run trace; do
		status_is 2 "$TRAPGATE" $command --no-such-option true &&
			one_line_of_error &&
			status_is 2 "$TRAPGATE" $command && one_line_of_error &&
			status_is 2 "$TRAPGATE" $command --deny &&
			one_line_of_error || return 1
	done
	status_is 2 "$TRAPGATE" trace --color=red true && one_line_of_error &&
		status_is 2 "$TRAPGATE" &&
		status_is 2 "$TRAPGATE" no-such-command && one_line_of_error &&
		status_is 0 "$TRAPGATE" run --help &&
		status_is 0 "$TRAPGATE" help &&
		status_is 0 "$TRAPGATE" version
}

bad_rule_is_told()
{
	local rule
	for rule in nonsense cap:nope socket:type=banana socket:port=1; do
		status_is 2 "$TRAPGATE" run --deny $rule true &&
			one_line_of_error &&
			grep -q -- "--deny $rule: " err || return 1
	done
}

rule_denies()
{
	"$TRAPGATE" run --deny socket:family=inet,type=stream \
		bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>err
	grep -q 'Permission denied' err
}

options_of_the_program_are_its_own()
{
	status_is 0 "$TRAPGATE" run echo --lowest-fd -x
	grep -qx -- '--lowest-fd -x' out
}

standard_streams_are_the_programs()
{
	echo hello | "$TRAPGATE" run cat >out 2>err
	grep -qx hello out && [ ! -s err ]
}

closed_standard_streams_stay_closed()
{
	"$TRAPGATE" run -- sh -c '[ ! -e /proc/self/fd/0 ]' <&- 2>err
}

no_descriptor_of_ours_is_inherited()
{
	"$TRAPGATE" run -- sh -c 'ls /proc/$$/fd' </dev/null >out
	[ "$(tr '\n' ' ' <out)" = "0 1 2 " ] ||
		grep -qx '10' out # of dash itself
}

descriptor_limit_is_the_callers()
{
	(ulimit -Sn 700 && "$TRAPGATE" run -- sh -c 'ulimit -Sn') >out
	grep -qx 700 out
}

machine_ends_with_its_first_program()
{
	"$TRAPGATE" run -- sh -c \
		'setsid sh -c "echo \$\$ >pid; exec sleep 1000" & while [ ! -s pid ]; do :; done'
	! kill -0 "$(cat pid)" 2>/dev/null
}

orphans_end_as_well()
{
	"$TRAPGATE" run -- sh -c \
		'(setsid sh -c "sleep 1000 & echo \$! >pid2" &) ; while [ ! -s pid2 ]; do :; done'
	! kill -0 "$(cat pid2)" 2>/dev/null
}

term_is_passed_on()
{
	"$TRAPGATE" run -- sh -c 'trap "exit 9" TERM; echo >ready; while :; do sleep 0.01; done' &
	while [ ! -e ready ]; do :; done
	kill -TERM $!
	wait $!
	[ $? -eq 9 ]
}

programs_die_with_a_killed_supervisor()
{
	"$TRAPGATE" run -- sh -c 'echo $$ >pid3; exec sleep 1000' &
	while [ ! -s pid3 ]; do :; done
	kill -KILL $!
	wait $! 2>/dev/null
	for _ in $(seq 500); do
		kill -0 "$(cat pid3)" 2>/dev/null || return 0
		sleep 0.01
	done
	return 1
}

not_inside_itself()
{
	status_is 125 "$TRAPGATE" run "$TRAPGATE" run true
	grep -q 'does not run inside' err
}

settings_can_be_written()
{
	"$TRAPGATE" run -- sh -c 'echo 99 >/proc/sys/net/core/somaxconn &&
		cat /proc/sys/net/core/somaxconn' >out
	grep -qx 99 out && [ "$(cat /proc/sys/net/core/somaxconn)" != 99 ]
}

io_uring_is_not_there()
{
	python3 - "$TRAPGATE" <<'P'
import subprocess, sys
code = ("import ctypes; l = ctypes.CDLL(None, use_errno=True);"
        "b = ctypes.create_string_buffer(200);"
        "r = l.syscall(425, 4, b); print(r, ctypes.get_errno())")
out = subprocess.run([sys.argv[1], "run", "--", sys.executable, "-c", code],
                     capture_output=True, text=True).stdout
sys.exit(out != "-1 38\n")
P
}

echo "TAP version 13"
for c in exit_status_is_passed_on dies_of_the_programs_signal \
	the_fast_one_runs_unless_told the_fast_one_may_be_missing \
	missing_program_is_127 unreadable_program_is_126 usage_errors_are_2 \
	bad_rule_is_told rule_denies options_of_the_program_are_its_own \
	standard_streams_are_the_programs closed_standard_streams_stay_closed \
	no_descriptor_of_ours_is_inherited descriptor_limit_is_the_callers \
	machine_ends_with_its_first_program orphans_end_as_well \
	term_is_passed_on programs_die_with_a_killed_supervisor \
	not_inside_itself settings_can_be_written io_uring_is_not_there; do
	claim $c
done
echo "1..$number"
exit $failed
