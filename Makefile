# SPDX-License-Identifier: MIT
# A thin door to Meson. Anything finer: ninja -C build, meson test -C build NAME.

BUILD := build
T := 60

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

run: packages-run $(BUILD)/build.ninja
	@ninja -C $(BUILD) demo
	@tools/demo $(BUILD)

check: packages-check
	@tools/check

# the plain build only, no sanitizer
check-fast: packages-check
	@tools/check --fast

# a build made before lwIP was installed is told of it
bench: packages-bench $(BUILD)/build.ninja
	@[ -e $(BUILD)/bench/bench-lwip ] || \
		meson setup --reconfigure $(BUILD) >/dev/null
	@ninja -C $(BUILD)
	@bench/run $(BUILD)

# each fuzz target for T seconds under libFuzzer
fuzz: packages-check
	@tools/fuzz $(T)

boot:
	@echo "make $@: not in this version yet" >&2; exit 1

clean:
	rm -rf build build-asan build-fuzz

packages-%:
	@tools/install-packages $*

$(BUILD)/build.ninja:
	@meson setup $(BUILD)

.NOTPARALLEL:
.PHONY: all run check check-fast bench boot fuzz clean
