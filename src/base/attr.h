/* SPDX-License-Identifier: MIT */
/* attr.h: the only compiler extensions of the tree, each empty elsewhere. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define countof(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define attr_printf(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define attr_noreturn __attribute__((noreturn))
/* For small functions of which a constant argument makes most disappear. */
#define attr_inline inline __attribute__((always_inline))
/* For what is rare, so that what calls it stays small. */
#define attr_apart __attribute__((noinline))
/* Zero bits below the lowest one of a number that is not 0. */
#define attr_ctz64(x) __builtin_ctzll(x)
/* ... above the highest one. */
#define attr_clz64(x) __builtin_clzll(x)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* A variable that is set before it is read, large enough for it to matter that
 * the compiler would set it to 0 (-ftrivial-auto-var-init). */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define attr_unset __attribute__((uninitialized))
#endif
#endif
/* Memory that will be read soon; that will be written. Compilers have the latter for
 * some processors only, though those that do not know it do nothing. */
#define prefetch(p) __builtin_prefetch(p)
#if defined(__x86_64__)
#define prefetch_write(p) \
	__asm__ volatile("prefetchw %0" : : "m"(*(const char *)(p)))
#else
#define prefetch_write(p) __builtin_prefetch(p, 1)
#endif
/* A function compiled for instructions that not every processor has. */
#define attr_target(features) __attribute__((target(features)))
#if defined(__x86_64__)
#define ATTR_X86_64 1
#endif
/* Numbers counted with at once, n bytes of them; the first byte in memory is the
 * lowest of the first number. */
#if defined(__has_builtin) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#if __has_builtin(__builtin_shufflevector)
#define attr_vector(n) __attribute__((vector_size(n)))
#define ATTR_VECTOR 1
#endif
#endif
#if defined(__SIZEOF_INT128__)
#define ATTR_UINT128 1
__extension__ typedef unsigned __int128 attr_uint128;
#endif
#else
#define attr_printf(fmt, arg)
#define attr_noreturn
#define attr_inline inline
#define attr_apart
#define likely(x) (x)
#define unlikely(x) (x)
#define prefetch(p) ((void)(p))
#define prefetch_write(p) ((void)(p))
#endif

#ifndef attr_unset
#define attr_unset
#endif

#endif
