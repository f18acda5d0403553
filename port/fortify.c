// SPDX-License-Identifier: MIT
/*
 * Two functions of glibc that Debian's libelf.a calls, for a static program on musl: snprintf and
 * vsnprintf as _FORTIFY_SOURCE has them, which get the size of the buffer as well. Built only by `make static`.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, va_list args);
int __snprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, ...);

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, va_list args)
{
	(void)flag;
	if (size > room)
		abort(); /* the promise of _FORTIFY_SOURCE: no write behind the buffer */
	return vsnprintf(text, size, format, args);
}

int __snprintf_chk(char *text, size_t size, int flag, size_t room, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = __vsnprintf_chk(text, size, flag, room, format, args);
	va_end(args);
	return n;
}
