/* SPDX-License-Identifier: MIT */
/*
 * What the events mean: which stack is whose call, what caused a packet, what
 * state a socket is in, why a call failed.
 *
 * Work in a softirq is done on the stack of whatever task was running, or of
 * the idle loop; it is done on behalf of the call whose packet is being
 * received. A packet made meanwhile has the same cause.
 *
 * Tables are of fixed size and forget the oldest: a packet that was sent
 * PACKET_SLOTS packets ago has no known cause.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/out/out.h"

static struct call **bucket(struct session *s, u64 id)
{
	return &s->calls[id % CALL_BUCKETS];
}

struct call *call_find(struct session *s, u64 id)
{
	struct call *c;

	if (!id)
		return NULL;
	for (c = *bucket(s, id); c && c->id != id; c = c->next)
		;
	return c;
}

struct call *call_new(struct session *s, u64 id)
{
	struct call *c = s->free_calls;
	struct stack_snapshot *stack = NULL;
	struct text text = { 0 };
	u32 path_size = 0;
	u16 *path = NULL;

	if (c) {
		s->free_calls = c->next;
		stack = c->stack;
		text = c->text;
		path = c->path;
		path_size = c->path_size;
		memset(c, 0, offsetof(struct call, bytes));
	} else {
		c = calloc(1, sizeof(*c));
		if (!c) {
			s->lost_calls++;
			return NULL;
		}
	}
	c->stack = stack;
	c->text = text;
	c->path = path;
	c->path_size = path_size;
	c->path_len = 0;
	text_clear(&c->text);
	c->id = id;
	c->next = *bucket(s, id);
	*bucket(s, id) = c;
	c->older = s->newest;
	c->newer = NULL;
	if (s->newest)
		s->newest->newer = c;
	else
		s->oldest = c;
	s->newest = c;
	return c;
}

void call_drop(struct session *s, struct call *c)
{
	struct call **p;

	for (p = bucket(s, c->id); *p != c; p = &(*p)->next)
		;
	*p = c->next;
	if (c->older)
		c->older->newer = c->newer;
	else
		s->oldest = c->newer;
	if (c->newer)
		c->newer->older = c->older;
	else
		s->newest = c->older;
	c->next = s->free_calls;
	s->free_calls = c;
}

/* In the order in which they left they will be written. */
void call_left(struct session *s, struct call *c)
{
	c->left = true;
	c->next_left = NULL;
	*s->left_end = c;
	s->left_end = &c->next_left;
}

struct text *call_text(struct session *s, struct call *c)
{
	return c && filter_needs_end(&s->filter) ? &c->text : &s->text;
}

struct sockinfo *sock_find(struct session *s, u64 id)
{
	struct sockinfo *i;

	for (i = s->socks[id % SOCK_BUCKETS]; i && i->id != id; i = i->next)
		;
	return i;
}

/* The entry for @id, made when there is none. NULL: no memory. */
static struct sockinfo *sock_get(struct session *s, u64 id)
{
	struct sockinfo *i = sock_find(s, id);

	if (i || !id)
		return i;
	i = calloc(1, sizeof(*i));
	if (!i)
		return NULL;
	i->id = id;
	i->next = s->socks[id % SOCK_BUCKETS];
	s->socks[id % SOCK_BUCKETS] = i;
	return i;
}

/* Only formats that sum up need the dead. */
static void sock_free(struct session *s, u64 id)
{
	struct sockinfo **p, *i;

	if (s->needs & NEED_SOCKETS)
		return;
	for (p = &s->socks[id % SOCK_BUCKETS]; (i = *p); p = &i->next) {
		if (i->id != id)
			continue;
		*p = i->next;
		free(i);
		return;
	}
}

u64 packet_cause(struct session *s, u64 id)
{
	return s->packets[id % PACKET_SLOTS].id == id
		       ? s->packets[id % PACKET_SLOTS].call
		       : 0;
}

static struct ctx *ctx_get(struct session *s, u32 id)
{
	struct ctx *x = &s->ctx[id % CTX_SLOTS];

	if (x->id != id)
		*x = (struct ctx){ .id = id };
	return x;
}

