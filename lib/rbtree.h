/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees, to embed. The user searches and says where a new node goes;
 * rb_insert() and rb_erase() keep the height below twice the logarithm.
 */
#ifndef LIB_RBTREE_H
#define LIB_RBTREE_H

#include "lib/types.h"

struct rb_node {
	uintptr_t up; /* the parent; lowest bit: the node is red */
	struct rb_node *child[2]; /* less, greater */
};

struct rb_root {
	struct rb_node *node;
};

#define rb_entry(ptr, type, member) container_of(ptr, type, member)

/*
 * Make @n the child @dir of @parent, a place that is empty; @parent NULL: the
 * first node of an empty tree.
 */
void rb_insert(struct rb_root *root, struct rb_node *n, struct rb_node *parent,
	       int dir);
void rb_erase(struct rb_root *root, struct rb_node *n);
/* The first (@dir 0) or last (1) node; NULL: none. */
struct rb_node *rb_end(const struct rb_root *root, int dir);

#endif
