/* SPDX-License-Identifier: MIT */
/* What is mapped where in a process. */
#ifndef TRACE_OUT_MAPS_H
#define TRACE_OUT_MAPS_H

#include "trace/out/module.h"

/* The executable mapping at @addr, or NULL. Valid until the next call. */
const struct map *map_find(int pid, u64 addr);

#endif
