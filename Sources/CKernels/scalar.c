// The reference: plain loops, the definition of what every other set computes.
#include "internal.h"
#include "expf.h"

static bool supported(void) { return true; }

/// A block with an infinity or a NaN gets q = 0 and d = NaN, so that the product says so.
void pl_scalar_quantize_block(const float *x, int32_t n, int8_t *q, float *d, int16_t *sums) {
    uint32_t largest = 0; // the bits of magnitudes order like the magnitudes, NaNs above all
    for (int32_t i = 0; i < n; i++) {
        uint32_t magnitude = pl_to_bits(x[i]) & 0x7fffffff;
        if (magnitude > largest) largest = magnitude;
    }
    bool finite = largest < 0x7f800000;
    float scale = pl_from_bits(largest) / 127;
    if (!finite || scale < PL_SMALLEST_SCALE) {
        *d = finite ? 0 : pl_from_bits(0x7fc00000);
        memset(q, 0, (size_t)n);
        memset(sums, 0, (size_t)n / 16 * sizeof *sums);
        return;
    }
    float inverse = 1 / scale;
    *d = scale;
    for (int32_t i = 0; i < n; i++) q[i] = (int8_t)pl_round_even(x[i] * inverse);
    for (int32_t i = 0; i < n / 16; i++) {
        int sum = 0;
        for (int j = 0; j < 16; j++) sum += q[16 * i + j];
        sums[i] = (int16_t)sum;
    }
}

static void quantize(pl_activations *a, int32_t token) {
    int32_t n = a->kind == PL_ACTIVATION_Q8_32 ? 32 : 256, blocks = a->columns / n;
    if (a->kind == PL_ACTIVATION_F32) return;
    size_t start = (size_t)token * (size_t)a->columns;
    for (int32_t b = 0; b < blocks; b++) {
        size_t i = start + (size_t)b * (size_t)n;
        pl_scalar_quantize_block(a->x + i, n, a->q + i, a->d + (size_t)token * (size_t)blocks + (size_t)b, a->sums + i / 16);
    }
}

// One row by one token: total = d_w * d_x * (integer sum) + total for each block, rounded once as vector units do it, minimums apart.

static float dot_float(int32_t type, const uint8_t *w, int32_t n, const float *x) {
    float lane[16] = {0};
    for (int32_t i = 0; i < n; i++) {
        float weight = type == PL_F32 ? pl_load_float(w + 4 * (size_t)i)
            : type == PL_F16 ? pl_half_to_float(pl_load16(w + 2 * (size_t)i))
            : pl_bf16_to_float(pl_load16(w + 2 * (size_t)i));
        lane[i % 16] = __builtin_fmaf(weight, x[i], lane[i % 16]);
    }
    return pl_fold(lane);
}

static float dot_q4_0(const pl_block_q4_0 *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32) {
        int32_t sum = 0;
        for (int i = 0; i < 16; i++) sum += ((w->q[i] & 15) - 8) * q[i] + ((w->q[i] >> 4) - 8) * q[i + 16];
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

static float dot_q4_1(const pl_block_q4_1 *w, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32, sums += 2) {
        int32_t sum = 0;
        for (int i = 0; i < 16; i++) sum += (w->q[i] & 15) * q[i] + (w->q[i] >> 4) * q[i + 16];
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
        total = __builtin_fmaf(pl_half_to_float(w->m), d[b] * (float)(sums[0] + sums[1]), total);
    }
    return total;
}

static float dot_q5_0(const pl_block_q5_0 *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32) {
        int32_t sum = 0;
        for (int i = 0; i < 16; i++) {
            int low = (int)((w->q[i] & 15) | (w->high >> i & 1) << 4), high = (int)(w->q[i] >> 4 | (w->high >> (i + 16) & 1) << 4);
            sum += (low - 16) * q[i] + (high - 16) * q[i + 16];
        }
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

static float dot_q5_1(const pl_block_q5_1 *w, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32, sums += 2) {
        int32_t sum = 0;
        for (int i = 0; i < 16; i++) {
            int low = (int)((w->q[i] & 15) | (w->high >> i & 1) << 4), high = (int)(w->q[i] >> 4 | (w->high >> (i + 16) & 1) << 4);
            sum += low * q[i] + high * q[i + 16];
        }
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
        total = __builtin_fmaf(pl_half_to_float(w->m), d[b] * (float)(sums[0] + sums[1]), total);
    }
    return total;
}

