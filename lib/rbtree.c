/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees: a red node has black children, and every way down from the
 * root meets as many black nodes. Left and right are child[0] and child[1], so
 * that what is said of one side holds for the other with !dir.
 */
#include "lib/rbtree.h"

#define RED 1UL

static inline struct rb_node *parent_of(const struct rb_node *n)
{
	return (struct rb_node *)(n->up & ~RED);
}

static inline bool is_red(const struct rb_node *n)
{
	return n && n->up & RED;
}

static inline void set_parent(struct rb_node *n, struct rb_node *parent)
{
	if (n)
		n->up = (uintptr_t)parent | (n->up & RED);
}

static inline void set_red(struct rb_node *n, bool red)
{
	n->up = (n->up & ~RED) | red;
}

/* @new (may be NULL) hangs where @old does. */
static void put_in_place(struct rb_root *root, struct rb_node *old,
			 struct rb_node *new)
{
	struct rb_node *p = parent_of(old);

	if (p)
		p->child[p->child[1] == old] = new;
	else
		root->node = new;
	set_parent(new, p);
}

/* @n goes down on side @dir; its other child takes its place. */
static void rotate(struct rb_root *root, struct rb_node *n, int dir)
{
	struct rb_node *c = n->child[!dir];

	n->child[!dir] = c->child[dir];
	set_parent(n->child[!dir], n);
	put_in_place(root, n, c);
	c->child[dir] = n;
	set_parent(n, c);
}

void rb_insert(struct rb_root *root, struct rb_node *n, struct rb_node *parent,
	       int dir)
{
	struct rb_node *p, *g, *uncle;
	int d;

	n->child[0] = NULL;
	n->child[1] = NULL;
	n->up = (uintptr_t)parent | RED;
	if (parent)
		parent->child[dir] = n;
	else
		root->node = n;
	while ((p = parent_of(n)) && is_red(p)) {
		g = parent_of(p); /* there is one: the root is black */
		d = g->child[1] == p;
		uncle = g->child[!d];
		if (is_red(uncle)) {
			set_red(p, false);
			set_red(uncle, false);
			set_red(g, true);
			n = g;
			continue;
		}
		if (p->child[!d] == n) {
			rotate(root, p, d);
			p = n;
		}
		set_red(p, false);
		set_red(g, true);
		rotate(root, g, !d);
		break;
	}
	set_red(root->node, false);
}

/* Ways through @x, a child of @p, lack a black node. */
static void mend_black(struct rb_root *root, struct rb_node *x,
		       struct rb_node *p)
{
	while (x != root->node && !is_red(x)) {
		int d = p->child[1] == x;
		struct rb_node *s = p->child[!d]; /* not NULL: it is deeper */

		if (is_red(s)) {
			set_red(s, false);
			set_red(p, true);
			rotate(root, p, d);
			s = p->child[!d];
		}
		if (!is_red(s->child[0]) && !is_red(s->child[1])) {
			set_red(s, true);
			x = p;
			p = parent_of(x);
			continue;
		}
		if (!is_red(s->child[!d])) {
			set_red(s->child[d], false);
			set_red(s, true);
			rotate(root, s, !d);
			s = p->child[!d];
		}
		set_red(s, is_red(p));
		set_red(p, false);
		set_red(s->child[!d], false);
		rotate(root, p, d);
		return;
	}
	if (x)
		set_red(x, false);
}

void rb_erase(struct rb_root *root, struct rb_node *n)
{
	struct rb_node *x, *p, *y;
	bool black;

	if (!n->child[0] || !n->child[1]) {
		x = n->child[0] ? n->child[0] : n->child[1];
		p = parent_of(n);
		black = !is_red(n);
		put_in_place(root, n, x);
	} else {
		/* The next greater one, which has at most one child, moves. */
		for (y = n->child[1]; y->child[0];)
			y = y->child[0];
		x = y->child[1];
		black = !is_red(y);
		p = parent_of(y);
		if (p == n) {
			p = y;
		} else {
			put_in_place(root, y, x);
			y->child[1] = n->child[1];
			set_parent(y->child[1], y);
		}
		put_in_place(root, n, y);
		y->child[0] = n->child[0];
		set_parent(y->child[0], y);
		set_red(y, is_red(n));
	}
	if (black)
		mend_black(root, x, p);
}

struct rb_node *rb_end(const struct rb_root *root, int dir)
{
	struct rb_node *n = root->node;

	while (n && n->child[dir])
		n = n->child[dir];
	return n;
}
