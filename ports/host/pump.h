/* SPDX-License-Identifier: MIT */
/*
 * Pump mode: a socket that has a number below the line is read and written
 * untrapped, by the program's own system, on A. So the bytes are carried
 * between D and the socket, both ways, by two tasks of the kernel.
 *
 * Only connected sockets are pumped: a listening one is served by traps (its
 * calls are socket calls), an unconnected one waits for its connect().
 */
#ifndef PORTS_HOST_PUMP_H
#define PORTS_HOST_PUMP_H

#include "ports/host/host.h"

/*
 * It is to get a number below the line. Returns A, to be closed by the caller,
 * or -errno. *ph may become another placeholder of the same file.
 */
int pump_low(struct placeholder **ph);
/* It gets a number below the line; A is @a. */
void pump_lower(struct placeholder *ph, int a);
/* Its connection may stand by now. True: the pump works. */
bool pump_check(struct placeholder *ph);
/* The last close: the tasks end. */
void pump_stop(struct placeholder *ph);
/* Something happened to D. */
void pump_event(struct placeholder *ph, u32 events);
/* Before shutdown(): what the program wrote before goes first. Sleeps. */
void pump_drain(struct placeholder *ph);
/* The last close, seen by a pump. placeholder.c */
void placeholder_closed(struct placeholder *ph);

#endif