static float dot_q8_0(const pl_block_q8_0 *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32) {
        int32_t sum = 0;
        for (int i = 0; i < 32; i++) sum += w->q[i] * q[i];
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

static const int8_t iq4_levels[16] = {PL_IQ4_LEVELS};

/// 16 bytes of nibbles by 32 activations.
static int32_t dot_iq4(const uint8_t *w, const int8_t *q) {
    int32_t sum = 0;
    for (int i = 0; i < 16; i++) sum += iq4_levels[w[i] & 15] * q[i] + iq4_levels[w[i] >> 4] * q[i + 16];
    return sum;
}

static float dot_iq4_nl(const pl_block_iq4_nl *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 32) total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)dot_iq4(w->q, q), total);
    return total;
}

static float dot_iq4_xs(const pl_block_iq4_xs *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256) {
        int8_t scale[8];
        int32_t sum = 0;
        pl_unpack_scales_iq4_xs(w, scale);
        for (int j = 0; j < 8; j++) sum += scale[j] * dot_iq4(w->q + 16 * j, q + 32 * j);
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

static float dot_q2_k(const pl_block_q2_k *w, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256, sums += 16) {
        int32_t sum = 0, minimums = 0;
        for (int run = 0; run < 16; run++) {
            int32_t part = 0;
            for (int i = 0; i < 16; i++) part += (w->q[32 * (run / 8) + 16 * (run & 1) + i] >> 2 * (run / 2 % 4) & 3) * q[16 * run + i];
            sum += (w->scales[run] & 15) * part;
            minimums += (w->scales[run] >> 4) * sums[run];
        }
        float levels = __builtin_fmaf(-pl_half_to_float(w->dmin), (float)minimums, pl_half_to_float(w->d) * (float)sum);
        total = __builtin_fmaf(d[b], levels, total);
    }
    return total;
}

static float dot_q3_k(const pl_block_q3_k *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256) {
        int8_t scale[16];
        int32_t sum = 0;
        pl_unpack_scales_q3_k(w->scales, scale);
        for (int run = 0; run < 16; run++) {
            int32_t part = 0;
            for (int i = 0; i < 16; i++) {
                int at = 16 * (run & 1) + i, low = w->q[32 * (run / 8) + at] >> 2 * (run / 2 % 4) & 3, high = w->high[at] >> run / 2 & 1;
                part += ((low | high << 2) - 4) * q[16 * run + i];
            }
            sum += scale[run] * part;
        }
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

/// Q4_K, and Q5_K where `high` is given: bit j of its 32 bytes is the fifth bit of sub-block j.
static float block_k(const uint8_t *low, const uint8_t *high, const uint8_t *scales, uint16_t d, uint16_t dmin,
                     const int8_t *q, const int16_t *sums) {
    uint8_t scale[8], minimum[8];
    pl_unpack_scales(scales, scale, minimum);
    int32_t sum = 0, minimums = 0;
    for (int j = 0; j < 8; j++) {
        int32_t part = 0;
        for (int i = 0; i < 32; i++) {
            int level = (low[32 * (j / 2) + i] >> 4 * (j & 1) & 15) | (high ? (high[i] >> j & 1) << 4 : 0);
            part += level * q[32 * j + i];
        }
        sum += scale[j] * part;
        minimums += minimum[j] * (sums[2 * j] + sums[2 * j + 1]);
    }
    return __builtin_fmaf(-pl_half_to_float(dmin), (float)minimums, pl_half_to_float(d) * (float)sum);
}

static float dot_q4_k(const pl_block_q4_k *w, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256, sums += 16) {
        total = __builtin_fmaf(d[b], block_k(w->q, NULL, w->scales, w->d, w->dmin, q, sums), total);
    }
    return total;
}

static float dot_q5_k(const pl_block_q5_k *w, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256, sums += 16) {
        total = __builtin_fmaf(d[b], block_k(w->q, w->high, w->scales, w->d, w->dmin, q, sums), total);
    }
    return total;
}

