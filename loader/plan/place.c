// SPDX-License-Identifier: MIT
/*
 * Programs whose section does not say where they go: a network device (XDP, tcx, netkit), a cgroup,
 * a network namespace. A person says it, by an option; without it they are loaded and no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/plan/planner.h"

#define TCX_INGRESS                                                                                \
	46u /* 6.6: in the enum of attach types, which older headers lack; so for these */
#define NETKIT_PRIMARY 54u /* 6.7 */
#define NETKIT_PEER    55u

/* BPF_LINK_CREATE of the program at a number or at the fd in a slot. */
static struct plan_step *link_create(struct planner *p, uint32_t func, uint32_t attr, uint32_t type,
				     const char *why, uint32_t since)
{
	const struct obj_func *f = &p->object->funcs[func];
	uint32_t link = plan_slot(p->plan, SLOT_FD, OF_LINK, func, -1, "link(%s)", f->name);

	attr_slot(p->plan, attr, "prog_fd", p->prog_slots[func]);
	attr_int(p->plan, attr, "attach_type", type);
	return plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr, why, since, link);
}

/* The number of a network device: its name is one in the namespace of whoever makes the plan. */
static int device_index(struct planner *p, uint32_t func, uint32_t *index)
{
	const char *dev = p->opts->dev, *text;
	char path[128], *end;
	unsigned long number;

	if (strchr(dev, '/') || strlen(dev) > 15)
		return plan_refuse(p, func, -EINVAL, "\"%s\" is no name of a network device", dev);
	snprintf(path, sizeof(path), "/sys/class/net/%s/ifindex", dev);
	text = target_fact(p->target, path);
	if (!text) {
		err_hint(p->err, "ip link; ls /sys/class/net");
		return plan_refuse(p, func, -ENODEV, "there is no network device \"%s\"", dev);
	}
	number = strtoul(text, &end, 10);
	if (end == text || *end || !number || number > INT32_MAX)
		return plan_refuse(p, func, -EINVAL, "%s is no number: \"%.40s\"", path, text);
	*index = (uint32_t)number;
	return 0;
}

int plan_device(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct section_def *def = p->object->funcs[func].def;
	const bool is_xdp = def->prog_type == BPF_PROG_TYPE_XDP;
	uint32_t type = def->attach_type, index = 0, attr;
	struct plan_step *step;
	int ret;

	(void)prog;
	if (!p->opts->dev)
		return 0;
	ret = device_index(p, func, &index);
	if (ret)
		return ret;
	if (!type)
		type = TCX_INGRESS; /* tc, classifier: as good a place as any that their name allows
				     */
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_int(p->plan, attr, "target_ifindex", index);
	step = link_create(p, func, attr, type,
			   plan_text(p->plan,
				     is_xdp ? "the program sees each packet that %s receives"
					    : "the program sees the packets of %s",
				     p->opts->dev),
			   is_xdp					   ? KERNEL(5, 9)
			   : type == NETKIT_PRIMARY || type == NETKIT_PEER ? KERNEL(6, 7)
									   : KERNEL(6, 6));
	step_cause(p->plan, step, EBUSY,
		   plan_text(p->plan, "another program is attached to %s", p->opts->dev),
		   "ip link show dev DEVICE; bpftool net");
	step_cause(p->plan, step, EEXIST,
		   plan_text(p->plan, "another program is attached to %s", p->opts->dev),
		   "bpftool net");
	step_cause(p->plan, step, EOPNOTSUPP,
		   plan_text(p->plan,
			     "%s takes no such program: its driver, or its size of packets",
			     p->opts->dev),
		   NULL);
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan,
			     is_xdp ? "the kernel does not attach this program to %s"
				    : "the kernel does not attach this program to %s (tcx: 6.6; "
				      "netkit: a device of that kind)",
			     p->opts->dev),
		   NULL);
	return 0;
}

