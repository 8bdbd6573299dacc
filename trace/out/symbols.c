/* SPDX-License-Identifier: MIT */
#include "trace/out/symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/out/names.h"

/* What `file` of struct symbols is. */
struct file {
	int fd;
	Elf *elf;
	Dwarf *dwarf;
	unsigned long bias; /* run-time address less the file's */
	struct symbols *sy;
	struct trace_site *sites;
	bool args;
};

/* Parameters that are numbers of a table, by name; functions by prefix. */
static const struct {
	const char *function, *param;
	u8 names;
} named[] = {
	{ "sys_socketcall", "call", NAMES_SOCKCALL },
	{ "sys_socket", "type", NAMES_TYPE },
	{ "sys_send", "flags", NAMES_MSG },
	{ "sys_recv", "flags", NAMES_MSG },
	{ "", "family", NAMES_FAMILY },
	{ "", "protocol", NAMES_PROTOCOL },
	{ "", "level", NAMES_LEVEL },
	{ "__sys_shutdown", "how", NAMES_HOW },
	{ "sys_shutdown", "how", NAMES_HOW },
	{ "security_socket_shutdown", "how", NAMES_HOW },
	{ "inet_shutdown", "how", NAMES_HOW },
	{ "tcp_shutdown", "how", NAMES_HOW },
	{ "__sys_socket", "type", NAMES_TYPE },
	{ "__sock_create", "type", NAMES_TYPE },
	{ "sock_create", "type", NAMES_TYPE },
	{ "security_socket", "type", NAMES_TYPE },
	{ "__sys_send", "flags", NAMES_MSG },
	{ "__sys_recv", "flags", NAMES_MSG },
	{ "sock_recvmsg", "flags", NAMES_MSG },
	{ "inet_recvmsg", "flags", NAMES_MSG },
	{ "tcp_recvmsg", "flags", NAMES_MSG },
	{ "udp_recvmsg", "flags", NAMES_MSG },
	{ "raw_recvmsg", "flags", NAMES_MSG },
	{ "__sys_accept", "flags", NAMES_TYPE },
	{ "inet_stream_connect", "flags", NAMES_OPEN },
	{ "__inet_stream_connect", "flags", NAMES_OPEN },
	{ "tcp_set_state", "state", NAMES_STATE },
	{ "sock_alloc_file", "flags", NAMES_OPEN },
	{ "sock_map_fd", "flags", NAMES_OPEN },
	{ "get_unused_fd", "flags", NAMES_OPEN },
	{ "fd_install", "flags", NAMES_OPEN },
	{ "sk_set_state", "state", NAMES_STATE },
};

/*
 * Never traced, as they replace libc's in the whole program; what formats
 * events calls them.
 */
static const char *const shared[] = {
	"memcpy", "memmove", "memset",	"memcmp",
	"strlen", "strcmp",  "strncmp", "strscpy",
};

/* Structures that begin with a struct sock. */
static const char *const socks[] = {
	"sock",	    "inet_sock", "inet_connection_sock", "tcp_sock", "udp_sock",
	"raw_sock", "ping_sock", "netlink_sock",
};

static bool file_open(struct file *f)
{
	(void)elf_version(EV_CURRENT);
	f->fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (f->fd < 0)
		return false;
	f->elf = elf_begin(f->fd, ELF_C_READ_MMAP, NULL);
	if (!f->elf)
		return false;
	f->dwarf = dwarf_begin_elf(f->elf, DWARF_C_READ, NULL);
	return true;
}

/* The program itself comes first. */
static int take_bias(struct dl_phdr_info *info, size_t size, void *bias)
{
	*(unsigned long *)bias = info->dlpi_addr;
	return 1;
}

