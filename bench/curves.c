/* SPDX-License-Identifier: MIT */
/*
 * curves: flows on a link in virtual time, as CSV on standard output:
 * scene, flow, ms, Mbit/s since the last line, cwnd in segments, RTT in ms.
 * bench/curves draws it.
 */
#include "tests/unit/net/ipv4/flows.h"

#define MBIT 125000ULL
#define STEP_MS 250

struct scene {
	const char *name;
	u64 seconds;
	struct link_params link;
	struct flow flow[2];
	const char *label[2];
};

static struct scene scenes[] = {
	{
		.name = "cubic",
		.seconds = 60,
		.link = { .latency = 20 * SIM_MS,
			  .rate = 100 * MBIT,
			  .queue = 333,
			  .jitter = SIM_MS },
		.flow = { { .ca = "cubic", .port = PORT },
			  { .ca = "cubic", .port = PORT + 1,
			    .start_ms = 10000 } },
		.label = { "first", "second" },
	},
	{
		.name = "bbr",
		.seconds = 60,
		.link = { .latency = 20 * SIM_MS,
			  .rate = 100 * MBIT,
			  .queue = 333,
			  .jitter = SIM_MS },
		.flow = { { .ca = "bbr", .port = PORT },
			  { .ca = "bbr", .port = PORT + 1,
			    .start_ms = 10000 } },
		.label = { "first", "second" },
	},
	{
		.name = "loss",
		.seconds = 30,
		.link = { .latency = 20 * SIM_MS,
			  .rate = 10 * MBIT,
			  .queue = 10,
			  .loss = LINK_SURE / 100 },
		.flow = { { .ca = "cubic", .port = PORT } },
		.label = { "CUBIC" },
	},
	{
		.name = "loss",
		.seconds = 30,
		.link = { .latency = 20 * SIM_MS,
			  .rate = 10 * MBIT,
			  .queue = 10,
			  .loss = LINK_SURE / 100 },
		.flow = { { .ca = "bbr", .port = PORT } },
		.label = { "BBR" },
	},
};

static void sample(const struct scene *s, int i, u64 ms, u64 *before)
{
	const struct flow *f = &s->flow[i];
	const struct tcp_sock *tp = flow_tp(f);
	double mbit = (double)(f->got - *before) * 8 / STEP_MS / 1000;

	*before = f->got;
	if (tp)
		printf("%s,%s,%lu,%.2f,%u,%u\n", s->name, s->label[i],
		       (unsigned long)ms, mbit, tp->snd_cwnd,
		       tp->srtt_us / 8000);
}

static void play(struct scene *s)
{
	unsigned int nr = s->flow[1].port ? 2 : 1;
	u64 before[2] = { 0 };

	flows_begin(&s->link, s->flow, nr);
	for (u64 ms = STEP_MS; ms <= s->seconds * 1000; ms += STEP_MS) {
		run_ms(STEP_MS);
		for (unsigned int i = 0; i < nr; i++)
			sample(s, (int)i, ms, &before[i]);
	}
	flows_end();
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
		play(&scenes[i]);
	return 0;
}
