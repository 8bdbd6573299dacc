#!/bin/sh
# SPDX-License-Identifier: MIT
# examples.sh ECHO PARTITION: what the examples print. Times of TCP change as
# it does; those of the datagrams do not, and no run differs from the other.
set -eu
fail() {
	echo "$*" >&2
	exit 1
}
one=$("$1" 7)
two=$("$1" 7)
[ "$one" = "$two" ] || fail "same seed, different runs: $one; $two"
[ "$one" != "$("$1" 8)" ] || fail "different seeds, same run"
echo "$one" | grep -Eqx '1000000 bytes came back after [0-9]\.[0-9]{3} s, [1-9][0-9]* segments were sent again' ||
	fail "echo: $one"
"$2" >"$MESON_BUILD_ROOT/partition.out" || fail "partition: exit status $?"
diff "$MESON_BUILD_ROOT/partition.out" - <<END
  0.040 s: 1 1 after 1 try
  0.780 s: 2 2 after 1 try
  1.520 s: 3 3 after 1 try
  7.270 s: 4 4 after 11 tries
  8.010 s: 5 5 after 1 try
  8.750 s: 6 6 after 1 try
  9.490 s: 7 7 after 1 try
 10.230 s: 8 8 after 1 try
8 requests, counted to 8
END
if "$2" forgetful | grep -qx "8 requests, counted to 8"; then
	fail "partition: a server that forgets was not found out"
fi
