/* SPDX-License-Identifier: MIT */
/* Red-black trees: order, colours and height after every change. */
#include "lib/rbtree.h"

#include "tests/unit/unit.h"
#include <stdlib.h>

#define NR 2000

struct item {
	struct rb_node node;
	unsigned int key;
	bool in;
};

static struct item items[NR];
static struct rb_root root;

static void insert(struct item *new)
{
	struct rb_node *n = root.node, *parent = NULL;
	int dir = 0;

	while (n) {
		parent = n;
		dir = new->key > rb_entry(n, struct item, node)->key;
		n = n->child[dir];
	}
	rb_insert(&root, &new->node, parent, dir);
	new->in = true;
}

/* Black nodes down from @n; the number of nodes is added to *count. */
static int black_height(const struct rb_node *n, const struct rb_node *up,
			unsigned int low, unsigned int high, unsigned int *count)
{
	unsigned int key;
	int left, right;

	if (!n)
		return 1;
	key = rb_entry(n, struct item, node)->key;
	assert_true(key >= low && key <= high);
	assert_ptr_equal((void *)(n->up & ~1UL), up);
	if (n->up & 1)
		assert_true(up && !(up->up & 1));
	left = black_height(n->child[0], n, low, key, count);
	right = black_height(n->child[1], n, key, high, count);
	assert_int_equal(left, right);
	++*count;
	return left + !(n->up & 1);
}

static void check(unsigned int want)
{
	unsigned int count = 0;

	(void)black_height(root.node, NULL, 0, ~0U, &count);
	assert_int_equal(count, want);
}

static void random_changes_keep_it_balanced(void **state)
{
	unsigned int nr = 0, rnd = 1;

	for (int i = 0; i < 20000; i++) {
		struct item *it;

		rnd = rnd * 1664525 + 1013904223;
		it = &items[(rnd >> 8) % NR];
		if (it->in) {
			rb_erase(&root, &it->node);
			it->in = false;
			nr--;
		} else {
			it->key = rnd;
			insert(it);
			nr++;
		}
		if (i % 16 == 0 || nr < 8)
			check(nr);
	}
	for (int i = 0; i < NR; i++)
		if (items[i].in)
			rb_erase(&root, &items[i].node);
	assert_null(root.node);
}

static void rising_keys_keep_it_balanced(void **state)
{
	struct rb_node *n;
	int height = 0;

	for (unsigned int i = 0; i < NR; i++) {
		items[i].key = i;
		insert(&items[i]);
	}
	check(NR);
	for (n = root.node; n; n = n->child[1])
		height++;
	assert_true(height <= 22); /* 2 log2(2001) */
	assert_ptr_equal(rb_end(&root, 0), &items[0].node);
	assert_ptr_equal(rb_end(&root, 1), &items[NR - 1].node);
	for (unsigned int i = 0; i < NR; i++) {
		rb_erase(&root, &items[i].node);
		if (i % 64 == 0)
			check(NR - 1 - i);
	}
	assert_null(rb_end(&root, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_changes_keep_it_balanced),
		cmocka_unit_test(rising_keys_keep_it_balanced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
