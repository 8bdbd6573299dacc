# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# For tests of real programs. A test is a script of scenarios; each scenario
# is a function that runs twice, on Linux and under trapgate, and holds when
# every command in it succeeds (bash -eu, pipefail):
#
#	. "${0%/*}/lib.sh"
#	need curl
#
#	curl_fetches_a_file()
#	{
#		echo content >file
#		start server python3 -u -m http.server --bind 127.0.0.1 8000
#		wait_line server 'Serving HTTP'
#		curl -sS http://127.0.0.1:8000/file >got
#		cmp file got
#	}
#	both_sides curl_fetches_a_file
#
#	done_testing
#
# A scenario starts in an empty directory, alone on its machine: under trapgate
# by nature, on Linux in a network namespace where that is allowed. It sees
# exported variables and the functions of the script, no other variables.
# TEST_SIDE is linux or trapgate. By hand, one side or some scenarios only:
#
#	SIDES=linux ONLY='upload|proxy' bash tests/apps/nginx.sh

set -u
TRAPGATE=${TRAPGATE:-$(realpath "${0%/*}/../../build/trapgate")}
export APPS=${APPS:-$(realpath "${0%/*}/../../build/apps")}
export TEST_APPS=${TEST_APPS:-$(realpath "${0%/*}/../../build/tests/apps")}
export PATIENCE=${PATIENCE:-60}		# seconds until a wait is a failure
export SCENARIO_TIMEOUT=${SCENARIO_TIMEOUT:-300}	# seconds
SIDES=${SIDES:-linux trapgate}
ONLY=${ONLY:-}				# a regular expression: these scenarios
TEST_ROOT=$(mktemp -d "${TMPDIR:-/tmp}/trapgate-apps.XXXXXX")
declare -A known_gaps=()
test_number=0
test_failed=0
report_gap=				# why what is reported next must fail
trap 'rm -rf "$TEST_ROOT"' EXIT
trap 'exit 1' INT TERM

# ---- in the script ----

# need PROGRAM...: skip the whole script where one is missing.
need()
{
	local program

	for program; do
		if ! PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null
		then
			echo "1..0 # SKIP no $program on this machine"
			exit 0
		fi
	done
}

# native CMD...: on Linux, in a network namespace of its own if possible.
native()
{
	local up='ip link set lo up && exec "$@"'
	local mine=(unshare --net)

	if [ "$(id -u)" != 0 ]; then
		mine=(unshare --user --map-current-user --keep-caps --net)
	fi
	if "${mine[@]}" sh -c "$up" sh true 2>/dev/null; then
		"${mine[@]}" sh -c "$up" sh "$@"
	else
		"$@"
	fi
}

# under_trapgate CMD...: TRAPGATE_ARGS (an array) may hold options of run.
under_trapgate()
{
	"$TRAPGATE" run ${TRAPGATE_ARGS[@]+"${TRAPGATE_ARGS[@]}"} -- "$@"
}

# report NAME COMMAND...: one TAP point; what COMMAND says is shown on failure.
report()
{
	local name=$1 log=$TEST_ROOT/log status=0 began=${EPOCHREALTIME/[.,]/}

	shift
	test_number=$((test_number + 1))
	"$@" >"$log" 2>&1 </dev/null || status=$?
	echo "# $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) ms"
	if [ -n "$report_gap" ] && [ $status != 77 ]; then
		name+=" # TODO $report_gap"
	fi
	case $status in
	0)
		echo "ok $test_number - $name" ;;
	77)	# skip_scenario
		echo "ok $test_number - $name # SKIP $(tail -n 1 "$log")" ;;
	*)
		[ -n "$report_gap" ] || test_failed=1
		tail -n 40 "$log" | sed 's/^/# /'
		echo "# status $status"
		echo "not ok $test_number - $name" ;;
	esac
}

# wanted SIDE SCENARIO
wanted()
{
	[[ " $SIDES " == *" $1 "* && $2 =~ $ONLY ]]
}

# on_linux SCENARIO, on_trapgate SCENARIO, both_sides SCENARIO
on_linux()
{
	wanted linux "$1" || return 0
	report "$1 (linux)" play linux native "$1"
}

