// Sizes, dequantization and quantization of the types, and half precision.
#include "check.h"
#include "golden_blocks.h"

static void expect_row(int type, const void *block, const float *expected, int count) {
    float out[256];
    pl_dequantize(type, block, count, out);
    for (int i = 0; i < count; i++) {
        check(same(out[i], expected[i]), "dequantize type %d weight %d: %g, expected %g", type, i, out[i], expected[i]);
    }
}

/// Blocks of 32 worked by hand: the scale 0.5 is the half 0x3800, the minimum -3 is 0xc200.
static void test_small_blocks(void) {
    float expected[32];
    uint8_t q4_0[18] = {0x00, 0x38}, q4_1[20] = {0x00, 0x38, 0x00, 0xc2};
    uint8_t q5_0[22] = {0x00, 0x38, 0x01, 0x00, 0x00, 0x80}, q5_1[24] = {0x00, 0x38, 0x00, 0xc2, 0x01, 0x00, 0x00, 0x80};
    uint8_t q8_0[34] = {0x00, 0x38};
    for (int i = 0; i < 16; i++) q4_0[2 + i] = q4_1[4 + i] = q5_0[6 + i] = q5_1[8 + i] = (uint8_t)(i | (15 - i) << 4);
    for (int i = 0; i < 32; i++) q8_0[2 + i] = (uint8_t)(i * 8 - 128);
    for (int i = 0; i < 32; i++) expected[i] = 0.5f * (float)((i < 16 ? i : 31 - i) - 8);
    expect_row(PL_Q4_0, q4_0, expected, 32);
    for (int i = 0; i < 32; i++) expected[i] = 0.5f * (float)(i < 16 ? i : 31 - i) - 3;
    expect_row(PL_Q4_1, q4_1, expected, 32);
    expected[0] += 8;  // the fifth bits of the first and of the last weight
    expected[31] += 8;
    expect_row(PL_Q5_1, q5_1, expected, 32);
    for (int i = 0; i < 32; i++) expected[i] += 3 - 8;
    expect_row(PL_Q5_0, q5_0, expected, 32);
    for (int i = 0; i < 32; i++) expected[i] = 0.5f * (float)(i * 8 - 128);
    expect_row(PL_Q8_0, q8_0, expected, 32);
}

/// Q4_K and Q5_K packed from known levels, scales and minimums (d = 2, dmin = 0.25).
static void test_k_blocks(int type) {
    uint8_t block[176] = {0x00, 0x40, 0x00, 0x34}, *scales = block + 4, *high = block + 16;
    uint8_t *low = block + (type == PL_Q5_K ? 48 : 16);
    float expected[256];
    for (int j = 0; j < 8; j++) {
        int scale = random_below(64), minimum = random_below(64);
        if (j < 4) {
            scales[j] |= (uint8_t)scale;
            scales[j + 4] |= (uint8_t)minimum;
        } else {
            scales[j + 4] = (uint8_t)((scale & 15) | (minimum & 15) << 4);
            scales[j - 4] |= (uint8_t)(scale >> 4 << 6);
            scales[j] |= (uint8_t)(minimum >> 4 << 6);
        }
        for (int i = 0; i < 32; i++) {
            int level = random_below(type == PL_Q5_K ? 32 : 16);
            low[32 * (j / 2) + i] |= (uint8_t)((level & 15) << (j % 2 ? 4 : 0));
            if (type == PL_Q5_K) high[i] |= (uint8_t)(level >> 4 << j);
            expected[32 * j + i] = 2 * (float)scale * (float)level - 0.25f * (float)minimum;
        }
    }
    expect_row(type, block, expected, 256);
}

static void test_q6_k(void) {
    uint8_t block[210] = {0};
    float expected[256];
    block[209] = 0x34; // d = 0.25
    for (int i = 0; i < 256; i++) {
        int level = random_below(64), scale = (i / 16 - 8) * 16, half = i / 128, quarter = i % 128 / 32, lane = i % 32;
        block[192 + i / 16] = (uint8_t)scale;
        block[64 * half + 32 * (quarter % 2) + lane] |= (uint8_t)((level & 15) << (quarter < 2 ? 0 : 4));
        block[128 + 32 * half + lane] |= (uint8_t)(level >> 4 << 2 * quarter);
        expected[i] = 0.25f * (float)scale * (float)(level - 32);
    }
    expect_row(PL_Q6_K, block, expected, 256);
}

static void expect_whole_numbers(int type, const uint8_t *block, const int16_t *weights, int count) {
    float out[256];
    pl_dequantize(type, block, count, out);
    for (int i = 0; i < count; i++) check(out[i] == (float)weights[i], "dequantize type %d weight %d: %g, expected %d", type, i, out[i], weights[i]);
}

static void test_golden_blocks(void) {
    expect_whole_numbers(PL_IQ4_NL, iq4_nl_block, iq4_nl_weights, 32);
    expect_whole_numbers(PL_IQ4_XS, iq4_xs_block, iq4_xs_weights, 256);
    expect_whole_numbers(PL_Q3_K, q3_k_block, q3_k_weights, 256);
    expect_whole_numbers(PL_Q2_K, q2_k_block, q2_k_weights, 256);
}

