// The block types' facts as constants: inlined where the type is known, they leave no trace of a choice.
#ifndef PLATEN_KERNELS_LAYOUT_H
#define PLATEN_KERNELS_LAYOUT_H

#include "internal.h"

/// The block types, for what is written once and compiled for each. Not inlined into one another, the inner loops keep their registers.
#define PL_BLOCK_TYPES(X) \
    X(Q4_0) X(Q4_1) X(Q5_0) X(Q5_1) X(Q8_0) X(IQ4_NL) X(IQ4_XS) X(Q2_K) X(Q3_K) X(Q4_K) X(Q5_K) X(Q6_K)
#define PL_NOINLINE static __attribute__((noinline, unused))

/// What each level stands above its value.
PL_INLINE int level_offset(int type) {
    return type == PL_Q3_K ? 4 : type == PL_Q4_0 ? 8 : type == PL_Q5_0 ? 16 : type == PL_Q6_K ? 32 : 0;
}

/// Types whose levels are signed bytes.
PL_INLINE bool has_signed_levels(int type) { return type == PL_Q8_0 || type == PL_IQ4_NL || type == PL_IQ4_XS; }

PL_INLINE int block_size(int type) {
    return type == PL_Q2_K || type == PL_Q3_K || type == PL_Q4_K || type == PL_Q5_K || type == PL_Q6_K || type == PL_IQ4_XS ? 256 : 32;
}

/// Blocks of 256 with a scale for every 16 weights; the others have one for every 32.
PL_INLINE bool has_scales_of_16(int type) { return type == PL_Q2_K || type == PL_Q3_K || type == PL_Q6_K; }

PL_INLINE int block_bytes(int type) {
    switch (type) {
    case PL_Q4_0: return sizeof(pl_block_q4_0);
    case PL_Q4_1: return sizeof(pl_block_q4_1);
    case PL_Q5_0: return sizeof(pl_block_q5_0);
    case PL_Q5_1: return sizeof(pl_block_q5_1);
    case PL_Q8_0: return sizeof(pl_block_q8_0);
    case PL_IQ4_NL: return sizeof(pl_block_iq4_nl);
    case PL_IQ4_XS: return sizeof(pl_block_iq4_xs);
    case PL_Q2_K: return sizeof(pl_block_q2_k);
    case PL_Q3_K: return sizeof(pl_block_q3_k);
    case PL_Q4_K: return sizeof(pl_block_q4_k);
    case PL_Q5_K: return sizeof(pl_block_q5_k);
    default: return sizeof(pl_block_q6_k);
    }
}

/// Types whose weights are d * level + minimum.
PL_INLINE bool has_minimum(int type) {
    return type == PL_Q4_1 || type == PL_Q5_1 || type == PL_Q2_K || type == PL_Q4_K || type == PL_Q5_K;
}

/// Where a block keeps its scale, and its minimum or the scale of its minimums.
PL_INLINE size_t scale_offset(int type) {
    return type == PL_Q2_K ? offsetof(pl_block_q2_k, d) : type == PL_Q3_K ? offsetof(pl_block_q3_k, d)
        : type == PL_Q6_K ? offsetof(pl_block_q6_k, d) : 0;
}
PL_INLINE size_t minimum_offset(int type) { return scale_offset(type) + 2; }

/// Where the rows of a tile lie; rows beyond `count` repeat the last.
PL_INLINE void tile_rows(const uint8_t **row, int tile, const pl_matrix *m, int32_t first, int32_t count, size_t row_bytes) {
    for (int r = 0; r < tile; r++) row[r] = (const uint8_t *)m->weights + (size_t)(first + (r < count ? r : count - 1)) * row_bytes;
}

#endif
