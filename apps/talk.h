/* SPDX-License-Identifier: MIT */
/*
 * The conversation on 127.0.0.1:5001: a client says "hello", the server says
 * "hi". Both sides, for the programs `hello` and `replyhi` and for `menu`.
 *
 * On failure a function has said why on stderr, and returns -1.
 */
#ifndef APPS_TALK_H
#define APPS_TALK_H

/* The server, first half: returns the listening socket. */
int replyhi_listen(void);

/* Second half: serve that many clients, one after the other; 0: for ever. */
int replyhi_serve(int listener, unsigned long clients);

/* The client: one hello, one reply, shown on stdout. */
int hello(void);

#endif
