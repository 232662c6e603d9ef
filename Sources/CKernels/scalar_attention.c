// The reference of attention and of what is written to its cache.
#include "cache.h"
#include "expf.h"

size_t pl_cache_bytes(int32_t type, int32_t kv_heads, int32_t head_size, int32_t tiles) {
    return (size_t)kv_heads * (size_t)tiles * pl_tile_bytes(type, head_size);
}

void pl_scalar_store(const pl_cache *c, int32_t kv_head, int32_t position, const float *key, const float *value) {
    size_t offset = pl_tile_offset(c, kv_head, position / PL_TILE), p = (size_t)(position % PL_TILE);
    uint8_t *k = (uint8_t *)c->k + offset, *v = (uint8_t *)c->v + offset;
    if (c->type == PL_F16) {
        uint16_t *halves = (uint16_t *)(void *)k, *rows = (uint16_t *)(void *)v;
        for (size_t i = 0; i < (size_t)c->head_size; i++) {
            halves[i * PL_TILE + p] = pl_float_to_half(key[i]);
            rows[i / 16 * 256 + p * 16 + i % 16] = pl_float_to_half(value[i]);
        }
        return;
    }
    pl_cache_block *kb = (pl_cache_block *)(void *)k, *vb = (pl_cache_block *)(void *)v;
    for (int32_t i = 0; i < c->head_size; i += 32, kb++, vb++) {
        int32_t count = c->head_size - i < 32 ? c->head_size - i : 32;
        float x[2][32] = {{0}}, d[2];
        int8_t q[32];
        int16_t sums[2];
        memcpy(x[0], key + i, (size_t)count * sizeof *key);
        memcpy(x[1], value + i, (size_t)count * sizeof *value);
        pl_scalar_quantize_block(x[0], 32, q, &d[0], sums);
        for (size_t e = 0; e < 32; e++) kb->q[e / 4 * 64 + p * 4 + e % 4] = q[e];
        pl_scalar_quantize_block(x[1], 32, q, &d[1], sums);
        memcpy(vb->q + p * 32, q, 32);
        kb->d[p] = pl_float_to_half(d[0]);
        vb->d[p] = pl_float_to_half(d[1]);
    }
}

/// The query's product with the key at position p of a tile.
static float score(const pl_cache *c, const float *q, const uint8_t *tile, size_t p) {
    float sum = 0;
    if (c->type == PL_F16) {
        for (size_t i = 0; i < (size_t)c->head_size; i++) {
            sum = __builtin_fmaf(q[i], pl_half_to_float(pl_load16(tile + 2 * (i * PL_TILE + p))), sum);
        }
        return sum;
    }
    const pl_cache_block *block = (const pl_cache_block *)(const void *)tile;
    for (int32_t i = 0; i < c->head_size; i += 32, block++) {
        float x[32] = {0}, d;
        int8_t levels[32];
        int16_t sums[2];
        memcpy(x, q + i, (size_t)(c->head_size - i < 32 ? c->head_size - i : 32) * sizeof *q);
        pl_scalar_quantize_block(x, 32, levels, &d, sums);
        int32_t product = 0;
        for (size_t e = 0; e < 32; e++) product += levels[e] * block->q[e / 4 * 64 + p * 4 + e % 4];
        sum = __builtin_fmaf((float)product, d * pl_half_to_float(block->d[p]), sum);
    }
    return sum;
}

/// total + weight * (element i of the value at position p of a tile)
static float add_value(const pl_cache *c, const uint8_t *tile, size_t p, size_t i, float weight, float total) {
    if (c->type == PL_F16) return __builtin_fmaf(weight, pl_half_to_float(pl_load16(tile + 2 * (i / 16 * 256 + p * 16 + i % 16))), total);
    const pl_cache_block *block = (const pl_cache_block *)(const void *)tile + i / 32;
    return __builtin_fmaf(weight * pl_half_to_float(block->d[p]), (float)block->q[p * 32 + i % 32], total);
}

static void attend_row(const pl_attention *a, int32_t kv_head, int32_t row) {
    const pl_cache *c = a->cache;
    const float *q = a->q + pl_row_offset(a, kv_head, row);
    float *out = a->out + pl_row_offset(a, kv_head, row), maximum = -__builtin_inff(), sum = 0;
    int32_t first, end;
    pl_row_range(a, row, &first, &end);
    memset(out, 0, (size_t)c->head_size * sizeof *out);
    for (int32_t span = first / PL_SPAN * PL_SPAN; span < end; span += PL_SPAN) {
        int32_t from = span < first ? first : span, to = end < span + PL_SPAN ? end : span + PL_SPAN;
        float weight[PL_SPAN], largest = maximum, lane[16] = {0};
        for (int32_t p = from; p < to; p++) {
            const uint8_t *tile = (const uint8_t *)c->k + pl_tile_offset(c, kv_head, p / PL_TILE);
            float s = score(c, q, tile, (size_t)(p % PL_TILE)) * a->scale;
            if (a->softcap > 0) s = pl_tanh(s * (1 / a->softcap)) * a->softcap;
            if (s > largest) largest = s;
            weight[p - span] = s;
        }
        float keep = pl_exp(maximum - largest);
        for (int32_t p = from; p < to; p++) {
            weight[p - span] = pl_exp(weight[p - span] - largest);
            lane[p % 16] += weight[p - span];
        }
        for (int32_t i = 0; i < c->head_size; i++) {
            float total = out[i] * keep;
            for (int32_t p = from; p < to; p++) {
                const uint8_t *tile = (const uint8_t *)c->v + pl_tile_offset(c, kv_head, p / PL_TILE);
                total = add_value(c, tile, (size_t)(p % PL_TILE), (size_t)i, weight[p - span], total);
            }
            out[i] = total;
        }
        sum = sum * keep + pl_fold(lane);
        maximum = largest;
    }
    float inverse = 1 / sum;
    for (int32_t i = 0; i < c->head_size; i++) out[i] *= inverse;
}

void pl_scalar_attend(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end) {
    for (int32_t row = row_begin; row < row_end; row++) attend_row(a, kv_head, row);
}
