#!/bin/sh
# SPDX-License-Identifier: MIT
# install.sh CC EXAMPLE.c: install to a directory of its own, and build and run
# programs there as a user does: with pkg-config and the shared library, with
# the static one, in C99 and in C++.
set -eu
cc=$1
example=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
DESTDIR="$dir/root" meson install -C "$MESON_BUILD_ROOT" --no-rebuild \
	--skip-subprojects >install.log 2>&1 || { cat install.log >&2; exit 1; }
pc=$(find root -name libtrapgate.pc)
lib=$(dirname "$(find root -name libtrapgate.a)")
man=$(find root -name trapgate.3)
[ -s "$man" ] || { echo "no manual page" >&2; exit 1; }
export PKG_CONFIG_PATH="$(dirname "$pc")" PKG_CONFIG_SYSROOT_DIR="$dir/root"
flags=$(pkg-config --cflags --libs libtrapgate)

$cc -Wall -Wextra -Werror "$example" -o shared $flags
LD_LIBRARY_PATH="$dir/$lib" ./shared >one
$cc -Wall -Wextra -Werror "$example" -o static \
	$(pkg-config --cflags libtrapgate) "$lib/libtrapgate.a"
./static >two
cmp one two

# The header by itself, as strict as it gets; and its functions from C++.
echo '#include <trapgate.h>' >alone.c
$cc -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only \
	$(pkg-config --cflags libtrapgate) alone.c
cat >plus.cc <<'END'
#include <trapgate.h>
#include <sys/epoll.h>
static void task(void *arg)
{
	*static_cast<int *>(arg) = tg_close(tg_epoll_create(EPOLL_CLOEXEC));
}
int main()
{
	tg_kernel_params params = {};
	tg_kernel *k;
	tg_host *h;
	int result = -1;

	params.seed = 5;
	if (tg_kernel_new(&params, &k) || tg_host_new(k, "h", &h) ||
	    tg_spawn(h, task, &result, nullptr) || tg_run(k))
		return 1;
	return tg_kernel_free(k) || result;
}
END
${CXX:-c++} -std=c++11 -pedantic -Wall -Wextra -Werror plus.cc -o plus $flags
LD_LIBRARY_PATH="$dir/$lib" ./plus

# Names of a user's own do not meet ours.
cat >names.c <<'END'
#include <trapgate.h>
int current(void), schedule(void), kmalloc(void), this_kernel = 7;
int schedule(void) { return 1; }
int kmalloc(void) { return 2; }
int main(void)
{
	struct tg_kernel *k;

	return tg_kernel_new(NULL, &k) || tg_kernel_free(k) ||
	       this_kernel + schedule() + kmalloc() != 10;
}
END
$cc names.c -o names $(pkg-config --cflags libtrapgate) "$lib/libtrapgate.a"
./names
