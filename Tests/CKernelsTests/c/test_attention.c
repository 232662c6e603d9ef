// Attention: the scalar set against double precision, every set against the scalar bits.
#include "check.h"

static double half_to_double(uint16_t half) {
    float x;
    pl_dequantize(PL_F16, &half, 1, &x);
    return x;
}

static void attend_exactly(const pl_attention *a, double *out) {
    double *weight = malloc((size_t)a->length * sizeof *weight);
    for (int h = 0; h < a->heads; h++) {
        size_t offset = (size_t)(h / (a->heads / a->kv_heads)) * (size_t)a->head_size;
        double largest = -INFINITY, sum = 0;
        for (int p = a->first; p < a->length; p++) {
            weight[p] = 0;
            for (int i = 0; i < a->head_size; i++) {
                weight[p] += a->q[h * a->head_size + i] * half_to_double(a->k[(size_t)p * a->kv_stride + offset + (size_t)i]);
            }
            weight[p] *= a->scale;
            if (a->softcap > 0) weight[p] = a->softcap * tanh(weight[p] / a->softcap);
            largest = fmax(largest, weight[p]);
        }
        for (int p = a->first; p < a->length; p++) sum += weight[p] = exp(weight[p] - largest);
        for (int i = 0; i < a->head_size; i++) {
            double value = 0;
            for (int p = a->first; p < a->length; p++) value += weight[p] * half_to_double(a->v[(size_t)p * a->kv_stride + offset + (size_t)i]);
            out[h * a->head_size + i] = value / sum;
        }
    }
    free(weight);
}

/// Positions first ..< length of a cache that ends with them.
static uint16_t *random_cache(int length, size_t stride, float scale) {
    size_t count = (size_t)length * stride;
    float *x = guarded_floats(count, scale);
    uint16_t *cache = guarded(count * sizeof *cache);
    pl_quantize_row(PL_F16, x, (int32_t)count, cache);
    return cache;
}

static void test_case(const pl_kernels *k, const pl_kernels *scalar, int head_size, int heads, int kv_heads, int first, int length, float scale, float softcap) {
    size_t stride = (size_t)(kv_heads * head_size + random_below(3)), count = (size_t)(heads * head_size);
    pl_attention a = {
        .q = guarded_floats(count, 2), .k = random_cache(length, stride, scale), .v = random_cache(length, stride, 1), .kv_stride = stride,
        .heads = heads, .kv_heads = kv_heads, .head_size = head_size, .first = first, .length = length,
        .scale = 1 / sqrtf((float)head_size), .softcap = softcap, .out = guarded(count * sizeof(float)),
    }, reference = a;
    reference.out = guarded(count * sizeof(float));
    double *exact = malloc(count * sizeof *exact);
    k->attend(&a, 0, heads);
    scalar->attend(&reference, 0, heads);
    attend_exactly(&a, exact);
    check(first_difference(a.out, reference.out, count) < 0, "%s attention: head %d, %d/%d heads, positions %d to %d: bits",
          k->name, head_size, heads, kv_heads, first, length);
    check(nmse(a.out, exact, count) < 1e-10, "%s attention: head %d, %d/%d heads, positions %d to %d: NMSE %g",
          k->name, head_size, heads, kv_heads, first, length, nmse(a.out, exact, count));
    float *parts = guarded(count * sizeof(float));
    a.out = parts;
    for (int h = 0; h < heads; h++) k->attend(&a, h, h + 1);
    check(first_difference(parts, reference.out, count) < 0, "%s attention: head by head", k->name);
    free(exact);
    release_guarded();
}

void test_attention(const pl_kernels *k, const pl_kernels *scalar) {
    static const int sizes[] = {1, 8, 16, 40, 64, 80, 128}, lengths[] = {1, 15, 16, 17, 33, 150};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
            test_case(k, scalar, sizes[s], 4, 2, 0, lengths[l], 2, 0);
            test_case(k, scalar, sizes[s], 3, 1, lengths[l] / 3, lengths[l], 10, l % 2 ? 50 : 0);
        }
    }
    test_case(k, scalar, 64, 32, 1, 5, 70, 1, 0);   // more heads than pass together
    test_case(k, scalar, 64, 2, 2, 0, 40, 300, 0);  // scores far apart
    test_case(k, scalar, 64, 2, 2, 0, 40, 300, 20); // and capped
    // A window without positions is zero; a NaN stays one and crashes nothing.
    float q[32], out[32];
    uint16_t cache[64] = {0x7e00, 0x3c00};
    for (int i = 0; i < 32; i++) { q[i] = 1; out[i] = 5; }
    pl_attention a = {.q = q, .k = cache, .v = cache, .kv_stride = 32, .heads = 1, .kv_heads = 1, .head_size = 32, .first = 2, .length = 2, .scale = 1, .out = out};
    k->attend(&a, 0, 1);
    check(out[0] == 0 && out[31] == 0, "%s attention to nothing is zero", k->name);
    a.first = 0;
    k->attend(&a, 0, 1);
    check(isnan(out[0]), "%s attention to a NaN is one", k->name);
}
