// SPDX-License-Identifier: MIT
/*
 * Names of the flags of the calls beside bpf(2) and perf_event_open(2). The numbers are those of
 * the C library that this is built with, since they differ between architectures.
 */
#include "loader/abi/abi.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>

/* The access mode is two bits that are a number: 0 has the name RDONLY, which a set of flags cannot
 * show. */
const struct abi_name abi_o_flags[] = {
	{O_WRONLY, "WRONLY", 0},
	{O_RDWR, "RDWR", 0},
	{O_CREAT, "CREAT", 0},
	{O_EXCL, "EXCL", 0},
	{O_TRUNC, "TRUNC", 0},
	{O_APPEND, "APPEND", 0},
	{O_NONBLOCK, "NONBLOCK", 0},
	{O_DIRECTORY, "DIRECTORY", 0},
	{O_NOFOLLOW, "NOFOLLOW", 0},
	{O_CLOEXEC, "CLOEXEC", 0},
	{0, NULL, 0},
};

const struct abi_name abi_at_flags[] = {
	{AT_REMOVEDIR, "REMOVEDIR", 0},
	{0, NULL, 0},
};

const struct abi_name abi_mmap_prot[] = {
	{PROT_READ, "READ", 0},
	{PROT_WRITE, "WRITE", 0},
	{PROT_EXEC, "EXEC", 0},
	{0, NULL, 0},
};

const struct abi_name abi_mmap_flags[] = {
	{MAP_SHARED, "SHARED", 0},	 {MAP_PRIVATE, "PRIVATE", 0},	  {MAP_FIXED, "FIXED", 0},
	{MAP_ANONYMOUS, "ANONYMOUS", 0}, {MAP_NORESERVE, "NORESERVE", 0}, {0x100000, "FIXED_NOREPLACE", 0},
	{0, NULL, 0},
};

const struct abi_name abi_epoll_ops[] = {
	{EPOLL_CTL_ADD, "ADD", 0},
	{EPOLL_CTL_DEL, "DEL", 0},
	{EPOLL_CTL_MOD, "MOD", 0},
	{0, NULL, 0},
};

const struct abi_name abi_epoll_events[] = {
	{EPOLLIN, "IN", 0},   {EPOLLOUT, "OUT", 0}, {EPOLLERR, "ERR", 0},
	{EPOLLHUP, "HUP", 0}, {0, NULL, 0},
};

const struct abi_name abi_epoll_flags[] = {
	{EPOLL_CLOEXEC, "CLOEXEC", 0},
	{0, NULL, 0},
};
