/* SPDX-License-Identifier: MIT */
/* sha256x86.h: SHA-256 by the instructions that x86 processors have for it,
 * several times as fast as the C code of sha256.c and with equal results. */
#ifndef BASE_SHA256X86_H
#define BASE_SHA256X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False on other processors; the other function may not be called then. */
bool sha256x86_usable(void);
/* Mixes n blocks of 64 bytes into the state; k: the 64 round constants. */
void sha256x86_mix(uint32_t s[8], const uint8_t *p, size_t n,
    const uint32_t k[64]);

#endif
