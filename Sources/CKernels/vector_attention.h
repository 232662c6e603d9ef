// Attention over 16 lanes, in the order of scalar_attention.c. Several rows (query heads of one or more tokens that share a
// kv head) pass over the cache together, so that a key or value is converted once for all of them. Part of vector_ops.h.
//
// A register tile is some rows by some tiles of positions (scores), or by some runs of 16 elements (values): V_ACCUMULATORS
// in all, a number that each set defines.

#include "cache.h"

enum { GROUP_ROWS = 32, GROUP_ELEMENTS = 8192 };

/// The rows that pass together.
typedef struct {
    const pl_attention *a;
    const uint8_t *k, *v;              // of the kv head
    size_t tile_bytes;
    int32_t rows, width;               // width: elements of a head, filled up
    const float *q[GROUP_ROWS];
    int32_t from[GROUP_ROWS], to[GROUP_ROWS];      // what a row reads of the span
    float maximum[GROUP_ROWS], sum[GROUP_ROWS], keep[GROUP_ROWS];
    float weight[GROUP_ROWS][PL_SPAN];             // scores, then their exponentials
    float out[GROUP_ELEMENTS];                     // [row][width]
    int8_t levels[GROUP_ELEMENTS];                 // Q8_0: the queries, [row][width]
    float scale[GROUP_ELEMENTS / 32];              // [row][width / 32]
    int32_t level_sum[GROUP_ELEMENTS / 32];
} attention_group;

// Scores of some rows with `tiles` tiles at k, the first being tile `at` of the span.

PL_INLINE void score_halves(attention_group *g, int rows, int tiles, int32_t row, const uint8_t *k, int32_t at) {
    v16 sum[8][4];
    for (int r = 0; r < rows; r++) for (int t = 0; t < tiles; t++) sum[r][t] = v_zero();
    for (int32_t i = 0; i < g->a->cache->head_size; i++) {
        v16 key[4];
        for (int t = 0; t < tiles; t++) key[t] = v_from_half(k + (size_t)t * g->tile_bytes + (size_t)i * 32);
        for (int r = 0; r < rows; r++) {
            v16 q = v_set1(g->q[row + r][i]);
            for (int t = 0; t < tiles; t++) sum[r][t] = v_fma(q, key[t], sum[r][t]);
        }
    }
    for (int r = 0; r < rows; r++) for (int t = 0; t < tiles; t++) v_store(g->weight[row + r] + 16 * (at + t), sum[r][t]);
}

PL_INLINE void score_blocks(attention_group *g, int rows, int32_t row, const uint8_t *k, int32_t at) {
    v16 sum[4];
    for (int r = 0; r < rows; r++) sum[r] = v_zero();
    const pl_cache_block *block = (const pl_cache_block *)(const void *)k;
    int32_t blocks = g->width / 32;
    for (int32_t b = 0; b < blocks; b++, block++) {
        v16 product[4], d = v_from_half(block->d);
        size_t first = (size_t)row * (size_t)blocks + (size_t)b;
        v_dot_block(rows, block->q, g->levels + 32 * first, (size_t)g->width, g->level_sum + first, (size_t)blocks, product);
        for (int r = 0; r < rows; r++) {
            sum[r] = v_fma(product[r], v_mul(v_set1(g->scale[first + (size_t)r * (size_t)blocks]), d), sum[r]);
        }
    }
    for (int r = 0; r < rows; r++) v_store(g->weight[row + r] + 16 * at, sum[r]);
}

PL_INLINE void score_tiles(attention_group *g, int type, int rows, int32_t row, const uint8_t *k, int32_t at, int32_t end) {
    if (type == PL_Q8_0) {
        for (; at < end; at++, k += g->tile_bytes) score_blocks(g, rows, row, k, at);
        return;
    }
    int together = V_ACCUMULATORS / rows < 4 ? V_ACCUMULATORS / rows : 4;
    for (; at + together <= end; at += together, k += (size_t)together * g->tile_bytes) score_halves(g, rows, together, row, k, at);
    for (; at < end; at++, k += g->tile_bytes) score_halves(g, rows, 1, row, k, at);
}