/* Whose work is being done on @x. */
static u64 on_behalf(const struct ctx *x)
{
	return x->softirq ? x->behalf : x->task;
}

static void packet_new(struct session *s, struct ctx *x, u64 id, u64 cause)
{
	u64 call = cause ? packet_cause(s, cause) : on_behalf(x);

	s->packets[id % PACKET_SLOTS].id = id;
	s->packets[id % PACKET_SLOTS].call = call;
}

static void packet_sent(struct session *s, struct ctx *x, u64 id)
{
	struct call *c;

	if (s->packets[id % PACKET_SLOTS].id != id)
		packet_new(s, x, id, x->packet);
	c = call_find(s, packet_cause(s, id));
	if (!c || c->nr_packets == CALL_PACKETS)
		return;
	if (c->nr_packets && c->packets[c->nr_packets - 1] == id)
		return;
	c->packets[c->nr_packets++] = id;
}

/*
 * A task that no call belongs to, such as the last close of a socket: to be
 * shown like one, where functions are shown.
 */
static void kernel_task(struct session *s, const struct trace_rec *r)
{
	struct call *c;

	if (!(s->needs & NEED_FUNCTIONS) || call_find(s, r->v[0]))
		return;
	c = call_new(s, r->v[0]);
	if (!c)
		return;
	c->kernel = true;
	memcpy(c->comm, "kernel", sizeof("kernel"));
	c->begin = r->time;
	c->unwanted = !filter_at_entry(&s->filter, c);
	if (!c->unwanted && s->format->enter)
		s->format->enter(s, c);
}

static void stack_end(struct session *s, const struct trace_rec *r)
{
	struct ctx *x = ctx_get(s, r->v[0]);
	struct call *c = call_find(s, x->task);

	if (!c || !c->kernel || c->left)
		return;
	c->end = r->time;
	call_left(s, c);
}

static void task_run(struct session *s, struct ctx *x,
		     const struct trace_rec *r)
{
	struct call *c = call_find(s, s->running);

	if (c && !c->done && !c->left && r->v[0] != s->running)
		c->slept = r->time;
	s->was_running = s->running;
	x->task = r->v[0];
	x->softirq = 0;
	s->running = r->v[0];
	if (r->v[0])
		kernel_task(s, r);
}

static void sock_use(struct session *s, struct call *c, u64 id)
{
	struct sockinfo *i = sock_get(s, id);

	if (!c)
		return;
	/* accept(): the listener first, then what it gives. */
	c->made = id;
	if (c->sock)
		return;
	c->sock = id;
	c->state_before = i ? i->state : 0;
}

static void sock_new(struct session *s, struct ctx *x,
		     const struct trace_rec *r)
{
	struct sockinfo *i = sock_get(s, r->v[0]);

	if (!i)
		return;
	i->family = r->v[1];
	i->type = r->v[2];
	i->protocol = r->v[3];
	i->state = 7; /* TCP_CLOSE: what every sock begins with */
	/* A socket made by a packet is not what the call is about. */
	if (!x->softirq)
		sock_use(s, call_find(s, x->task), r->v[0]);
}

static void sock_state(struct session *s, const struct trace_rec *r)
{
	struct sockinfo *i = sock_get(s, r->v[0]);

	if (!i)
		return;
	i->state = r->v[2];
}

static void failed(struct session *s, struct ctx *x, const struct trace_rec *r)
{
	struct fault f = {
		.error = (s32)r->v[0],
		.why = (const char *)r->v[4],
		.function = (const char *)r->v[5],
		.time = r->time,
	};
	struct sockinfo *i = sock_get(s, r->v[1]);
	struct call *c = call_find(s, x->task);

	/* Kept for whoever asks the socket next. */
	if (i) {
		i->fault = f;
		return;
	}
	if (x->softirq)
		s->softirq_faults[-f.error % FAULTS] = f;
	if (c)
		c->fault = f;
}

static void path_add(struct call *c, u16 site)
{
	u32 size = c->path_size ? 2 * c->path_size : 256;
	u16 *path;

	if (c->path_len == c->path_size) {
		path = realloc(c->path, size * sizeof(*path));
		if (!path)
			return;
		c->path = path;
		c->path_size = size;
	}
	c->path[c->path_len++] = site;
}

