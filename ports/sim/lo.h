/* SPDX-License-Identifier: MIT */
#ifndef PORTS_SIM_LO_H
#define PORTS_SIM_LO_H

/* From within a program: lo up with 127.0.0.1/8, by ioctl. 0 or -errno. */
int sim_lo_up(void);

#endif
