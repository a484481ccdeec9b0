/* SPDX-License-Identifier: MIT */
/*
 * blake3lanes.h: the chaining values of several inputs at once, one in each lane
 * of a vector. blake3.c includes it once for every width, with these defined:
 *   LANES      inputs at once
 *   TARGET     marks functions that use the instructions for it
 *   LOW, HIGH  the places of a0 b0 a1 b1 ... in a, b: first half, second half
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define VEC JOIN(vec, LANES)

typedef uint32_t VEC attr_vector(4 * LANES);

/* Lane i of row j changes places with lane j of row i: mixing the halves doubles
 * the number of a row and halves that of a lane, until all bits have moved. */
TARGET static attr_inline void
JOIN(transpose, LANES)(VEC row[LANES])
{
	VEC was[LANES];

#pragma GCC unroll 4
	for (size_t step = 1; step < LANES; step *= 2) {
#pragma GCC unroll 16
		for (size_t i = 0; i < LANES; i++)
			was[i] = row[i];
#pragma GCC unroll 8
		for (size_t i = 0; i < LANES / 2; i++) {
			VEC a = was[i], b = was[i + LANES / 2];

			row[2 * i] = __builtin_shufflevector(a, b, LOW);
			row[2 * i + 1] = __builtin_shufflevector(a, b, HIGH);
		}
	}
}

/* Word i of every input's block into m[i]. Lanes too many have the first one's. */
TARGET static attr_inline void
JOIN(load, LANES)(VEC m[16], const struct job *j, size_t n, size_t block)
{
#pragma GCC unroll 4
	for (size_t word = 0; word < 16; word += LANES) {
#pragma GCC unroll 16
		for (size_t i = 0; i < LANES; i++)
			memcpy(&m[word + i], j->in + (i < n ? i : 0) *
			    j->stride + BLOCK * block + 4 * word, sizeof(VEC));
		JOIN(transpose, LANES)(m + word);
	}
}

TARGET static void
JOIN(hash, LANES)(const struct job *j, size_t n, uint8_t *out)
{
	VEC h[8], v[16], m[16], low, high;

	for (size_t i = 0; i < LANES; i++) {
		uint64_t number = j->counter + (j->counts ? i : 0);

		low[i] = (uint32_t)number;
		high[i] = (uint32_t)(number >> 32);
	}
	for (size_t i = 0; i < 8; i++)
		h[i] = (VEC){ 0 } + iv[i];
	for (size_t block = 0; block < j->blocks; block++) {
		JOIN(load, LANES)(m, j, n, block);
		BEGIN(v, h, (VEC){ 0 }, low, high, job_length(j, block),
		    job_flags(j, block));
		ROUNDS(v, m);
#pragma GCC unroll 8
		for (size_t i = 0; i < 8; i++)
			h[i] = v[i] ^ v[i + 8];
	}
	for (size_t i = 0; i < n; i++)
		for (size_t w = 0; w < 8; w++)
			swar_store4((char *)out + BLAKE3_LEN * i + 4 * w,
			    h[w][i]);
}

#undef JOIN2
#undef JOIN
#undef VEC
#undef LANES
#undef TARGET
#undef LOW
#undef HIGH
