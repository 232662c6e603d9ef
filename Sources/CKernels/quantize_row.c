// Weights from f32 to every type that can be written; the simple types with the rounding of ggml's quantize_row_*_ref.
#include "internal.h"

static uint16_t float_to_bf16(float x) {
    uint32_t bits = pl_to_bits(x);
    if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)(bits >> 16 | 64);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// The integer part of x in 0 ... top; NaN becomes 0.
static int level(float x, int top) { return x >= (float)top ? top : x > 0 ? (int)x : 0; }

/// Element of the largest magnitude, with its sign.
static float extreme(const float *x) {
    float best = 0, magnitude = 0;
    for (int i = 0; i < 32; i++) {
        float a = x[i] < 0 ? -x[i] : x[i];
        if (a > magnitude) { magnitude = a; best = x[i]; }
    }
    return best;
}

static void range(const float *x, float *low, float *high) {
    *low = *high = x[0];
    for (int i = 1; i < 32; i++) {
        if (x[i] < *low) *low = x[i];
        if (x[i] > *high) *high = x[i];
    }
}

/// 32 levels as nibbles, and their fifth bits.
static uint32_t pack(const int levels[32], uint8_t q[16]) {
    uint32_t high = 0;
    for (int i = 0; i < 16; i++) q[i] = (uint8_t)((levels[i] & 15) | (levels[i + 16] & 15) << 4);
    for (int i = 0; i < 32; i++) high |= (uint32_t)(levels[i] >> 4 & 1) << i;
    return high;
}

/// Symmetric levels around `middle` (8 or 16): the extreme becomes level 0. Returns the scale.
static float symmetric(const float *x, int middle, int levels[32]) {
    float d = extreme(x) / (float)-middle, id = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) levels[i] = level(x[i] * id + (float)middle + 0.5f, 2 * middle - 1);
    return d;
}

/// Levels 0 ... top from the minimum up. Returns the scale.
static float from_minimum(const float *x, int top, int levels[32], float *minimum) {
    float high;
    range(x, minimum, &high);
    float d = (high - *minimum) / (float)top, id = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) levels[i] = level((x[i] - *minimum) * id + 0.5f, top);
    return d;
}

static void quantize_q8_0(const float *x, pl_block_q8_0 *b) {
    float largest = extreme(x);
    float d = (largest < 0 ? -largest : largest) / 127, id = d != 0 ? 1 / d : 0;
    b->d = pl_float_to_half(d);
    for (int i = 0; i < 32; i++) { // to nearest, halves away from zero
        float scaled = x[i] * id;
        b->q[i] = (int8_t)(scaled < 0 ? -level(-scaled + 0.5f, 127) : level(scaled + 0.5f, 127));
    }
}

static void quantize_block(int32_t type, const float *x, void *out) {
    int levels[32];
    float m;
    switch (type) {
    case PL_Q8_0: quantize_q8_0(x, out); break;
    case PL_Q4_K: pl_quantize_block_q4_k(x, out); break;
    case PL_Q5_K: pl_quantize_block_q5_k(x, out); break;
    case PL_Q6_K: pl_quantize_block_q6_k(x, out); break;
    case PL_Q4_0: {
        pl_block_q4_0 *b = out;
        b->d = pl_float_to_half(symmetric(x, 8, levels));
        pack(levels, b->q);
        break;
    }
    case PL_Q4_1: {
        pl_block_q4_1 *b = out;
        b->d = pl_float_to_half(from_minimum(x, 15, levels, &m));
        b->m = pl_float_to_half(m);
        pack(levels, b->q);
        break;
    }
    case PL_Q5_0: {
        pl_block_q5_0 *b = out;
        b->d = pl_float_to_half(symmetric(x, 16, levels));
        b->high = pack(levels, b->q);
        break;
    }
    case PL_Q5_1: {
        pl_block_q5_1 *b = out;
        b->d = pl_float_to_half(from_minimum(x, 31, levels, &m));
        b->m = pl_float_to_half(m);
        b->high = pack(levels, b->q);
        break;
    }
    }
}

bool pl_quantize_row(int32_t type, const float *x, int32_t columns, void *out) {
    uint8_t *p = out;
    switch (type) {
    case PL_F16: case PL_BF16:
        for (int32_t i = 0; i < columns; i++) {
            uint16_t half = type == PL_F16 ? pl_float_to_half(x[i]) : float_to_bf16(x[i]);
            memcpy(p + 2 * (size_t)i, &half, 2);
        }
        return true;
    case PL_Q8_0: case PL_Q4_0: case PL_Q4_1: case PL_Q5_0: case PL_Q5_1: case PL_Q4_K: case PL_Q5_K: case PL_Q6_K: {
        int32_t size = pl_block_size(type), bytes = pl_block_bytes(type);
        for (int32_t i = 0; i + size <= columns; i += size, p += bytes) quantize_block(type, x + i, p);
        return true;
    }
    default:
        return false;
    }
}
