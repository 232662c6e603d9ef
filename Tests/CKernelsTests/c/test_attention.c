// Attention and its cache: the scalar set against double precision, every set against the scalar bits.
#include "check.h"

typedef struct {
    int type, heads, kv_heads, head_size, tokens, first, window;
    float spread, softcap;   // of the keys
} shape;

static const char *describe(const pl_kernels *k, const shape *s) {
    static char text[200];
    snprintf(text, sizeof text, "%s attention, %s, head %d, %d/%d heads, %d tokens from %d, window %d, cap %g", k->name,
             s->type == PL_F16 ? "f16" : "q8_0", s->head_size, s->heads, s->kv_heads, s->tokens, s->first, s->window, s->softcap);
    return text;
}

/// What the cache makes of a head's n elements: halves, or levels by block, whose scale is a half in the cache.
static void round_as_cached(int type, const float *x, int n, bool half_scale, double *out) {
    for (int i = 0; i < n; i += 32) {
        int count = n - i < 32 ? n - i : 32;
        float largest = 0;
        for (int e = 0; e < count; e++) largest = fmaxf(largest, fabsf(x[i + e]));
        float scale = largest / 127, kept = scale;
        uint16_t half;
        if (half_scale) {
            pl_quantize_row(PL_F16, &scale, 1, &half);
            pl_dequantize(PL_F16, &half, 1, &kept);
        }
        for (int e = 0; e < count; e++) {
            if (type == PL_Q8_0) {
                out[i + e] = scale > 0 ? (double)kept * nearbyint((double)(x[i + e] * (1 / scale))) : 0;
                continue;
            }
            float rounded;
            pl_quantize_row(PL_F16, &x[i + e], 1, &half);
            pl_dequantize(PL_F16, &half, 1, &rounded);
            out[i + e] = rounded;
        }
    }
}

static void attend_exactly(const shape *s, const float *q, const float *keys, const float *values, double *out) {
    int n = s->head_size, positions = s->first + s->tokens;
    double *k = malloc((size_t)(positions * n) * sizeof *k), *v = malloc((size_t)(positions * n) * sizeof *v);
    double *weight = malloc((size_t)positions * sizeof *weight), *query = malloc((size_t)n * sizeof *query);
    for (int h = 0; h < s->heads; h++) {
        for (int p = 0; p < positions; p++) {
            size_t at = (size_t)((p * s->kv_heads + h / (s->heads / s->kv_heads)) * n);
            round_as_cached(s->type, keys + at, n, true, k + p * n);
            round_as_cached(s->type, values + at, n, true, v + p * n);
        }
        for (int t = 0; t < s->tokens; t++) {
            int end = s->first + t + 1, from = s->window && end > s->window ? end - s->window : 0;
            size_t row = (size_t)((t * s->heads + h) * n);
            double largest = -INFINITY, sum = 0;
            if (s->type == PL_Q8_0) round_as_cached(PL_Q8_0, q + row, n, false, query);
            else for (int i = 0; i < n; i++) query[i] = q[row + (size_t)i];
            for (int p = from; p < end; p++) {
                weight[p] = 0;
                for (int i = 0; i < n; i++) weight[p] += query[i] * k[p * n + i];
                weight[p] /= sqrt(n);
                if (s->softcap > 0) weight[p] = s->softcap * tanh(weight[p] / s->softcap);
                largest = fmax(largest, weight[p]);
            }
            for (int p = from; p < end; p++) sum += weight[p] = exp(weight[p] - largest);
            for (int i = 0; i < n; i++) {
                double value = 0;
                for (int p = from; p < end; p++) value += weight[p] * v[p * n + i];
                out[row + (size_t)i] = value / sum;
            }
        }
    }
    free(k); free(v); free(weight); free(query);
}

/// A cache that ends with the last tile that is needed; positions beyond `positions` are NaNs, which nobody may read.
static pl_cache filled_cache(const pl_kernels *k, const shape *s, const float *keys, const float *values) {
    pl_cache c = {.type = s->type, .kv_heads = s->kv_heads, .head_size = s->head_size, .tiles = (s->first + s->tokens + 15) / 16};
    size_t bytes = pl_cache_bytes(c.type, c.kv_heads, c.head_size, c.tiles);
    c.k = guarded(bytes);
    c.v = guarded(bytes);
    float *nothing = malloc((size_t)s->head_size * sizeof *nothing);
    for (int i = 0; i < s->head_size; i++) nothing[i] = NAN;
    for (int p = 0; p < 16 * c.tiles; p++) {
        for (int h = 0; h < s->kv_heads; h++) {
            size_t at = (size_t)((p * s->kv_heads + h) * s->head_size);
            bool there = p < s->first + s->tokens;
            k->store(&c, h, p, there ? keys + at : nothing, there ? values + at : nothing);
        }
    }
    free(nothing);
    return c;
}

static void attend_all(const pl_kernels *k, const pl_attention *a) {
    for (int h = 0; h < a->cache->kv_heads; h++) k->attend(a, h, 0, a->tokens * (a->heads / a->cache->kv_heads));
}

