// Where the KV cache keeps what. A head's positions lie in tiles of 16, and in a tile so that attention runs over 16 lanes
// without folding them: keys element by element, 16 positions each; values position by position, 16 or 32 elements each.
// Heads that 16 (f16) or 32 (Q8_0) does not divide are filled up with zeros.
//
//   f16   keys    half [element][16 positions]              values  half [elements / 16][16 positions][16]
//   Q8_0  keys    pl_cache_block [elements / 32], whose q is [8 groups][16 positions][4 elements]
//         values  pl_cache_block [elements / 32], whose q is [16 positions][32 elements]
#ifndef PLATEN_KERNELS_CACHE_H
#define PLATEN_KERNELS_CACHE_H

#include "internal.h"

enum {
    PL_TILE = 16,
    PL_SPAN = 64, // positions between two looks at the largest score; spans begin at multiples of it
};

/// 32 elements of 16 positions: as many bytes as ggml's Q8_0, a scale (half) and 32 levels for each.
typedef struct { uint16_t d[16]; int8_t q[512]; } pl_cache_block;

/// Elements of a head, filled up.
PL_INLINE int32_t pl_cache_width(int32_t type, int32_t head_size) {
    return type == PL_Q8_0 ? (head_size + 31) / 32 * 32 : (head_size + 15) / 16 * 16;
}

PL_INLINE size_t pl_tile_bytes(int32_t type, int32_t head_size) {
    size_t width = (size_t)pl_cache_width(type, head_size);
    return type == PL_Q8_0 ? width / 32 * sizeof(pl_cache_block) : width * PL_TILE * sizeof(uint16_t);
}

/// Where a head's tile begins, behind c->k or c->v.
PL_INLINE size_t pl_tile_offset(const pl_cache *c, int32_t kv_head, int32_t tile) {
    return ((size_t)kv_head * (size_t)c->tiles + (size_t)tile) * pl_tile_bytes(c->type, c->head_size);
}

/// The positions that row `row` of a kv head's queries reads: first ..< end. A row is a query head of a token; the heads of
/// a token that share the kv head are neighbours.
PL_INLINE void pl_row_range(const pl_attention *a, int32_t row, int32_t *first, int32_t *end) {
    *end = a->first + row / (a->heads / a->cache->kv_heads) + 1;
    *first = a->window > 0 && *end > a->window ? *end - a->window : 0;
}

/// Where that row's query lies behind a->q, and its result behind a->out.
PL_INLINE size_t pl_row_offset(const pl_attention *a, int32_t kv_head, int32_t row) {
    int32_t sharing = a->heads / a->cache->kv_heads;
    size_t head = (size_t)(row / sharing) * (size_t)a->heads + (size_t)(kv_head * sharing + row % sharing);
    return head * (size_t)a->cache->head_size;
}

#endif