static float half_value(uint16_t half) {
    int exponent = half >> 10 & 31, fraction = half & 1023;
    float x = exponent == 31 ? (fraction ? NAN : INFINITY)
        : exponent ? ldexpf((float)(1024 + fraction), exponent - 25) : ldexpf((float)fraction, -24);
    return half & 0x8000 ? -x : x;
}

static void test_halves(void) {
    bool exact = true;
    for (int half = 0; half < 65536; half++) {
        uint16_t bits = (uint16_t)half, back;
        float x;
        pl_dequantize(PL_F16, &bits, 1, &x);
        pl_quantize_row(PL_F16, &x, 1, &back);
        if (!same(x, half_value(bits)) || (!isnan(x) && back != bits)) exact = false;
    }
    check(exact, "every half survives the way to single and back");
    bool nearest = true;
    for (int i = 0; i < 31743; i++) { // between two neighbours: the nearer one, or the even one
        uint16_t half = (uint16_t)i, got[3];
        float low = half_value(half), high = i == 31743 ? 65536 : half_value((uint16_t)(i + 1)), middle = (low + high) / 2;
        float x[3] = {middle, nextafterf(middle, 0), nextafterf(middle, INFINITY)};
        pl_quantize_row(PL_F16, x, 3, got);
        if (got[0] != (half + 1) / 2 * 2 || got[1] != half || got[2] != half + 1) nearest = false;
    }
    check(nearest, "halves round to nearest even");
    float edge[4] = {65519.996f, 65520, -INFINITY, 1e-8f};
    uint16_t got[4];
    pl_quantize_row(PL_F16, edge, 4, got);
    check(got[0] == 0x7bff && got[1] == 0x7c00 && got[2] == 0xfc00 && got[3] == 0, "halves at the edges");
}

static void test_quantize_row(void) {
    static const struct { int type; double worst; } cases[] = {
        {PL_F16, 0.0005}, {PL_BF16, 0.004}, {PL_Q8_0, 0.005}, {PL_Q4_0, 0.13}, {PL_Q4_1, 0.07}, {PL_Q5_0, 0.065}, {PL_Q5_1, 0.035},
        {PL_Q4_K, 0.09}, {PL_Q5_K, 0.045}, {PL_Q6_K, 0.022},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        float *x = guarded_floats(512, 1), out[512];
        void *row = guarded((size_t)(512 / pl_block_size(cases[c].type) * pl_block_bytes(cases[c].type)));
        check(pl_quantize_row(cases[c].type, x, 512, row), "type %d can be written", cases[c].type);
        pl_dequantize(cases[c].type, row, 512, out);
        double worst = 0;
        for (int i = 0; i < 512; i++) worst = fmax(worst, fabs((double)out[i] - x[i]));
        check(worst <= cases[c].worst, "type %d comes back within %g: %g", cases[c].type, cases[c].worst, worst);
        for (int i = 0; i < 512; i++) x[i] = i % 3 ? NAN : INFINITY;
        pl_quantize_row(cases[c].type, x, 512, row);
    }
    check(!pl_quantize_row(-1, NULL, 256, NULL), "an unknown type cannot be written");
    release_guarded();
}

static void test_rope(void) {
    enum { HEADS = 3, SIZE = 20, ROTARY = 12 };
    float cosine[ROTARY / 2], sine[ROTARY / 2];
    for (int i = 0; i < ROTARY / 2; i++) { cosine[i] = cosf(0.3f * (float)i + 1); sine[i] = sinf(0.3f * (float)i + 1); }
    for (int interleaved = 0; interleaved < 2; interleaved++) {
        float *x = guarded_floats(HEADS * SIZE, 1);
        double expected[HEADS * SIZE];
        for (int i = 0; i < HEADS * SIZE; i++) expected[i] = x[i];
        for (int h = 0; h < HEADS; h++) {
            for (int i = 0; i < ROTARY / 2; i++) {
                int a = h * SIZE + (interleaved ? 2 * i : i), b = interleaved ? a + 1 : a + ROTARY / 2;
                expected[a] = (double)x[a] * cosine[i] - (double)x[b] * sine[i];
                expected[b] = (double)x[a] * sine[i] + (double)x[b] * cosine[i];
            }
        }
        pl_rope(x, HEADS, SIZE, ROTARY, interleaved, cosine, sine);
        check(nmse(x, expected, HEADS * SIZE) < 1e-13, "rope, interleaved %d", interleaved);
    }
    release_guarded();
}

void test_types(void) {
    for (int i = 0; i < TYPE_COUNT; i++) check(pl_type_supported(all_types[i]), "type %d is supported", all_types[i]);
    check(!pl_type_supported(9) && !pl_type_supported(-1) && pl_block_size(9) == 1, "other types are not");
    check(pl_block_bytes(PL_Q4_K) == 144 && pl_block_bytes(PL_Q5_K) == 176 && pl_block_bytes(PL_Q6_K) == 210 && pl_block_bytes(PL_Q3_K) == 110
          && pl_block_bytes(PL_Q2_K) == 84 && pl_block_bytes(PL_IQ4_XS) == 136, "sizes of K blocks");
    test_small_blocks();
    test_k_blocks(PL_Q4_K);
    test_k_blocks(PL_Q5_K);
    test_q6_k();
    test_golden_blocks();
    test_halves();
    test_quantize_row();
    test_rope();
}
