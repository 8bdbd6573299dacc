/* SPDX-License-Identifier: MIT */
/* Arguments and results of the core's own functions, by their types. */
#include <string.h>

#include "trace/out/names.h"
#include "trace/out/out.h"

/* The name that an id stands for: p5, s2; or what there was instead. */
static void id_text(struct text *t, char letter, u64 v)
{
	s64 err;

	if (!(v & TRACE_NO_ID)) {
		text_char(t, letter);
		text_dec(t, v);
		return;
	}
	err = (s64)v;
	if (v == TRACE_NO_ID) {
		text_str(t, "NULL");
	} else if (err < 0 && err >= -MAX_ERRNO && errno_name(-err)) {
		text_char(t, '-');
		text_str(t, errno_name(-err));
	} else {
		text_hex(t, v & ~TRACE_NO_ID);
	}
}

static s64 sized(const struct value_type *v, u64 value)
{
	switch (v->bytes) {
	case 1:
		return v->is_signed ? (s8)value : (s64)(u8)value;
	case 2:
		return v->is_signed ? (s16)value : (s64)(u16)value;
	case 4:
		return v->is_signed ? (s32)value : (s64)(u32)value;
	}
	return value;
}

static void enum_text(struct text *t, const struct enum_names *e, s64 value)
{
	unsigned int i;

	for (i = 0; e && i < e->n; i++) {
		if (e->names[i].value == value) {
			text_str(t, e->names[i].name);
			return;
		}
	}
	text_dec(t, value);
}

static void number_text(struct text *t, const struct value_type *v, u64 value)
{
	s64 n = sized(v, value);

	/* Masks and hashes read better so; sizes and counts do not. */
	if (!v->is_signed && (u64)n > 0xffffff)
		text_hex(t, n);
	else
		text_dec(t, n);
}

static void blob_text(struct text *t, const struct session *s,
		      const struct value_type *v, const u8 *p, size_t len,
		      u64 value)
{
	const struct layout *l = &s->symbols->layout;
	u64 count;
	u32 word;

	if (!len) {
		if (value)
			text_hex(t, value);
		else
			text_str(t, "NULL");
		return;
	}
	switch (v->kind) {
	case VALUE_SOCKADDR:
		text_sockaddr(t, p, min_t(size_t, len, 28));
		break;
	case VALUE_DEV:
		text_bytes(t, p, strnlen((const char *)p, min(len, 16UL)));
		break;
	case VALUE_STRING:
		text_quoted(t, p, strnlen((const char *)p, min(len, 16UL)),
			    strnlen((const char *)p, min(len, 16UL)) == 16);
		break;
	case VALUE_MSGHDR:
		if (l->msg_count < 0 || l->msg_count + 8UL > len)
			break;
		memcpy(&count, p + l->msg_count, sizeof(count));
		text_printf(t, "{%llu bytes}", (unsigned long long)count);
		break;
	case VALUE_FLOW:
		if (l->flow_daddr < 0 || l->flow_daddr + 4UL > len)
			break;
		memcpy(&word, p + l->flow_daddr, sizeof(word));
		text_str(t, "{to ");
		text_ip4(t, word);
		text_char(t, '}');
		break;
	}
}

static void scalar_text(struct text *t, const struct value_type *v, u64 value)
{
	switch (v->kind) {
	case VALUE_BOOL:
		text_str(t, (u8)value ? "true" : "false");
		break;
	case VALUE_ENUM:
		enum_text(t, v->enums, (s32)value);
		break;
	case VALUE_INT:
		number_text(t, v, value);
		break;
	case VALUE_NAMED:
		text_name(t, v->names, sized(v, value));
		break;
	case VALUE_IP4:
		text_ip4(t, value);
		break;
	case VALUE_PORT:
		text_dec(t, ntohs(value));
		break;
	case VALUE_SKB:
		id_text(t, 'p', value);
		break;
	case VALUE_SOCK:
	case VALUE_SOCKET:
		id_text(t, 's', value);
		break;
	default:
		if (value)
			text_hex(t, value);
		else
			text_str(t, "NULL");
	}
}

/* The sockaddr in the program's memory that __sys_connect() was given. */
static bool user_text(struct text *t, const struct call *c, u64 value)
{
	unsigned int i;

	if (!c || !c->row || !value)
		return false;
	for (i = 0; i < c->row->nargs; i++) {
		if (c->args[i] != value)
			continue;
		if (c->row->args[i].kind == ARG_ADDR_IN ||
		    c->row->args[i].kind == ARG_BUF_IN ||
		    c->row->args[i].kind == ARG_OPTVAL_IN) {
			args_text(t, c, i);
			return true;
		}
	}
	return false;
}

void function_args_text(struct session *s, struct text *t, const struct call *c,
			const struct trace_rec *r)
{
	const struct trace_site *site = &s->sites[r->v[0]];
	const struct function *fn = &s->symbols->functions[r->v[0]];
	const u64 *blob = &r->v[1 + site->nargs];
	const struct param *p;
	unsigned int i;

	for (i = 0; i < site->nargs; i++) {
		p = &fn->params[i];
		if (i)
			text_str(t, ", ");
		if (p->name) {
			text_str(t, p->name);
			text_char(t, '=');
		}
		if (site->arg[i] == TRACE_ARG_BLOB) {
			blob_text(t, s, &p->type, (const u8 *)(blob + 1), *blob,
				  r->v[1 + i]);
			blob += 1 + DIV_ROUND_UP(site->blob, 8);
		} else if (p->type.kind != VALUE_USER ||
			   !user_text(t, c, r->v[1 + i])) {
			scalar_text(t, &p->type, r->v[1 + i]);
		}
	}
}

void function_result_text(struct session *s, struct text *t,
			  const struct trace_rec *r)
{
	const struct value_type *v = &s->symbols->functions[r->v[0]].ret;
	s64 n;

	if (v->kind == VALUE_VOID)
		return;
	text_str(t, " = ");
	n = v->kind == VALUE_INT ? sized(v, r->v[1]) : (s64)r->v[2];
	if ((v->kind == VALUE_INT
		     ? v->is_signed && v->bytes >= 4
		     : v->kind >= VALUE_POINTER && v->kind <= VALUE_DEV) &&
	    n < 0 && n >= -MAX_ERRNO && errno_name(-n)) {
		text_char(t, '-');
		text_str(t, errno_name(-n));
		return;
	}
	scalar_text(t, v, r->v[1]);
}