/// Scores of all rows with the tiles at ..< end of a span.
PL_INLINE void score_span(attention_group *g, int type, int32_t span, int32_t at, int32_t end) {
    const uint8_t *k = g->k + (size_t)(span / PL_TILE + at) * g->tile_bytes;
    const int most = type == PL_Q8_0 ? V_DOT_ROWS : V_ACCUMULATORS;
    int32_t row = 0;
    if (most >= 8) for (; g->rows - row >= 8; row += 8) score_tiles(g, type, 8, row, k, at, end);
    if (most >= 4) for (; g->rows - row >= 4; row += 4) score_tiles(g, type, 4, row, k, at, end);
    for (; g->rows - row >= 2; row += 2) score_tiles(g, type, 2, row, k, at, end);
    if (row < g->rows) score_tiles(g, type, 1, row, k, at, end);
}

/// Turns a row's scores into weights; what it does not read weighs nothing.
static void weigh(attention_group *g, int32_t row, int32_t at, int32_t end) {
    float *weight = g->weight[row], cap = g->a->softcap;
    v16 scale = v_set1(g->a->scale), largest = v_set1(g->maximum[row]), sum = v_zero();
    for (int32_t t = at; t < end; t++) {
        v16 score = v_mul(v_load(weight + 16 * t), scale);
        if (cap > 0) score = v_mul(v_tanh(v_mul(score, v_set1(1 / cap))), v_set1(cap));
        v_store(weight + 16 * t, score);
        for (int32_t p = 16 * t; p < 16 * (t + 1) && p < g->from[row]; p++) weight[p] = -__builtin_inff();
        for (int32_t p = g->to[row] > 16 * t ? g->to[row] : 16 * t; p < 16 * (t + 1); p++) weight[p] = -__builtin_inff();
        largest = v_larger(v_load(weight + 16 * t), largest);
    }
    float maximum = v_highest(largest);
    v16 high = v_set1(maximum);
    for (int32_t t = at; t < end; t++) {
        v16 w = v_exp(v_sub(v_load(weight + 16 * t), high));
        v_store(weight + 16 * t, w);
        sum = v_add(sum, w);
    }
    g->keep[row] = pl_exp(g->maximum[row] - maximum);
    g->sum[row] = g->sum[row] * g->keep[row] + v_fold(sum);
    g->maximum[row] = maximum;
}

// out = out * keep + the weighted values of the span's positions from ..< to, for some rows and `runs` runs of 16 elements.

