/* SPDX-License-Identifier: MIT */
/* sha256x86.h: SHA-256 by the instructions that x86 processors have for it,
 * several times as fast as the C code of sha256.c and with equal results. */
#ifndef BASE_SHA256X86_H
#define BASE_SHA256X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False on other processors; the other functions may not be called then. */
bool sha256x86_usable(void);
/* Mixes n blocks of 64 bytes into the state; k: the 64 round constants. */
void sha256x86_mix(uint32_t s[8], const uint8_t *p, size_t n,
    const uint32_t k[64]);
/* Mixes the last block of a message of `before` bytes and n more, less than 56, which
 * are here. */
void sha256x86_end(uint32_t s[8], const char *p, size_t n, uint64_t before,
    const uint32_t k[64]);
/* The same of a block whose 16 words are numbers already. */
void sha256x86_mix_words(uint32_t s[8], const uint32_t w[16],
    const uint32_t k[64]);

#endif
