// SPDX-License-Identifier: MIT
/*
 * What Debian's libbpf.a, libelf.a and libz.a ask of glibc and musl does not have: with it they make
 * a static program on musl, to be put beside `make static`. Knows nothing of what it is linked to.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int __snprintf_chk(char *to, size_t n, int flag, size_t size, const char *format, ...);
int __vsnprintf_chk(char *to, size_t n, int flag, size_t size, const char *format, va_list args);
int __sprintf_chk(char *to, int flag, size_t size, const char *format, ...);
int __vfprintf_chk(FILE *to, int flag, const char *format, va_list args);
int __vdprintf_chk(int fd, int flag, const char *format, va_list args);
char *__strcat_chk(char *to, const char *from, size_t size);
char *__strcpy_chk(char *to, const char *from, size_t size);
char *__realpath_chk(const char *path, char *to, size_t size);
int fcntl64(int fd, int command, void *arg);

int __vsnprintf_chk(char *to, size_t n, int flag, size_t size, const char *format, va_list args)
{
	(void)flag, (void)size;
	return vsnprintf(to, n, format, args);
}

int __snprintf_chk(char *to, size_t n, int flag, size_t size, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = __vsnprintf_chk(to, n, flag, size, format, args);
	va_end(args);
	return ret;
}

int __sprintf_chk(char *to, int flag, size_t size, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = __vsnprintf_chk(to, size, flag, size, format, args);
	va_end(args);
	return ret;
}

int __vfprintf_chk(FILE *to, int flag, const char *format, va_list args)
{
	(void)flag;
	return vfprintf(to, format, args);
}

int __vdprintf_chk(int fd, int flag, const char *format, va_list args)
{
	(void)flag;
	return vdprintf(fd, format, args);
}

char *__strcat_chk(char *to, const char *from, size_t size)
{
	(void)size;
	return strcat(to, from);
}

char *__strcpy_chk(char *to, const char *from, size_t size)
{
	(void)size;
	return strcpy(to, from);
}

char *__realpath_chk(const char *path, char *to, size_t size)
{
	(void)size;
	return realpath(path, to);
}

int fcntl64(int fd, int command, void *arg)
{
	return fcntl(fd, command, arg);
}