/* The site of the function at @addr of the file, or -1. */
static int site_at(const struct file *f, u64 addr)
{
	int lo = 0, hi = f->sy->nr, mid;

	addr += f->bias;
	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (f->sites[mid].addr == addr)
			return mid;
		if (f->sites[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

static void read_symtab(struct file *f)
{
	Elf_Scn *scn = NULL;
	Elf_Data *data;
	GElf_Shdr sh;
	GElf_Sym sym;
	size_t i;
	int site;

	while ((scn = elf_nextscn(f->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(scn, NULL);
		for (i = 0; data && i < sh.sh_size / sh.sh_entsize; i++) {
			if (!gelf_getsym(data, i, &sym) ||
			    GELF_ST_TYPE(sym.st_info) != STT_FUNC)
				continue;
			site = site_at(f, sym.st_value);
			if (site >= 0)
				f->sy->functions[site].name = elf_strptr(
					f->elf, sh.sh_link, sym.st_name);
		}
	}
}

/* The type of @die with const, volatile and the like taken off. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *ret, const char **ret_typedef)
{
	Dwarf_Attribute attr;
	Dwarf_Die type = *die;

	*ret_typedef = NULL;
	for (;;) {
		if (!dwarf_attr_integrate(&type, DW_AT_type, &attr) ||
		    !dwarf_formref_die(&attr, ret))
			return false;
		switch (dwarf_tag(ret)) {
		case DW_TAG_typedef:
			if (!*ret_typedef)
				*ret_typedef = dwarf_diename(ret);
			break;
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
			break;
		default:
			return true;
		}
		type = *ret;
	}
}

static const struct enum_names *enum_names(struct symbols *sy, Dwarf_Die *type)
{
	struct enum_names *e;
	Dwarf_Attribute attr;
	Dwarf_Die child;
	unsigned int n = 0;
	Dwarf_Sword v;

	for (e = sy->enums; e; e = e->next)
		if (e->die == dwarf_dieoffset(type))
			return e;
	if (dwarf_child(type, &child))
		return NULL;
	do
		n++;
	while (!dwarf_siblingof(&child, &child));
	e = calloc(1, sizeof(*e) + n * sizeof(e->names[0]));
	if (!e)
		return NULL;
	(void)dwarf_child(type, &child);
	do {
		if (!dwarf_attr(&child, DW_AT_const_value, &attr) ||
		    dwarf_formsdata(&attr, &v))
			continue;
		e->names[e->n].value = v;
		e->names[e->n++].name = dwarf_diename(&child);
	} while (!dwarf_siblingof(&child, &child));
	e->die = dwarf_dieoffset(type);
	e->next = sy->enums;
	sy->enums = e;
	return e;
}

static bool is_sock(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(socks); i++)
		if (!strcmp(name, socks[i]))
			return true;
	return false;
}

/* Functions whose pointers are the program's. */
static bool takes_user(const char *function)
{
	return !strncmp(function, "__sys_", 6) ||
	       !strncmp(function, "sys_", 4) ||
	       !strncmp(function, "compat_sys_", 11) ||
	       !strncmp(function, "___sys_", 7);
}

static u8 pointer_kind(Dwarf_Die *type, const char *function, const char *param)
{
	const char *alias, *name;
	Dwarf_Die to;

	if (takes_user(function))
		return VALUE_USER;
	if (!type_of(type, &to, &alias))
		return VALUE_POINTER;
	name = dwarf_diename(&to);
	if (!name)
		return VALUE_POINTER;
	/* A neighbour in a queue may be the queue's head. */
	if (!strcmp(name, "sk_buff"))
		return param && (!strcmp(param, "prev") ||
				 !strcmp(param, "next"))
			       ? VALUE_POINTER
			       : VALUE_SKB;
	if (!strcmp(name, "socket"))
		return VALUE_SOCKET;
	if (!strcmp(name, "sockaddr"))
		return VALUE_SOCKADDR;
	if (!strcmp(name, "msghdr"))
		return VALUE_MSGHDR;
	if (!strcmp(name, "net_device"))
		return VALUE_DEV;
	if (!strcmp(name, "flowi4"))
		return VALUE_FLOW;
	if (is_sock(name))
		return VALUE_SOCK;
	/* Text, if it says so: u8 and void have other names. */
	if (!strcmp(name, "char") && dwarf_tag(&to) == DW_TAG_base_type &&
	    param && (!strcmp(param, "fmt") || !strcmp(param, "name")))
		return VALUE_STRING;
	return VALUE_POINTER;
}

static void base_type(Dwarf_Die *type, const char *alias, struct value_type *v)
{
	Dwarf_Attribute attr;
	Dwarf_Word enc = 0;

	if (dwarf_attr(type, DW_AT_encoding, &attr))
		(void)dwarf_formudata(&attr, &enc);
	v->bytes = dwarf_bytesize(type);
	v->is_signed = enc == DW_ATE_signed || enc == DW_ATE_signed_char;
	v->kind = enc == DW_ATE_boolean ? VALUE_BOOL : VALUE_INT;
	if (alias && !strcmp(alias, "__be32"))
		v->kind = VALUE_IP4;
	else if (alias && !strcmp(alias, "__be16"))
		v->kind = VALUE_PORT;
}

/* How the value that @die declares is written. */
static void read_type(struct file *f, Dwarf_Die *die, const char *function,
		      const char *param, struct value_type *v)
{
	const char *alias;
	Dwarf_Die type;
	size_t i;

	*v = (struct value_type){ .kind = VALUE_VOID };
	if (!type_of(die, &type, &alias))
		return;
	switch (dwarf_tag(&type)) {
	case DW_TAG_pointer_type:
		v->kind = pointer_kind(&type, function, param);
		break;
	case DW_TAG_enumeration_type:
		v->kind = VALUE_ENUM;
		v->bytes = 4;
		v->is_signed = true;
		v->enums = enum_names(f->sy, &type);
		break;
	case DW_TAG_base_type:
		base_type(&type, alias, v);
		break;
	default:
		v->kind = VALUE_STRUCT;
		return;
	}
	for (i = 0; v->kind == VALUE_INT && param && i < ARRAY_SIZE(named);
	     i++) {
		if (strcmp(param, named[i].param) ||
		    strncmp(function, named[i].function,
			    strlen(named[i].function)))
			continue;
		v->kind = VALUE_NAMED;
		v->names = named[i].names;
	}
}

static void read_params(struct file *f, Dwarf_Die *die, struct function *fn)
{
	struct param *p;
	Dwarf_Die child;

	read_type(f, die, fn->name, NULL, &fn->ret);
	if (dwarf_child(die, &child))
		return;
	do {
		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		if (fn->nparams == TRACE_MAX_ARGS)
			return;
		p = &fn->params[fn->nparams];
		p->name = dwarf_diename(&child);
		read_type(f, &child, fn->name, p->name, &p->type);
		/* What follows a structure may be anywhere. */
		if (p->type.kind == VALUE_STRUCT)
			return;
		fn->nparams++;
	} while (!dwarf_siblingof(&child, &child));
}

static int read_function(Dwarf_Die *die, void *arg)
{
	struct file *f = arg;
	struct function *fn;
	Dwarf_Addr pc;
	int site;

	if (dwarf_lowpc(die, &pc))
		return DWARF_CB_OK;
	site = site_at(f, pc);
	if (site < 0)
		return DWARF_CB_OK;
	fn = &f->sy->functions[site];
	fn->name = dwarf_diename(die);
	if (fn->name)
		read_params(f, die, fn);
	return DWARF_CB_OK;
}

/* Offset of the member @name, *ret_type its type. */
static int member(Dwarf_Die *type, const char *name, Dwarf_Die *ret_type)
{
	const char *alias;
	Dwarf_Attribute attr;
	Dwarf_Die child;
	Dwarf_Word off;

	if (dwarf_child(type, &child))
		return -1;
	do {
		if (dwarf_tag(&child) != DW_TAG_member ||
		    !dwarf_diename(&child) ||
		    strcmp(dwarf_diename(&child), name) ||
		    !dwarf_attr(&child, DW_AT_data_member_location, &attr) ||
		    dwarf_formudata(&attr, &off))
			continue;
		if (ret_type && !type_of(&child, ret_type, &alias))
			return -1;
		return off;
	} while (!dwarf_siblingof(&child, &child));
	return -1;
}

static void read_struct(struct layout *l, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	Dwarf_Die iter;
	int off, count;

	if (!name)
		return;
	if (l->skb_id < 0 && !strcmp(name, "sk_buff")) {
		l->skb_id = member(die, "id", NULL);
	} else if (l->sock_id < 0 && !strcmp(name, "sock")) {
		l->sock_id = member(die, "sk_id", NULL);
	} else if (l->socket_sk < 0 && !strcmp(name, "socket")) {
		l->socket_sk = member(die, "sk", NULL);
	} else if (l->msg_flags < 0 && !strcmp(name, "msghdr")) {
		l->msg_flags = member(die, "msg_flags", NULL);
		off = member(die, "msg_iter", &iter);
		count = off < 0 ? -1 : member(&iter, "count", NULL);
		l->msg_count = count < 0 ? -1 : off + count;
	} else if (l->flow_daddr < 0 && !strcmp(name, "flowi4")) {
		l->flow_daddr = member(die, "daddr", NULL);
		l->flow_saddr = member(die, "saddr", NULL);
	}
}

static void read_structs(struct file *f, Dwarf_Die *cu)
{
	Dwarf_Die die;

	if (dwarf_child(cu, &die))
		return;
	do {
		if (dwarf_tag(&die) == DW_TAG_structure_type)
			read_struct(&f->sy->layout, &die);
	} while (!dwarf_siblingof(&die, &die));
}

/* lib/ is what others build on, not a step on anybody's way. */
static void not_wanted(struct file *f, u64 start, u64 end)
{
	int i;

	for (i = 0; i < f->sy->nr; i++)
		if (f->sites[i].addr - f->bias >= start &&
		    f->sites[i].addr - f->bias < end)
			f->sites[i].wanted = false;
}

static bool is_lib(Dwarf_Die *cu)
{
	const char *name = dwarf_diename(cu);

	return name && (!strncmp(name, "lib/", 4) || strstr(name, "/lib/"));
}

static bool has_site(struct file *f, Dwarf_Die *cu)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t off = 0;
	bool lib = is_lib(cu);
	int i;

	while ((off = dwarf_ranges(cu, off, &base, &start, &end)) > 0) {
		if (lib) {
			not_wanted(f, start, end);
			continue;
		}
		for (i = 0; i < f->sy->nr; i++)
			if (f->sites[i].addr - f->bias >= start &&
			    f->sites[i].addr - f->bias < end)
				return true;
	}
	return false;
}

static void read_dwarf(struct file *f)
{
	Dwarf_Die cu_mem, *cu;
	Dwarf_CU *unit = NULL;
	u8 type;

	while (!dwarf_get_units(f->dwarf, unit, &unit, NULL, &type, &cu_mem,
				NULL)) {
		cu = &cu_mem;
		if (type != DW_UT_compile || !has_site(f, cu) || !f->args)
			continue;
		(void)dwarf_getfuncs(cu, read_function, f, 0);
		read_structs(f, cu);
	}
}

/* What the recorder does with a register of this type. */
static u8 recorded(const struct layout *l, const struct value_type *v)
{
	switch (v->kind) {
	case VALUE_SKB:
		return l->skb_id >= 0 ? TRACE_ARG_SKB : TRACE_ARG_RAW;
	case VALUE_SOCK:
		return l->sock_id >= 0 ? TRACE_ARG_SOCK : TRACE_ARG_RAW;
	case VALUE_SOCKET:
		return l->sock_id >= 0 && l->socket_sk >= 0 ? TRACE_ARG_SOCKET
							    : TRACE_ARG_RAW;
	case VALUE_SOCKADDR:
	case VALUE_MSGHDR:
	case VALUE_DEV:
	case VALUE_STRING:
	case VALUE_FLOW:
		return TRACE_ARG_BLOB;
	default:
		return TRACE_ARG_RAW;
	}
}

static u8 blob_size(const struct value_type *v)
{
	/* A device begins with its name. */
	return v->kind == VALUE_MSGHDR || v->kind == VALUE_FLOW ? TRACE_BLOB_MAX
								: 16;
}

static void prepare(const struct symbols *sy, struct trace_site *sites)
{
	const struct function *fn;
	int i, a;

	for (i = 0; i < sy->nr; i++) {
		fn = &sy->functions[i];
		sites[i].nargs = fn->nparams;
		sites[i].ret = recorded(&sy->layout, &fn->ret);
		if (sites[i].ret == TRACE_ARG_BLOB)
			sites[i].ret = TRACE_ARG_RAW;
		sites[i].blob = 0;
		for (a = 0; a < fn->nparams; a++) {
			sites[i].arg[a] =
				recorded(&sy->layout, &fn->params[a].type);
			if (sites[i].arg[a] == TRACE_ARG_BLOB)
				sites[i].blob =
					max(sites[i].blob,
					    blob_size(&fn->params[a].type));
		}
	}
}

static void skip_shared(struct file *f)
{
	const char *name;
	size_t k;
	int i;

	for (i = 0; i < f->sy->nr; i++) {
		name = f->sy->functions[i].name;
		for (k = 0; name && k < ARRAY_SIZE(shared); k++)
			if (!strcmp(name, shared[k]))
				f->sites[i].wanted = false;
	}
}

struct symbols *symbols_load(struct trace_site *sites, int n, bool args)
{
	struct symbols *sy = calloc(1, sizeof(*sy));
	struct file *f = calloc(1, sizeof(*f));

	if (!sy || !f)
		goto out_free;
	sy->functions = calloc(n + 1, sizeof(*sy->functions));
	if (!sy->functions)
		goto out_free;
	sy->nr = n;
	sy->file = f;
	memset(&sy->layout, 0xff, sizeof(sy->layout));
	f->sy = sy;
	f->sites = sites;
	f->args = args;
	f->fd = -1;
	(void)dl_iterate_phdr(take_bias, &f->bias);
	if (file_open(f)) {
		read_symtab(f);
		if (f->dwarf)
			read_dwarf(f);
	}
	skip_shared(f);
	prepare(sy, sites);
	return sy;

out_free:
	free(f);
	free(sy);
	return NULL;
}

void symbols_config(const struct symbols *sy, struct trace_config *cfg)
{
	cfg->skb_id = sy->layout.skb_id;
	cfg->sock_id = sy->layout.sock_id;
	cfg->socket_sk = sy->layout.socket_sk;
}

void symbols_free(struct symbols *sy)
{
	struct enum_names *e;
	struct file *f;

	if (!sy)
		return;
	f = sy->file;
	while ((e = sy->enums)) {
		sy->enums = e->next;
		free(e);
	}
	if (f->dwarf)
		(void)dwarf_end(f->dwarf);
	if (f->elf)
		(void)elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
	free(f);
	free(sy->functions);
	free(sy);
}

const char *symbols_name(const struct symbols *sy, unsigned int site)
{
	static char unknown[24];

	if (sy && sy->functions[site].name)
		return sy->functions[site].name;
	(void)snprintf(unknown, sizeof(unknown), "function_%u", site);
	return unknown;
}
