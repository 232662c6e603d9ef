// Quantization, attention, norms and float products over 16 lanes, in the scalar reference's order of operations. A set
// includes this after defining v16 and its operations: v_zero v_set1 v_load v_store v_add v_sub v_mul v_div v_fma v_fold
// v_from_half v_from_bf16 v_from_bytes v_to_half v_larger v_smaller (a comparison with a NaN yields the second argument)
// v_highest (no NaNs) v_zero_below v_scale_exponent, for quantization v_magnitude v_magnitude_max v_round_store, and for
// attention v_dot_block.

PL_INLINE v16 v_load_n(const float *p, int32_t n) {
    float lane[16] = {0};
    memcpy(lane, p, (size_t)n * sizeof *p);
    return v_load(lane);
}

PL_INLINE void v_store_n(float *p, v16 x, int32_t n) {
    float lane[16];
    v_store(lane, x);
    memcpy(p, lane, (size_t)n * sizeof *p);
}

PL_INLINE v16 v_exp(v16 x) { // expf.h
    v16 clamped = v_smaller(v_set1(PL_EXP_HIGH), v_larger(v_set1(PL_EXP_LOW), x));
    v16 magic = v_set1(PL_ROUND_MAGIC), t = v_add(v_mul(clamped, v_set1(PL_LOG2_E)), magic), n = v_sub(t, magic);
    v16 r = v_sub(v_sub(clamped, v_mul(n, v_set1(PL_LN2_HIGH))), v_mul(n, v_set1(PL_LN2_LOW)));
    v16 y = v_add(v_mul(v_set1(PL_EXP_C0), r), v_set1(PL_EXP_C1));
    y = v_add(v_mul(y, r), v_set1(PL_EXP_C2));
    y = v_add(v_mul(y, r), v_set1(PL_EXP_C3));
    y = v_add(v_mul(y, r), v_set1(PL_EXP_C4));
    y = v_add(v_mul(y, r), v_set1(PL_EXP_C5));
    y = v_add(v_add(v_mul(y, v_mul(r, r)), r), v_set1(1));
    return v_zero_below(x, PL_EXP_LOW, v_scale_exponent(y, t));
}

PL_INLINE v16 v_tanh(v16 x) { return v_sub(v_set1(1), v_div(v_set1(2), v_add(v_exp(v_add(x, x)), v_set1(1)))); }

PL_INLINE void quantize_block(const float *x, int32_t n, int8_t *q, float *d, int16_t *sums) {
    vbits largest = v_magnitude(v_load(x));
    for (int32_t i = 16; i < n; i += 16) largest = v_magnitude_larger(largest, v_magnitude(v_load(x + i)));
    uint32_t bits = v_magnitude_max(largest);
    bool finite = bits < 0x7f800000;
    float scale = pl_from_bits(bits) / 127;
    if (!finite || scale < PL_SMALLEST_SCALE) {
        *d = finite ? 0 : pl_from_bits(0x7fc00000);
        memset(q, 0, (size_t)n);
        memset(sums, 0, (size_t)n / 16 * sizeof *sums);
        return;
    }
    *d = scale;
    v16 inverse = v_set1(1 / scale);
    for (int32_t i = 0; i < n; i += 16) sums[i / 16] = v_round_store(v_mul(v_load(x + i), inverse), q + i);
}

static void quantize(pl_activations *a, int32_t token) {
    if (a->kind == PL_ACTIVATION_F32) return;
    size_t start = (size_t)token * (size_t)a->columns;
    int32_t n = a->kind == PL_ACTIVATION_Q8_32 ? 32 : 256, blocks = a->columns / n;
    float *d = a->d + (size_t)token * (size_t)blocks;
    for (int32_t b = 0; b < blocks; b++) {
        size_t i = start + (size_t)b * (size_t)n;
        if (n == 32) quantize_block(a->x + i, 32, a->q + i, d + b, a->sums + i / 16);
        else quantize_block(a->x + i, 256, a->q + i, d + b, a->sums + i / 16);
    }
}

PL_INLINE v16 v_weights(int type, const uint8_t *row, int32_t i) {
    switch (type) {
    case PL_F32: return v_load((const void *)(row + 4 * (size_t)i));
    case PL_F16: return v_from_half((const void *)(row + 2 * (size_t)i));
    default: return v_from_bf16((const void *)(row + 2 * (size_t)i));
    }
}

enum { FLOAT_ROWS = 4, FLOAT_GROUP = 32 }; // rows that share the loads of x; tokens whose x stays in the cache for all rows

/// out[t][r]: `rows` rows by `tokens` tokens, which both share the loads of the other. A sum's order does not depend on the tile.
PL_INLINE void dot_floats(int type, int rows, int tokens, const uint8_t *const *row, int32_t columns, const float *x, float (*out)[FLOAT_ROWS]) {
    v16 sum[FLOAT_TOKENS][FLOAT_ROWS];
    for (int t = 0; t < tokens; t++) for (int r = 0; r < rows; r++) sum[t][r] = v_zero();
    int32_t i = 0;
    for (; i + 16 <= columns; i += 16) {
        v16 weights[FLOAT_ROWS];
        for (int r = 0; r < rows; r++) weights[r] = v_weights(type, row[r], i);
        for (int t = 0; t < tokens; t++) {
            v16 input = v_load(x + (size_t)t * (size_t)columns + i);
            for (int r = 0; r < rows; r++) sum[t][r] = v_fma(weights[r], input, sum[t][r]);
        }
    }
    if (i < columns) {
        int32_t rest = columns - i;
        size_t size = type == PL_F32 ? 4 : 2;
        for (int r = 0; r < rows; r++) {
            uint8_t tail[64] = {0};
            memcpy(tail, row[r] + size * (size_t)i, size * (size_t)rest);
            v16 weights = v_weights(type, tail, 0);
            for (int t = 0; t < tokens; t++) sum[t][r] = v_fma(weights, v_load_n(x + (size_t)t * (size_t)columns + i, rest), sum[t][r]);
        }
    }
    for (int t = 0; t < tokens; t++) for (int r = 0; r < rows; r++) out[t][r] = v_fold(sum[t][r]);
}

