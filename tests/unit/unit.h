/* SPDX-License-Identifier: MIT */
/*
 * What every unit test includes, after the headers of the core: cmocka, kept
 * apart from the core's own types.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#endif