static void softirq(struct ctx *x, const struct trace_rec *r, bool enter)
{
	x->softirq += enter ? 1 : x->softirq ? -1 : 0;
	x->softirq_name = enter ? (const char *)r->v[4] : NULL;
	x->packet = 0;
	x->behalf = 0;
}

static void receive(struct session *s, struct ctx *x, u64 id)
{
	x->packet = id;
	x->behalf = packet_cause(s, id);
}

static void update(struct session *s, struct ctx *x, const struct trace_rec *r)
{
	struct call *c = call_find(s, x->task);

	switch (r->type) {
	case TRACE_FUNC_ENTER:
		if (c) {
			path_add(c, r->v[0]);
			c->depth = r->depth + 1;
		}
		break;
	case TRACE_FUNC_EXIT:
		if (c)
			c->depth = r->depth;
		break;
	case TRACE_TASK_END:
		if (c)
			c->done = true;
		break;
	case TRACE_WAKE:
		c = call_find(s, r->v[0]);
		if (c) {
			c->waker = on_behalf(x);
			c->waker_packet = x->packet;
		}
		break;
	case TRACE_FAIL:
		failed(s, x, r);
		break;
	case TRACE_TASK_RUN:
		task_run(s, x, r);
		break;
	case TRACE_STACK_END:
		stack_end(s, r);
		break;
	case TRACE_SOFTIRQ_ENTER:
	case TRACE_SOFTIRQ_EXIT:
		softirq(x, r, r->type == TRACE_SOFTIRQ_ENTER);
		break;
	case TRACE_SKB_NEW:
		packet_new(s, x, r->v[0], r->v[1]);
		break;
	case TRACE_SKB_XMIT:
		packet_sent(s, x, r->v[0]);
		break;
	case TRACE_SKB_RCV:
		receive(s, x, r->v[0]);
		break;
	case TRACE_SOCK_NEW:
		sock_new(s, x, r);
		break;
	case TRACE_SOCK_STATE:
		sock_state(s, r);
		break;
	case TRACE_SOCK_USE:
		sock_use(s, c, r->v[0]);
		break;
	}
}

static int sock_state_of(struct session *s, u64 id)
{
	struct sockinfo *i = sock_find(s, id);

	return i ? i->state : 0;
}

void model_event(struct session *s, const struct trace_rec *r)
{
	struct ctx *x = ctx_get(s, r->ctx);
	struct call *c;

	update(s, x, r);
	c = call_find(s, x->task);
	if (s->format->event && (c ? !c->unwanted : s->show_others))
		s->format->event(s, x, c, r);
	if (r->type == TRACE_TASK_RUN && !r->v[0] && s->format->sleeps)
		s->format->sleeps(s);
	if (r->type == TRACE_SOCK_FREE) {
		if (c && c->sock == r->v[0])
			c->state_after = sock_state_of(s, c->sock);
		sock_free(s, r->v[0]);
	}
	if (r->type == TRACE_TASK_RUN && c)
		c->slept = 0;
}

/*
 * Why @c failed: the last fail() of its own, if it was with this error; else
 * what the socket kept that it is about; else the last in a softirq
 * since it began. Errors that were merely passed on have no fault.
 */
void model_explain(struct session *s, struct call *c)
{
	struct sockinfo *i = sock_find(s, c->sock);
	int error = c->ret;
	struct fault *f;

	if (!call_error(c)) {
		c->fault.error = 0;
		return;
	}
	if (c->fault.error == error)
		return;
	if (i && i->fault.error == error) {
		c->fault = i->fault;
		return;
	}
	f = &s->softirq_faults[-error % FAULTS];
	if (f->error == error && f->time >= c->begin)
		c->fault = *f;
	else
		c->fault.error = 0;
}

void model_free(struct session *s)
{
	struct sockinfo *i, *next;
	size_t n;

	for (n = 0; n < SOCK_BUCKETS; n++) {
		for (i = s->socks[n]; i; i = next) {
			next = i->next;
			free(i);
		}
	}
}
