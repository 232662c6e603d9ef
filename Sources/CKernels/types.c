// The tensor types: sizes of their blocks, and dequantization as ggml's dequantize_row_* do it.
#include "internal.h"

static const struct { int32_t type, size, bytes; pl_activation_kind kind; } types[] = {
    {PL_F32, 1, 4, PL_ACTIVATION_F32},
    {PL_F16, 1, 2, PL_ACTIVATION_F32},
    {PL_BF16, 1, 2, PL_ACTIVATION_F32},
    {PL_Q4_0, 32, sizeof(pl_block_q4_0), PL_ACTIVATION_Q8_32},
    {PL_Q4_1, 32, sizeof(pl_block_q4_1), PL_ACTIVATION_Q8_32},
    {PL_Q5_0, 32, sizeof(pl_block_q5_0), PL_ACTIVATION_Q8_32},
    {PL_Q5_1, 32, sizeof(pl_block_q5_1), PL_ACTIVATION_Q8_32},
    {PL_Q8_0, 32, sizeof(pl_block_q8_0), PL_ACTIVATION_Q8_32},
    {PL_IQ4_NL, 32, sizeof(pl_block_iq4_nl), PL_ACTIVATION_Q8_32},
    {PL_Q2_K, 256, sizeof(pl_block_q2_k), PL_ACTIVATION_Q8_256},
    {PL_Q3_K, 256, sizeof(pl_block_q3_k), PL_ACTIVATION_Q8_256},
    {PL_Q4_K, 256, sizeof(pl_block_q4_k), PL_ACTIVATION_Q8_256},
    {PL_Q5_K, 256, sizeof(pl_block_q5_k), PL_ACTIVATION_Q8_256},
    {PL_Q6_K, 256, sizeof(pl_block_q6_k), PL_ACTIVATION_Q8_256},
    {PL_IQ4_XS, 256, sizeof(pl_block_iq4_xs), PL_ACTIVATION_Q8_256},
};

static int find(int32_t type) {
    for (int i = 0; i < (int)(sizeof types / sizeof types[0]); i++) if (types[i].type == type) return i;
    return -1;
}

bool pl_type_supported(int32_t type) { return find(type) >= 0; }

// Unknown types answer 1, 0 and F32, so that nobody divides by zero.
int32_t pl_block_size(int32_t type) { int i = find(type); return i < 0 ? 1 : types[i].size; }
int32_t pl_block_bytes(int32_t type) { int i = find(type); return i < 0 ? 0 : types[i].bytes; }
pl_activation_kind pl_activation_kind_for(int32_t type) {
    int i = find(type);
    return i < 0 ? PL_ACTIVATION_F32 : types[i].kind;
}

// The 32-weight types keep weight i in the low nibble of byte i and weight i + 16 in its high nibble.

static void dequantize_q4_0(const pl_block_q4_0 *b, float *out) {
    float d = pl_half_to_float(b->d);
    for (int i = 0; i < 16; i++) {
        out[i] = (float)((b->q[i] & 15) - 8) * d;
        out[i + 16] = (float)((b->q[i] >> 4) - 8) * d;
    }
}

static void dequantize_q4_1(const pl_block_q4_1 *b, float *out) {
    float d = pl_half_to_float(b->d), m = pl_half_to_float(b->m);
    for (int i = 0; i < 16; i++) {
        out[i] = (float)(b->q[i] & 15) * d + m;
        out[i + 16] = (float)(b->q[i] >> 4) * d + m;
    }
}

static void dequantize_q5_0(const pl_block_q5_0 *b, float *out) {
    float d = pl_half_to_float(b->d);
    for (int i = 0; i < 16; i++) {
        out[i] = (float)((int)((b->q[i] & 15) | (b->high >> i & 1) << 4) - 16) * d;
        out[i + 16] = (float)((int)(b->q[i] >> 4 | (b->high >> (i + 16) & 1) << 4) - 16) * d;
    }
}

static void dequantize_q5_1(const pl_block_q5_1 *b, float *out) {
    float d = pl_half_to_float(b->d), m = pl_half_to_float(b->m);
    for (int i = 0; i < 16; i++) {
        out[i] = (float)((b->q[i] & 15) | (b->high >> i & 1) << 4) * d + m;
        out[i + 16] = (float)(b->q[i] >> 4 | (b->high >> (i + 16) & 1) << 4) * d + m;
    }
}

static void dequantize_q8_0(const pl_block_q8_0 *b, float *out) {
    float d = pl_half_to_float(b->d);
    for (int i = 0; i < 32; i++) out[i] = (float)b->q[i] * d;
}

static const int8_t iq4_levels[16] = {PL_IQ4_LEVELS};

static void dequantize_iq4_nl(const pl_block_iq4_nl *b, float *out) {
    float d = pl_half_to_float(b->d);
    for (int i = 0; i < 16; i++) {
        out[i] = d * (float)iq4_levels[b->q[i] & 15];
        out[i + 16] = d * (float)iq4_levels[b->q[i] >> 4];
    }
}

// In Q2_K and Q3_K, 32 bytes hold the low 2 bits of 4 successive runs of 32. Scales count runs of 16.