PL_INLINE void add_halves(attention_group *g, int rows, int runs, int32_t row, const uint8_t *v, int32_t run, int32_t from, int32_t to) {
    v16 sum[8][4];
    for (int r = 0; r < rows; r++) {
        const float *out = g->out + (size_t)(row + r) * (size_t)g->width + 16 * (size_t)run;
        for (int j = 0; j < runs; j++) sum[r][j] = v_mul(v_load(out + 16 * j), v_set1(g->keep[row + r]));
    }
    const float *weight = &g->weight[0][0] + (size_t)row * PL_SPAN;
    while (from < to) {
        int32_t tile = from / 16, end = to < 16 * (tile + 1) ? to : 16 * (tile + 1);
        const uint8_t *halves = v + (size_t)tile * g->tile_bytes + (size_t)run * 512 + (size_t)(from % 16) * 32;
        for (; from < end; from++, halves += 32) {
            v16 value[4];
            for (int j = 0; j < runs; j++) value[j] = v_from_half(halves + 512 * j);
            for (int r = 0; r < rows; r++) {
                v16 w = v_set1(weight[PL_SPAN * r + from]);
                for (int j = 0; j < runs; j++) sum[r][j] = v_fma(w, value[j], sum[r][j]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        float *out = g->out + (size_t)(row + r) * (size_t)g->width + 16 * (size_t)run;
        for (int j = 0; j < runs; j++) v_store(out + 16 * j, sum[r][j]);
    }
}

PL_INLINE void add_blocks(attention_group *g, int rows, int32_t row, const uint8_t *v, int32_t b, int32_t from, int32_t to) {
    v16 sum[4][2];
    for (int r = 0; r < rows; r++) {
        const float *out = g->out + (size_t)(row + r) * (size_t)g->width + 32 * (size_t)b;
        for (int j = 0; j < 2; j++) sum[r][j] = v_mul(v_load(out + 16 * j), v_set1(g->keep[row + r]));
    }
    while (from < to) {
        int32_t tile = from / 16, end = to < 16 * (tile + 1) ? to : 16 * (tile + 1);
        const pl_cache_block *block = (const pl_cache_block *)(const void *)(v + (size_t)tile * g->tile_bytes) + b;
        float weight[4][16];
        v16 d = v_from_half(block->d);
        for (int r = 0; r < rows; r++) v_store(weight[r], v_mul(v_load(g->weight[row + r] + 16 * tile), d));
        for (; from < end; from++) {
            int32_t p = from % 16;
            v16 low = v_from_bytes(block->q + 32 * p), high = v_from_bytes(block->q + 32 * p + 16);
            for (int r = 0; r < rows; r++) {
                v16 w = v_set1(weight[r][p]);
                sum[r][0] = v_fma(w, low, sum[r][0]);
                sum[r][1] = v_fma(w, high, sum[r][1]);
            }
        }
    }
    for (int r = 0; r < rows; r++) {
        float *out = g->out + (size_t)(row + r) * (size_t)g->width + 32 * (size_t)b;
        for (int j = 0; j < 2; j++) v_store(out + 16 * j, sum[r][j]);
    }
}

PL_INLINE void add_row_values(attention_group *g, int type, int rows, int32_t row, const uint8_t *v, int32_t from, int32_t to) {
    if (type == PL_Q8_0) {
        for (int32_t b = 0; b < g->width / 32; b++) add_blocks(g, rows, row, v, b, from, to);
        return;
    }
    int32_t runs = g->width / 16, run = 0;
    int together = V_ACCUMULATORS / rows < 4 ? V_ACCUMULATORS / rows : 4;
    for (; run + together <= runs; run += together) add_halves(g, rows, together, row, v, run, from, to);
    for (; run < runs; run++) add_halves(g, rows, 1, row, v, run, from, to);
}

/// Rows row ..< end, which all read from ..< to of the span.
PL_INLINE void add_values(attention_group *g, int type, int32_t span, int32_t row, int32_t end, int32_t from, int32_t to) {
    const uint8_t *v = g->v + (size_t)(span / PL_TILE) * g->tile_bytes;
    const int most = type == PL_Q8_0 ? V_ACCUMULATORS / 2 : V_ACCUMULATORS;
    if (most >= 8) for (; end - row >= 8; row += 8) add_row_values(g, type, 8, row, v, from, to);
    if (most >= 4) for (; end - row >= 4; row += 4) add_row_values(g, type, 4, row, v, from, to);
    for (; end - row >= 2; row += 2) add_row_values(g, type, 2, row, v, from, to);
    if (row < end) add_row_values(g, type, 1, row, v, from, to);
}

/// One span of positions, for all rows of the group that read any of it.
PL_INLINE void attend_span(attention_group *g, int type, const int32_t first[GROUP_ROWS], const int32_t end[GROUP_ROWS], int32_t span) {
    int32_t from = PL_SPAN, to = 0;
    for (int32_t r = 0; r < g->rows; r++) {
        g->from[r] = first[r] > span ? first[r] - span : 0;
        g->to[r] = end[r] < span + PL_SPAN ? end[r] - span : PL_SPAN;
        if (g->from[r] >= g->to[r]) continue;
        if (g->from[r] < from) from = g->from[r];
        if (g->to[r] > to) to = g->to[r];
    }
    if (from >= to) return;
    score_span(g, type, span, from / PL_TILE, (to + PL_TILE - 1) / PL_TILE);
    for (int32_t row = 0; row < g->rows;) {
        int32_t next = row;
        while (next < g->rows && g->from[next] == g->from[row] && g->to[next] == g->to[row]) next++;
        if (g->from[row] < g->to[row]) {
            for (int32_t r = row; r < next; r++) weigh(g, r, g->from[row] / PL_TILE, (g->to[row] + PL_TILE - 1) / PL_TILE);
            add_values(g, type, span, row, next, g->from[row], g->to[row]);
        }
        row = next;
    }
}

PL_INLINE void quantize_query(attention_group *g, int32_t row) {
    for (int32_t i = 0; i < g->width; i += 32) {
        float x[32] = {0};
        int16_t sums[2];
        int32_t rest = g->a->cache->head_size - i;
        size_t at = (size_t)row * (size_t)g->width + (size_t)i;
        memcpy(x, g->q[row] + i, (size_t)(rest < 32 ? rest : 32) * sizeof *x);
        quantize_block(x, 32, g->levels + at, g->scale + at / 32, sums);
        g->level_sum[at / 32] = sums[0] + sums[1];
    }
}

PL_INLINE void attend_group(const pl_attention *a, int type, int32_t kv_head, int32_t row_begin, int32_t rows) {
    const pl_cache *c = a->cache;
    attention_group g;
    g.a = a;
    g.k = (const uint8_t *)c->k + pl_tile_offset(c, kv_head, 0);
    g.v = (const uint8_t *)c->v + pl_tile_offset(c, kv_head, 0);
    g.tile_bytes = pl_tile_bytes(c->type, c->head_size);
    g.rows = rows;
    g.width = pl_cache_width(c->type, c->head_size);
    int32_t first[GROUP_ROWS], end[GROUP_ROWS], earliest = INT32_MAX, latest = 0;
    for (int32_t r = 0; r < rows; r++) {
        g.q[r] = a->q + pl_row_offset(a, kv_head, row_begin + r);
        g.maximum[r] = -__builtin_inff();
        g.sum[r] = 0;
        if (type == PL_Q8_0) quantize_query(&g, r);
        pl_row_range(a, row_begin + r, &first[r], &end[r]);
        if (first[r] < earliest) earliest = first[r];
        if (end[r] > latest) latest = end[r];
    }
    memset(g.out, 0, (size_t)(rows * g.width) * sizeof *g.out);
    for (int32_t span = earliest / PL_SPAN * PL_SPAN; span < latest; span += PL_SPAN) attend_span(&g, type, first, end, span);
    for (int32_t r = 0; r < rows; r++) {
        float *out = a->out + pl_row_offset(a, kv_head, row_begin + r), *total = g.out + (size_t)(r * g.width), inverse = 1 / g.sum[r];
        for (int32_t i = 0; i < c->head_size; i++) out[i] = total[i] * inverse;
    }
}

PL_INLINE void attend_rows(const pl_attention *a, int type, int32_t kv_head, int32_t row_begin, int32_t row_end) {
    int32_t most = GROUP_ELEMENTS / pl_cache_width(type, a->cache->head_size);
    if (most > GROUP_ROWS) most = GROUP_ROWS;
    for (int32_t row = row_begin; row < row_end; row += most) {
        attend_group(a, type, kv_head, row, row_end - row < most ? row_end - row : most);
    }
}

static void attend_f16(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end) {
    attend_rows(a, PL_F16, kv_head, row_begin, row_end);
}

static void attend_q8_0(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end) {
    attend_rows(a, PL_Q8_0, kv_head, row_begin, row_end);
}

static void attend(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end) {
    if (a->cache->type == PL_F16) attend_f16(a, kv_head, row_begin, row_end);
    else attend_q8_0(a, kv_head, row_begin, row_end);
}

// What the cache keeps of a token.

PL_INLINE void store_halves(const pl_cache *c, uint8_t *k, uint8_t *v, size_t p, const float *key, const float *value) {
    for (int32_t i = 0; i < c->head_size; i += 16) {
        int32_t count = c->head_size - i < 16 ? c->head_size - i : 16;
        uint16_t half[16], *column = (uint16_t *)(void *)(k + 32 * (size_t)i + 2 * p);
        v_to_half(v_load_n(key + i, count), half);
        for (int32_t e = 0; e < count; e++) column[16 * e] = half[e];
        v_to_half(v_load_n(value + i, count), (uint16_t *)(void *)(v + 32 * (size_t)i + 32 * p));
    }
}

PL_INLINE void store_blocks(const pl_cache *c, pl_cache_block *k, pl_cache_block *v, size_t p, const float *key, const float *value) {
    for (int32_t i = 0; i < c->head_size; i += 32, k++, v++) {
        size_t bytes = (size_t)(c->head_size - i < 32 ? c->head_size - i : 32) * sizeof *key;
        float x[32] = {0}, d;
        int8_t q[32];
        int16_t sums[2];
        memcpy(x, key + i, bytes);
        quantize_block(x, 32, q, &d, sums);
        for (int e = 0; e < 8; e++) memcpy(k->q + 64 * e + 4 * p, q + 4 * e, 4);
        k->d[p] = pl_float_to_half(d);
        memcpy(x, value + i, bytes);
        quantize_block(x, 32, v->q + 32 * p, &d, sums);
        v->d[p] = pl_float_to_half(d);
    }
}

static void store(const pl_cache *c, int32_t kv_head, int32_t position, const float *key, const float *value) {
    size_t offset = pl_tile_offset(c, kv_head, position / PL_TILE), p = (size_t)(position % PL_TILE);
    uint8_t *k = (uint8_t *)c->k + offset, *v = (uint8_t *)c->v + offset;
    if (c->type == PL_F16) store_halves(c, k, v, p, key, value);
    else store_blocks(c, (pl_cache_block *)(void *)k, (pl_cache_block *)(void *)v, p, key, value);
}