static float dot_q6_k(const pl_block_q6_k *w, int32_t blocks, const int8_t *q, const float *d) {
    float total = 0;
    for (int32_t b = 0; b < blocks; b++, w++, q += 256) {
        int32_t sum = 0;
        for (int run = 0; run < 16; run++) {
            int half = run / 8, k = run / 2 % 4, start = 16 * (run & 1);
            int32_t part = 0;
            for (int i = start; i < start + 16; i++) {
                int low = w->low[64 * half + 32 * (k & 1) + i] >> 4 * (k / 2) & 15, high = w->high[32 * half + i] >> 2 * k & 3;
                part += ((low | high << 4) - 32) * q[32 * (run / 2) + i];
            }
            sum += w->scales[run] * part;
        }
        total = __builtin_fmaf(pl_half_to_float(w->d) * d[b], (float)sum, total);
    }
    return total;
}

static float dot(int32_t type, const void *row, const pl_activations *a, int32_t token) {
    size_t start = (size_t)token * (size_t)a->columns;
    const float *x = a->x + start;
    if (pl_activation_kind_for(type) == PL_ACTIVATION_F32) return dot_float(type, row, a->columns, x);
    int32_t blocks = a->columns / pl_block_size(type);
    const int8_t *q = a->q + start;
    const float *d = a->d + (size_t)token * (size_t)blocks;
    const int16_t *sums = a->sums + start / 16;
    switch (type) {
    case PL_Q4_0: return dot_q4_0(row, blocks, q, d);
    case PL_Q4_1: return dot_q4_1(row, blocks, q, d, sums);
    case PL_Q5_0: return dot_q5_0(row, blocks, q, d);
    case PL_Q5_1: return dot_q5_1(row, blocks, q, d, sums);
    case PL_Q8_0: return dot_q8_0(row, blocks, q, d);
    case PL_IQ4_NL: return dot_iq4_nl(row, blocks, q, d);
    case PL_IQ4_XS: return dot_iq4_xs(row, blocks, q, d);
    case PL_Q2_K: return dot_q2_k(row, blocks, q, d, sums);
    case PL_Q3_K: return dot_q3_k(row, blocks, q, d);
    case PL_Q4_K: return dot_q4_k(row, blocks, q, d, sums);
    case PL_Q5_K: return dot_q5_k(row, blocks, q, d, sums);
    default: return dot_q6_k(row, blocks, q, d);
    }
}

static void matmul(const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    if (!pl_type_supported(m->type)) return;
    size_t bytes = pl_row_bytes(m->type, m->columns);
    for (int32_t row = row_begin; row < row_end; row++) {
        const uint8_t *weights = (const uint8_t *)m->weights + (size_t)row * bytes;
        for (int32_t token = 0; token < a->tokens; token++) {
            float sum = dot(m->type, weights, a, token);
            m->out[(size_t)token * m->out_stride + (size_t)row] = m->bias ? sum + m->bias[row] : sum;
        }
    }
}

static void rms_norm(const float *x, const float *weight, int32_t n, float epsilon, float *out) {
    float lane[16] = {0};
    for (int32_t i = 0; i < n; i++) lane[i % 16] += x[i] * x[i];
    float scale = 1 / __builtin_sqrtf(pl_fold(lane) / (float)n + epsilon);
    for (int32_t i = 0; i < n; i++) out[i] = weight ? x[i] * scale * weight[i] : x[i] * scale;
}

static void silu_multiply(float *gate, const float *up, int32_t n) {
    for (int32_t i = 0; i < n; i++) gate[i] = gate[i] / (1 + pl_exp(-gate[i])) * up[i];
}

static void gelu_multiply(float *gate, const float *up, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        float x = gate[i], exponent = x * (x * x * PL_GELU_C3 + PL_GELU_C1);
        gate[i] = x / (1 + pl_exp(exponent)) * up[i];
    }
}

static void soft_cap(float *x, float cap, int32_t n) {
    float inverse = 1 / cap;
    for (int32_t i = 0; i < n; i++) x[i] = pl_tanh(x[i] * inverse) * cap;
}

static void add(float *x, const float *y, int32_t n) {
    for (int32_t i = 0; i < n; i++) x[i] += y[i];
}

static void to_f16(const float *x, uint16_t *out, int32_t n) {
    for (int32_t i = 0; i < n; i++) out[i] = pl_float_to_half(x[i]);
}

const pl_kernels pl_scalar_kernels = {
    .name = "scalar", .supported = supported, .quantize = quantize, .matmul = matmul, .store = pl_scalar_store, .attend = pl_scalar_attend,
    .rms_norm = rms_norm, .silu_multiply = silu_multiply, .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap, .add = add, .to_f16 = to_f16,
};