static void dequantize_q2_k(const pl_block_q2_k *b, float *out) {
    float d = pl_half_to_float(b->d), dmin = pl_half_to_float(b->dmin);
    for (int i = 0; i < 256; i++) {
        int run = i / 32, level = b->q[32 * (run / 4) + i % 32] >> 2 * (run % 4) & 3;
        float d_i = d * (float)(b->scales[i / 16] & 15), m_i = dmin * (float)(b->scales[i / 16] >> 4);
        out[i] = d_i * (float)level - m_i;
    }
}

/// Bit j of the 32 upper bytes is the third bit of run j of 32.
static void dequantize_q3_k(const pl_block_q3_k *b, float *out) {
    float d = pl_half_to_float(b->d);
    int8_t scale[16];
    pl_unpack_scales_q3_k(b->scales, scale);
    for (int i = 0; i < 256; i++) {
        int run = i / 32, low = b->q[32 * (run / 4) + i % 32] >> 2 * (run % 4) & 3, high = b->high[i % 32] >> run & 1;
        out[i] = d * (float)scale[i / 16] * (float)((low | high << 2) - 4);
    }
}

// In Q4_K and Q5_K, 32 bytes hold sub-block 2j in their low nibbles and sub-block 2j + 1 in their high ones.

static void dequantize_q4_k(const pl_block_q4_k *b, float *out) {
    float d = pl_half_to_float(b->d), dmin = pl_half_to_float(b->dmin);
    uint8_t scale[8], minimum[8];
    pl_unpack_scales(b->scales, scale, minimum);
    for (int j = 0; j < 8; j++) {
        float d_j = d * (float)scale[j], m_j = dmin * (float)minimum[j];
        for (int i = 0; i < 32; i++) {
            out[32 * j + i] = d_j * (float)(b->q[32 * (j / 2) + i] >> 4 * (j & 1) & 15) - m_j;
        }
    }
}

static void dequantize_q5_k(const pl_block_q5_k *b, float *out) {
    float d = pl_half_to_float(b->d), dmin = pl_half_to_float(b->dmin);
    uint8_t scale[8], minimum[8];
    pl_unpack_scales(b->scales, scale, minimum);
    for (int j = 0; j < 8; j++) {
        float d_j = d * (float)scale[j], m_j = dmin * (float)minimum[j];
        for (int i = 0; i < 32; i++) {
            int low = b->q[32 * (j / 2) + i] >> 4 * (j & 1) & 15, high = b->high[i] >> j & 1;
            out[32 * j + i] = d_j * (float)(low | high << 4) - m_j;
        }
    }
}

// In Q6_K, 128 weights are 4 runs of 32: run k has its low 4 bits in bytes 32 * (k & 1) of 64, nibble k / 2, and its upper
// 2 bits in bits 2k of 32 bytes. Scales count runs of 16.
static void dequantize_q6_k(const pl_block_q6_k *b, float *out) {
    float d = pl_half_to_float(b->d);
    for (int j = 0; j < 8; j++) {
        int half = j / 4, k = j % 4;
        for (int i = 0; i < 32; i++) {
            int low = b->low[64 * half + 32 * (k & 1) + i] >> 4 * (k / 2) & 15;
            int high = b->high[32 * half + i] >> 2 * k & 3;
            out[32 * j + i] = d * (float)b->scales[2 * j + i / 16] * (float)((low | high << 4) - 32);
        }
    }
}

/// 8 sub-blocks of 32, each as IQ4_NL keeps its nibbles.
static void dequantize_iq4_xs(const pl_block_iq4_xs *b, float *out) {
    float d = pl_half_to_float(b->d);
    int8_t scale[8];
    pl_unpack_scales_iq4_xs(b, scale);
    for (int i = 0; i < 256; i++) {
        int j = i / 32;
        out[i] = d * (float)scale[j] * (float)iq4_levels[b->q[16 * j + i % 16] >> 4 * (i / 16 % 2) & 15];
    }
}

void pl_dequantize(int32_t type, const void *row, int32_t columns, float *out) {
    const uint8_t *p = row;
    int32_t size = pl_block_size(type), bytes = pl_block_bytes(type);
    for (int32_t i = 0; i + size <= columns; i += size, p += bytes) {
        switch (type) {
        case PL_F32: out[i] = pl_load_float(p); break;
        case PL_F16: out[i] = pl_half_to_float(pl_load16(p)); break;
        case PL_BF16: out[i] = pl_bf16_to_float(pl_load16(p)); break;
        case PL_Q4_0: dequantize_q4_0((const void *)p, out + i); break;
        case PL_Q4_1: dequantize_q4_1((const void *)p, out + i); break;
        case PL_Q5_0: dequantize_q5_0((const void *)p, out + i); break;
        case PL_Q5_1: dequantize_q5_1((const void *)p, out + i); break;
        case PL_Q8_0: dequantize_q8_0((const void *)p, out + i); break;
        case PL_IQ4_NL: dequantize_iq4_nl((const void *)p, out + i); break;
        case PL_Q2_K: dequantize_q2_k((const void *)p, out + i); break;
        case PL_Q3_K: dequantize_q3_k((const void *)p, out + i); break;
        case PL_Q4_K: dequantize_q4_k((const void *)p, out + i); break;
        case PL_Q5_K: dequantize_q5_k((const void *)p, out + i); break;
        case PL_Q6_K: dequantize_q6_k((const void *)p, out + i); break;
        case PL_IQ4_XS: dequantize_iq4_xs((const void *)p, out + i); break;
        default: return;
        }
    }
}