/// Rows row_begin ..< row_end by `tokens` tokens from `token` on.
PL_INLINE void multiply_floats(int type, int tile, int tokens, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a,
                               int32_t token) {
    size_t bytes = (size_t)m->columns * (type == PL_F32 ? 4 : 2);
    for (int32_t first = row_begin; first < row_end; first += tile) {
        int32_t count = row_end - first < tile ? row_end - first : tile;
        const uint8_t *row[FLOAT_ROWS];
        float sum[FLOAT_TOKENS][FLOAT_ROWS];
        tile_rows(row, tile, m, first, count, bytes);
        dot_floats(type, tile, tokens, row, m->columns, a->x + (size_t)token * (size_t)a->columns, sum);
        for (int t = 0; t < tokens; t++) {
            float *out = m->out + (size_t)(token + t) * m->out_stride + (size_t)first;
            for (int32_t r = 0; r < count; r++) out[r] = m->bias ? sum[t][r] + m->bias[first + r] : sum[t][r];
        }
    }
}

PL_INLINE void matmul_float(int type, const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a) {
    int32_t token = 0;
    while (FLOAT_TOKENS > 1 && token + FLOAT_TOKENS <= a->tokens) {
        int32_t group = (a->tokens - token < FLOAT_GROUP ? a->tokens - token : FLOAT_GROUP) / FLOAT_TOKENS * FLOAT_TOKENS;
        for (int32_t first = row_begin; first < row_end; first += FLOAT_TILE_ROWS) {
            int32_t last = row_end - first < FLOAT_TILE_ROWS ? row_end : first + FLOAT_TILE_ROWS;
            for (int t = 0; t < group; t += FLOAT_TOKENS) multiply_floats(type, FLOAT_TILE_ROWS, FLOAT_TOKENS, m, first, last, a, token + t);
        }
        token += group;
    }
    for (; token < a->tokens; token++) multiply_floats(type, FLOAT_ROWS, 1, m, row_begin, row_end, a, token);
}

static void rms_norm(const float *x, const float *weight, int32_t n, float epsilon, float *out) {
    v16 squares = v_zero();
    int32_t whole = n / 16 * 16;
    for (int32_t i = 0; i < whole; i += 16) squares = v_add(squares, v_mul(v_load(x + i), v_load(x + i)));
    if (whole < n) {
        v16 tail = v_load_n(x + whole, n - whole);
        squares = v_add(squares, v_mul(tail, tail));
    }
    float scale = 1 / __builtin_sqrtf(v_fold(squares) / (float)n + epsilon);
    for (int32_t i = 0; i < n; i++) out[i] = weight ? x[i] * scale * weight[i] : x[i] * scale;
}

PL_INLINE v16 silu(v16 x) { return v_div(x, v_add(v_set1(1), v_exp(v_sub(v_set1(-0.0f), x)))); }

static void silu_multiply(float *gate, const float *up, int32_t n) {
    int32_t i = 0;
    for (; i + 16 <= n; i += 16) v_store(gate + i, v_mul(silu(v_load(gate + i)), v_load(up + i)));
    if (i < n) v_store_n(gate + i, v_mul(silu(v_load_n(gate + i, n - i)), v_load_n(up + i, n - i)), n - i);
}

PL_INLINE v16 gelu(v16 x) {
    v16 exponent = v_mul(x, v_add(v_mul(v_mul(x, x), v_set1(PL_GELU_C3)), v_set1(PL_GELU_C1)));
    return v_div(x, v_add(v_set1(1), v_exp(exponent)));
}

static void gelu_multiply(float *gate, const float *up, int32_t n) {
    int32_t i = 0;
    for (; i + 16 <= n; i += 16) v_store(gate + i, v_mul(gelu(v_load(gate + i)), v_load(up + i)));
    if (i < n) v_store_n(gate + i, v_mul(gelu(v_load_n(gate + i, n - i)), v_load_n(up + i, n - i)), n - i);
}

static void soft_cap(float *x, float cap, int32_t n) {
    v16 inverse = v_set1(1 / cap), scale = v_set1(cap);
    int32_t i = 0;
    for (; i + 16 <= n; i += 16) v_store(x + i, v_mul(v_tanh(v_mul(v_load(x + i), inverse)), scale));
    if (i < n) v_store_n(x + i, v_mul(v_tanh(v_mul(v_load_n(x + i, n - i), inverse)), scale), n - i);
}

static void add(float *x, const float *y, int32_t n) {
    for (int32_t i = 0; i < n; i++) x[i] += y[i];
}

static void to_f16(const float *x, uint16_t *out, int32_t n) {
    int32_t i = 0;
    for (; i + 16 <= n; i += 16) v_to_half(v_load(x + i), out + i);
    for (; i < n; i++) out[i] = pl_float_to_half(x[i]);
}

#include "vector_attention.h"
