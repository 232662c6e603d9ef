// The errors of quantization, what the K-quants make of odd blocks, and conversion on a team.
#include "check.h"

static double rms_error(int type, const float *x, int count) {
    uint8_t *row = guarded((size_t)(count / pl_block_size(type) * pl_block_bytes(type)));
    float *out = guarded((size_t)count * sizeof *out);
    pl_quantize_row(type, x, count, row);
    pl_dequantize(type, row, count, out);
    double sum = 0;
    for (int i = 0; i < count; i++) sum += pow((double)out[i] - x[i], 2);
    return sqrt(sum);
}

/// The data, the measure and the bound of llama.cpp's tests/test-quantize-fns.cpp for 4 bits and more.
static void test_published_bound(void) {
    enum { COUNT = 32 * 128 };
    static const int types[] = {PL_Q8_0, PL_Q4_0, PL_Q4_1, PL_Q5_0, PL_Q5_1, PL_Q4_K, PL_Q5_K, PL_Q6_K};
    float *x = guarded(COUNT * sizeof *x);
    for (int i = 0; i < COUNT; i++) x[i] = (float)(0.1 + 2 * cosf((float)i));
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
        double error = rms_error(types[t], x, COUNT) / COUNT;
        check(error < 0.002, "type %d: error %g of the cosine", types[t], error);
    }
    release_guarded();
}

/// Weights as training leaves them, near a normal distribution. ggml's own quantizers without an importance matrix leave
/// relative errors of 0.0718, 0.0364 and 0.0179 on such weights; these must do better.
static void test_normal_weights(void) {
    enum { COUNT = 256 * 64 };
    static const struct { int type; double most; } cases[] = {{PL_Q4_K, 0.0710}, {PL_Q5_K, 0.0352}, {PL_Q6_K, 0.0175}};
    float *x = guarded(COUNT * sizeof *x);
    double power = 0;
    for (int i = 0; i < COUNT; i++) {
        x[i] = 0;
        for (int k = 0; k < 12; k++) x[i] += random_float() / 2; // variance 1
        power += x[i] * x[i];
    }
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        double error = rms_error(cases[c].type, x, COUNT) / sqrt(power);
        check(error <= cases[c].most, "type %d: relative error %g", cases[c].type, error);
    }
    release_guarded();
}

/// Blocks that leave a scale or a minimum nothing to do. What fits the levels exactly must come back exactly.
static void test_odd_blocks(int type) {
    float x[256], out[256];
    uint8_t *row = guarded((size_t)pl_block_bytes(type));
    static const char *const names[] = {"zero", "constant", "negative constant", "one spike", "subnormal", "all positive", "huge"};
    for (int kind = 0; kind < 7; kind++) {
        double worst = 0, limit[] = {0, 1e-3, 1e-3, 1.5e-2, 1e-38, 0.5, 2500};
        for (int i = 0; i < 256; i++) {
            float values[] = {0, 0.75f, -0.75f, i == 77 ? -1 : 0, 1e-40f, 3 + random_float(), 65504 * (i % 2 ? 1.0f : -1.0f)};
            x[i] = values[kind];
        }
        pl_quantize_row(type, x, 256, row);
        pl_dequantize(type, row, 256, out);
        for (int i = 0; i < 256; i++) worst = fmax(worst, fabs((double)out[i] - x[i]));
        check(worst <= limit[kind], "type %d, %s block: off by %g", type, names[kind], worst);
    }
    release_guarded();
}

/// Every processor must write the same file: one checksum (FNV-1a) for all.
static void test_same_bits(int type, uint32_t expected) {
    enum { COUNT = 256 * 16 };
    uint32_t state = 1, hash = 2166136261u;
    float *x = guarded(COUNT * sizeof *x);
    for (int i = 0; i < COUNT; i++) {
        state = state * 1664525 + 1013904223;
        x[i] = (float)((int32_t)state >> 8) * 0x1p-23f;
    }
    size_t bytes = (size_t)(COUNT / 256 * pl_block_bytes(type));
    uint8_t *row = guarded(bytes);
    pl_quantize_row(type, x, COUNT, row);
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ row[i]) * 16777619;
    check(hash == expected, "type %d: checksum %08x", type, hash);
    release_guarded();
}

static void test_conversion(void) {
    static const int sources[] = {PL_F32, PL_F16, PL_BF16, PL_Q8_0}, targets[] = {PL_F16, PL_Q8_0, PL_Q4_0, PL_Q5_1, PL_Q4_K, PL_Q6_K};
    enum { COUNT = 256 * 150 };
    pl_team *team = pl_team_create(3);
    float *x = guarded(COUNT * sizeof *x);
    for (size_t s = 0; s < sizeof sources / sizeof sources[0]; s++) {
        uint8_t *weights = random_weights(sources[s], 1, COUNT, true);
        pl_dequantize(sources[s], weights, COUNT, x);
        for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
            size_t bytes = (size_t)(COUNT / pl_block_size(targets[t]) * pl_block_bytes(targets[t]));
            uint8_t *expected = guarded(bytes), *out = guarded(bytes);
            pl_quantize_row(targets[t], x, COUNT, expected);
            check(pl_team_convert(team, sources[s], weights, targets[t], COUNT, out) && memcmp(out, expected, bytes) == 0,
                  "type %d to type %d in pieces as in one", sources[s], targets[t]);
        }
    }
    uint8_t *out = guarded(COUNT * 2);
    static const float wrong[] = {NAN, INFINITY, -INFINITY, 65505, -1e30f};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < COUNT; k++) x[k] = k == COUNT - 3 ? wrong[i] : 65504;
        check(!pl_team_convert(team, PL_F32, x, PL_Q8_0, COUNT, out), "%g is refused", wrong[i]);
    }
    pl_team_destroy(team);
    release_guarded();
}

void test_quantization(void) {
    test_published_bound();
    test_normal_weights();
    test_odd_blocks(PL_Q4_K);
    test_odd_blocks(PL_Q5_K);
    test_odd_blocks(PL_Q6_K);
    test_same_bits(PL_Q4_K, 0x5e5f0a4b);
    test_same_bits(PL_Q5_K, 0x86854811);
    test_same_bits(PL_Q6_K, 0x72f8fce3);
    test_conversion();
}