/* A slot that is an fd of a file that stands for a place; one a plan. */
static uint32_t open_place(struct planner *p, const char *path, int flags, const char *why,
			   const char *what, const char *hint)
{
	uint32_t slot;
	struct plan_step *step;

	for (uint32_t i = 0; i < p->plan->n_slots; i++)
		if (p->plan->slots[i].of == OF_PLACE &&
		    !strcmp(p->plan->slots[i].name, plan_text(p->plan, "place(%s)", path)))
			return i;
	slot = plan_slot(p->plan, SLOT_FD, OF_PLACE, NONE, -1, "place(%s)", path);
	step = plan_step(p->plan, &p->plan->steps, CALL_OPENAT, why, 0, slot);
	step_int(step, AT_FDCWD);
	step_blob(step, plan_string(p->plan, path));
	step_int(step, O_RDONLY | O_CLOEXEC | flags);
	step_int(step, 0);
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "%s %s", what, path), hint);
	return slot;
}

int plan_cgroup(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct section_def *def = p->object->funcs[func].def;
	uint32_t place, attr;
	struct plan_step *step;
	struct plan_alt *alt;

	if (!p->opts->cgroup)
		return 0;
	place = open_place(p, p->opts->cgroup, O_DIRECTORY, "the cgroup", "there is no cgroup",
			   "mount -t cgroup2 none /sys/fs/cgroup");
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_slot(p->plan, attr, "target_fd", place);
	step = link_create(
		p, func, attr, def->attach_type,
		plan_text(p->plan, "the program runs for every process of %s", p->opts->cgroup),
		def->prog_type == BPF_PROG_TYPE_LSM ? KERNEL(6, 0) : KERNEL(5, 7));
	step_cause(p->plan, step, EBADF,
		   plan_text(p->plan, "%s is no cgroup of version 2", p->opts->cgroup),
		   "mount -t cgroup2 none /sys/fs/cgroup");
	step_cause(p->plan, step, EPERM,
		   plan_text(p->plan,
			     "a program that allows no other is attached to %s or to one above it",
			     p->opts->cgroup),
		   "bpftool cgroup tree");
	if (def->prog_type == BPF_PROG_TYPE_LSM)
		return 0;
	alt = step_alt(p->plan, step, ALT_STEPS,
		       "the kernel has no links (before 5.7); it stays until it is detached",
		       EINVAL, 0);
	attr = plan_attr(p->plan, BPF_PROG_ATTACH);
	attr_slot(p->plan, attr, "target_fd", place);
	attr_slot(p->plan, attr, "attach_bpf_fd", prog);
	attr_int(p->plan, attr, "attach_type", def->attach_type);
	attr_int(p->plan, attr, "attach_flags", BPF_F_ALLOW_MULTI);
	step = plan_bpf(p->plan, &alt->steps, BPF_PROG_ATTACH, attr,
			"beside the programs that are there", KERNEL(4, 15), NONE);
	attr = plan_attr(p->plan, BPF_PROG_DETACH);
	attr_slot(p->plan, attr, "target_fd", place);
	attr_slot(p->plan, attr, "attach_bpf_fd", prog);
	attr_int(p->plan, attr, "attach_type", def->attach_type);
	plan_bpf(p->plan, &step->undo, BPF_PROG_DETACH, attr,
		 "takes the program away from the cgroup", KERNEL(4, 10), NONE);
	return 0;
}

int plan_netns(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct section_def *def = p->object->funcs[func].def;
	uint32_t attr, place;
	struct plan_step *step;

	(void)prog;
	if (!p->opts->netns)
		return 0;
	place = open_place(p, p->opts->netns, 0, "the network namespace",
			   "there is no network namespace", "/proc/self/ns/net, /run/netns/NAME");
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	attr_slot(p->plan, attr, "target_fd", place);
	step = link_create(
		p, func, attr, def->attach_type,
		plan_text(p->plan, "the program runs for the network namespace %s", p->opts->netns),
		def->prog_type == BPF_PROG_TYPE_SK_LOOKUP ? KERNEL(5, 9) : KERNEL(5, 8));
	step_cause(
		p->plan, step, EINVAL,
		plan_text(
			p->plan,
			"%s is no network namespace, or the kernel cannot link this program to one",
			p->opts->netns),
		"/proc/self/ns/net");
	step_cause(p->plan, step, EEXIST,
		   plan_text(p->plan, "another program is attached to %s", p->opts->netns), NULL);
	return 0;
}