static void test_case(const pl_kernels *k, const pl_kernels *scalar, shape s) {
    size_t row = (size_t)(s.heads * s.head_size), count = (size_t)s.tokens * row, positions = (size_t)(s.first + s.tokens);
    size_t elements = positions * (size_t)(s.kv_heads * s.head_size);
    float *q = guarded_floats(count, 2), *keys = guarded_floats(elements, s.spread), *values = guarded_floats(elements, 1);
    pl_cache cache = filled_cache(k, &s, keys, values), other = filled_cache(scalar, &s, keys, values);
    size_t bytes = pl_cache_bytes(cache.type, cache.kv_heads, cache.head_size, cache.tiles);
    check(memcmp(cache.k, other.k, bytes) == 0, "%s: stored keys", describe(k, &s));
    check(memcmp(cache.v, other.v, bytes) == 0, "%s: stored values", describe(k, &s));
    pl_attention a = {
        .q = q, .cache = &cache, .heads = s.heads, .tokens = s.tokens, .first = s.first, .window = s.window,
        .scale = 1 / sqrtf((float)s.head_size), .softcap = s.softcap, .out = guarded(count * sizeof(float)),
    }, reference = a;
    reference.out = guarded(count * sizeof(float));
    attend_all(k, &a);
    attend_all(scalar, &reference);
    check(first_difference(a.out, reference.out, count) < 0, "%s: bits at %ld", describe(k, &s), first_difference(a.out, reference.out, count));
    double *exact = malloc(count * sizeof *exact);
    attend_exactly(&s, q, keys, values, exact);
    check(nmse(a.out, exact, count) < 1e-10, "%s: NMSE %g", describe(k, &s), nmse(a.out, exact, count));
    free(exact);
    // Row by row, and token by token with nothing of the later ones in the cache.
    memset(a.out, 0xff, count * sizeof(float));
    int32_t rows = s.tokens * (s.heads / s.kv_heads);
    for (int h = 0; h < s.kv_heads; h++) {
        for (int r = 0; r < rows;) {
            int end = r + 1 + random_below(5) < rows ? r + 1 : rows;
            k->attend(&a, h, r, end);
            r = end;
        }
    }
    check(first_difference(a.out, reference.out, count) < 0, "%s: some rows at a time", describe(k, &s));
    shape before = s;
    before.tokens = 1;
    pl_cache growing = filled_cache(k, &before, keys, values);
    growing.tiles = cache.tiles;
    growing.k = guarded(bytes);
    growing.v = guarded(bytes);
    memcpy(growing.k, cache.k, bytes);
    memcpy(growing.v, cache.v, bytes);
    float *nothing = guarded_floats((size_t)s.head_size, NAN);
    for (int t = s.tokens - 1; t >= 0; t--) {
        pl_attention one = a;
        one.cache = &growing;
        one.q += (size_t)t * row;
        one.out += (size_t)t * row;
        one.tokens = 1;
        one.first += t;
        attend_all(k, &one);
        for (int h = 0; h < s.kv_heads; h++) k->store(&growing, h, s.first + t, nothing, nothing);
    }
    check(first_difference(a.out, reference.out, count) < 0, "%s: token by token", describe(k, &s));
    release_guarded();
}

/// A NaN in one token's key and value stays with the tokens that read it.
static void test_nan(const pl_kernels *k, int type) {
    shape s = {.type = type, .heads = 2, .kv_heads = 2, .head_size = 32, .tokens = 5, .first = 3};
    size_t elements = 8 * 64;
    float *q = guarded_floats(5 * 64, 1), *keys = guarded_floats(elements, 1), *values = guarded_floats(elements, 1);
    keys[5 * 64] = values[5 * 64 + 1] = NAN; // head 0 of position 5, the third token
    pl_cache cache = filled_cache(k, &s, keys, values);
    pl_attention a = {.q = q, .cache = &cache, .heads = 2, .tokens = 5, .first = 3, .scale = 1, .out = guarded(5 * 64 * sizeof(float))};
    attend_all(k, &a);
    for (int t = 0; t < 5; t++) {
        for (int i = 0; i < 64; i++) {
            check(isnan(a.out[t * 64 + i]) == (t >= 2 && i < 32), "%s attention: NaN of position 5 at token %d, element %d", k->name, t, i);
        }
    }
    release_guarded();
}

void test_attention(const pl_kernels *k, const pl_kernels *scalar) {
    static const int types[] = {PL_F16, PL_Q8_0}, sizes[] = {1, 8, 16, 40, 64, 80, 128}, firsts[] = {0, 14, 63, 150};
    for (int i = 0; i < 2; i++) {
        for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
            for (size_t f = 0; f < sizeof firsts / sizeof firsts[0]; f++) {
                test_case(k, scalar, (shape){types[i], 4, 2, sizes[n], 1, firsts[f], 0, 2, 0});
                test_case(k, scalar, (shape){types[i], 3, 1, sizes[n], 1 + random_below(9), firsts[f], 1 + random_below(90), 5, f % 2 ? 30 : 0});
            }
        }
        for (int n = 0; n < 12; n++) {
            int kv_heads = 1 + random_below(3);
            test_case(k, scalar, (shape){types[i], kv_heads * (1 + random_below(9)), kv_heads, 1 + random_below(100), 1 + random_below(20),
                random_below(200), random_below(2) ? random_below(100) : 0, 1 + (float)random_below(5), random_below(2) ? 50 : 0});
        }
        test_case(k, scalar, (shape){types[i], 40, 1, 32, 2, 70, 0, 1, 0});    // more rows than pass together
        test_case(k, scalar, (shape){types[i], 1, 1, 1100, 9, 20, 0, 1, 0});   // and longer ones
        test_case(k, scalar, (shape){types[i], 2, 2, 64, 3, 40, 0, 300, 0});   // scores far apart
        test_case(k, scalar, (shape){types[i], 2, 2, 64, 3, 40, 0, 300, 20});  // and capped
        test_nan(k, types[i]);
    }
}