on_trapgate()
{
	wanted trapgate "$1" || return 0
	report_gap=${known_gaps[$1]-}
	report "$1 (trapgate)" play trapgate under_trapgate "$1"
	report_gap=
}

# gap SCENARIO REASON: what follows for it fails under trapgate, and is known to
# (docs/LIMITS.md); when it starts to pass, that is a failure.
gap()
{
	known_gaps[$1]=$2
}

both_sides()
{
	on_linux "$1"
	on_trapgate "$1"
}

done_testing()
{
	echo "1..$test_number"
	exit $test_failed
}

# play SIDE RUNNER SCENARIO: in a fresh directory and a fresh bash.
play()
{
	local side=$1 runner=$2 scenario=$3
	local dir=$TEST_ROOT/$scenario-$side

	mkdir "$dir"
	declare -f >"$dir.sh"
	(
		cd "$dir" || exit 1
		export TEST_SIDE=$side TEST_STATE=$dir.state
		mkdir "$TEST_STATE"
		"$runner" timeout --kill-after=5 "$SCENARIO_TIMEOUT" bash -c '
			set -eu -o pipefail
			. "$1"
			trap stop_all EXIT
			"$2"' bash "$dir.sh" "$scenario"
	)
}

# ---- in a scenario ----

# skip_scenario REASON: the machine lacks something.
skip_scenario()
{
	echo "$*"
	exit 77
}

# start NAME CMD...: in the background; its output goes to NAME.log, its
# process id to $NAME_pid. Ended when the scenario ends.
start()
{
	local name=$1

	shift
	: >"$name.log"
	"$@" >>"$name.log" 2>&1 </dev/null &
	printf -v "${name}_pid" %s $!
	echo $! >>"$TEST_STATE/pids"
}

# wait_line NAME REGEX: until the output of NAME has such a line.
wait_line()
{
	local tail found=0 lines

	: >>"$1.log"	# what was just started may not have come so far
	exec {lines}< <(exec timeout "$PATIENCE" tail -n +1 -f "$1.log")
	tail=$!
	grep -q -m 1 -E -e "$2" <&$lines || found=$?
	exec {lines}<&-
	kill $tail 2>/dev/null || true
	if [ $found != 0 ]; then
		echo "$1 did not say: $2. It said:"
		cat "$1.log"
	fi
	return $found
}

# wait_port PORT [ADDRESS]: until a TCP server takes a connection there.
wait_port()
{
	python3 - "$1" "${2:-127.0.0.1}" "$PATIENCE" <<-'END'
	import socket, sys, time
	port, address, patience = sys.argv[1:]
	end = time.monotonic() + int(patience)
	while True:
	    try:
	        socket.create_connection((address, int(port)), timeout=1).close()
	        break
	    except OSError as error:
	        if time.monotonic() > end:
	            sys.exit(f"nobody listens on {address}:{port}: {error}")
	        time.sleep(0.01)
	END
}

# stop NAME [SIGNAL]: end one and wait for it; its exit status is returned.
stop()
{
	local pid=${1}_pid

	kill -s "${2:-TERM}" "${!pid}" 2>/dev/null || true
	wait "${!pid}"
}

# finish NAME: wait until it ends by itself; its exit status is returned.
finish()
{
	local pid=${1}_pid

	wait "${!pid}"
}

stop_all()
{
	local pid

	[ -e "$TEST_STATE/pids" ] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null || continue
		timeout 5 tail --pid="$pid" -f /dev/null 2>/dev/null || {
			kill -KILL "$pid" 2>/dev/null || true
		}
	done <"$TEST_STATE/pids"
}

# says EXPECTED COMMAND...: its output, stderr too, is exactly EXPECTED.
says()
{
	local expected=$1 got

	shift
	got=$("$@" 2>&1) || {
		echo "$*: status $?: $got"
		return 1
	}
	if [ "$got" != "$expected" ]; then
		printf '%s\nsaid:     %s\nexpected: %s\n' "$*" "$got" "$expected"
		return 1
	fi
}

# fails COMMAND...: it must not succeed (`! COMMAND` does not end a scenario).
fails()
{
	if "$@"; then
		echo "should fail: $*"
		return 1
	fi
}
