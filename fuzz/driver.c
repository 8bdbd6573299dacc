/* SPDX-License-Identifier: MIT */
/*
 * TARGET [-t SECONDS] [-s SEED] [FILE | FOLDER]...: a fuzz target without
 * libFuzzer. Every given input is run once. Then, until SECONDS are over, inputs
 * made of them by chance: bytes turned, cut out, put in, two spliced, or all new.
 * The same seed (1 unless given) makes the same ones.
 *
 * An input on which the target dies is left in ./crash-TARGET; give it as FILE
 * to see it again, and keep it in fuzz/corpus/TARGET under a name that says
 * what it was.
 */
#include "fuzz/input.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_CORPUS 4096

struct blob {
	uint8_t *data;
	size_t size;
};

static struct blob corpus[MAX_CORPUS];
static size_t nr_corpus;
static const uint8_t *running;
static size_t running_size;
static char crash_file[256];

/* ASan's report ends the process without a signal: it calls this first. */
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static void keep_input(void)
{
	int fd;

	if (!running)
		return;
	fd = open(crash_file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || write(fd, running, running_size) < 0)
		perror(crash_file);
	else
		fprintf(stderr, "input kept: %s\n", crash_file);
	running = NULL;
}

/* UBSan's report ends the process with a signal only if it is told to. */
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1";
}

static void died(int sig)
{
	keep_input();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run(const uint8_t *data, size_t size)
{
	running = data;
	running_size = size;
	(void)LLVMFuzzerTestOneInput(data, size);
	running = NULL;
}

static void load_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	struct blob *b = &corpus[nr_corpus];

	if (!f || fstat(fileno(f), &st)) {
		perror(path);
		exit(2);
	}
	b->size = (size_t)st.st_size;
	b->data = malloc(b->size + 1);
	if (!b->data || fread(b->data, 1, b->size, f) != b->size) {
		perror(path);
		exit(2);
	}
	fclose(f);
	if (nr_corpus < MAX_CORPUS - 1)
		nr_corpus++;
}

static void load(const char *path)
{
	struct dirent **e = NULL;
	struct stat st;
	char name[4096];
	int n;

	if (stat(path, &st)) {
		perror(path);
		exit(2);
	}
	if (!S_ISDIR(st.st_mode)) {
		load_file(path);
		return;
	}
	n = scandir(path, &e, NULL, alphasort);
	for (int k = 0; k < n; k++) {
		if (e[k]->d_name[0] != '.') {
			snprintf(name, sizeof(name), "%s/%s", path,
				 e[k]->d_name);
			load_file(name);
		}
		free(e[k]);
	}
	free(e);
}

static size_t chance(size_t n)
{
	return n ? (size_t)random() % n : 0;
}

/* A few changes; returns the new size. */
static size_t mutate(uint8_t *b, size_t size, size_t max)
{
	for (size_t i = 1 + chance(8); i; i--) {
		size_t at = chance(size), n = 1 + chance(16);

		switch (chance(4)) {
		case 0: /* turn */
			if (size)
				b[at] ^= (uint8_t)(1 << chance(8));
			break;
		case 1: /* another byte */
			if (size)
				b[at] = (uint8_t)random();
			break;
		case 2: /* cut out */
			if (at + n < size) {
				memmove(b + at, b + at + n, size - at - n);
				size -= n;
			}
			break;
		case 3: /* put in */
			if (size + n <= max) {
				memmove(b + at + n, b + at, size - at);
				for (size_t j = 0; j < n; j++)
					b[at + j] = (uint8_t)random();
				size += n;
			}
			break;
		}
	}
	return size;
}

static size_t invent(uint8_t *b, size_t max)
{
	const struct blob *from = &corpus[chance(nr_corpus)];
	const struct blob *other = &corpus[chance(nr_corpus)];
	size_t size, tail;

	if (!nr_corpus || !chance(4)) {
		size = chance(max) + 1;
		for (size_t i = 0; i < size; i++)
			b[i] = (uint8_t)random();
		return size;
	}
	size = from->size < max ? from->size : max;
	memcpy(b, from->data, size);
	if (!chance(4)) { /* its head, the other's tail */
		size = chance(size + 1);
		tail = chance(other->size + 1);
		if (tail > max - size)
			tail = max - size;
		memcpy(b + size, other->data + other->size - tail, tail);
		size += tail;
	}
	return mutate(b, size, max);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	unsigned int seed = 1;
	unsigned long runs = 0;
	uint8_t *b = malloc(fuzz_input_max);
	time_t end = time(NULL);
	int opt;

	while ((opt = getopt(argc, argv, "t:s:")) != -1) {
		if (opt == 't')
			end += atol(optarg);
		else if (opt == 's')
			seed = (unsigned int)strtoul(optarg, NULL, 0);
		else
			return 2;
	}
	if (!b)
		return 2;
	snprintf(crash_file, sizeof(crash_file), "crash-%s",
		 name ? name + 1 : argv[0]);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_input);
	signal(SIGABRT, died);
	signal(SIGSEGV, died);
	signal(SIGFPE, died);
	while (optind < argc)
		load(argv[optind++]);
	for (size_t i = 0; i < nr_corpus; i++)
		run(corpus[i].data, corpus[i].size);
	srandom(seed);
	while (time(NULL) < end) {
		run(b, invent(b, fuzz_input_max));
		runs++;
	}
	printf("1..2\n# %zu kept inputs, %lu others, seed %u\n", nr_corpus, runs,
	       seed);
	printf("ok 1 - no_kept_input_does_harm\n");
	printf("ok 2 - no_random_input_does_harm\n");
	for (size_t i = 0; i < nr_corpus; i++)
		free(corpus[i].data);
	free(b);
	return 0;
}
