// Weights from f32 to Q4_K, Q5_K and Q6_K. For each run of weights that shares a scale, candidate scales are tried; each gives
// levels, and the levels give the scale (and minimum) of least squared error in closed form. Then the block's own scale is chosen,
// the runs' scales are rounded to its multiples, the neighbours of the rounded ones tried too, and the block's scale is fitted to them.
// The candidates lie in the lanes of a vector: all loops over lanes are independent, so compilers vectorize them and every
// processor computes the same bits.
#include "internal.h"

enum { LANES = 8, RUNS = 8, RUN = 32, SIGNED_RUNS = 16, SIGNED_RUN = 16, ROUNDS = 2 };

/// To nearest, halves to even, below 2^22: behind the sum's point no bit is left.
PL_INLINE float nearest(float x) { return (x + 0x1.8p23f) - 0x1.8p23f; }
/// Into 0 ... top; NaN becomes 0.
PL_INLINE float within(float x, float top) {
    x = x > 0 ? x : 0;
    return x < top ? x : top;
}
PL_INLINE float magnitude(float x) { return x < 0 ? -x : x; }
PL_INLINE float inverse_of(float x) { return magnitude(x) >= PL_SMALLEST_SCALE ? 1 / x : 0; }

/// What an error of each weight counts: large weights meet large errors elsewhere, and carry more of the product.
static void importance(const float *x, int n, float *w) {
    float squares = 0;
    for (int i = 0; i < n; i++) squares += x[i] * x[i];
    float mean = __builtin_sqrtf(squares / (float)n);
    for (int i = 0; i < n; i++) w[i] = mean + magnitude(x[i]);
}

// Q4_K and Q5_K: x is about scale * level - minimum, with level 0 ... top and neither below zero.

typedef struct { float scale, minimum, gain; } affine; // gain: how much less than sum w x^2 the squared error is
typedef struct { float w, wx; } affine_sums;

/// Levels by each lane's (x + offset) * inverse; the best lane's least-squares fit replaces `best` if it is better.
static void fit_affine(const float *x, const float *w, affine_sums s, float top, const float offset[LANES],
                       const float inverse[LANES], affine *best) {
    float wl[LANES] = {0}, wll[LANES] = {0}, wlx[LANES] = {0};
    for (int i = 0; i < RUN; i++) {
        for (int c = 0; c < LANES; c++) {
            float level = nearest(within((x[i] + offset[c]) * inverse[c], top)), weighted = w[i] * level;
            wl[c] += weighted;
            wll[c] += weighted * level;
            wlx[c] += weighted * x[i];
        }
    }
    for (int c = 0; c < LANES; c++) {
        float determinant = s.w * wll[c] - wl[c] * wl[c];
        float scale = (s.w * wlx[c] - s.wx * wl[c]) / determinant, minimum = (scale * wl[c] - s.wx) / s.w;
        if (!(determinant > 0) || !(minimum > 0)) {
            scale = wlx[c] / wll[c];
            minimum = 0;
        }
        float gain = scale * wlx[c] - minimum * s.wx;
        if (scale > 0 && gain > best->gain) *best = (affine){scale, minimum, gain};
    }
}

static affine best_affine(const float *x, const float *w, float top) {
    float low = 0, high = x[0];
    affine_sums s = {0, 0};
    for (int i = 0; i < RUN; i++) {
        if (x[i] < low) low = x[i];
        if (x[i] > high) high = x[i];
        s.w += w[i];
        s.wx += w[i] * x[i];
    }
    affine best = {0, -low, 0};
    float unit = inverse_of(high - low), offset[LANES], inverse[LANES];
    for (int group = 0; group < 2; group++) {
        for (int c = 0; c < LANES; c++) {
            offset[c] = -low;
            inverse[c] = (top + 0.125f * (float)(group * LANES + c - 9)) * unit;
        }
        fit_affine(x, w, s, top, offset, inverse, &best);
    }
    for (int round = 0; round < ROUNDS; round++) {
        float middle = inverse_of(best.scale);
        for (int c = 0; c < LANES; c++) {
            offset[c] = best.minimum + best.scale * 0.125f * (float)(c / 2 * 2 - 3);
            inverse[c] = middle * (c & 1 ? 1.0f : 1.01f);
        }
        fit_affine(x, w, s, top, offset, inverse, &best);
    }
    return best;
}

typedef struct {
    float d, dmin;
    float scale[RUNS], minimum[RUNS]; // 0 ... 63, whole
} affine_block;

/// The run's scale and minimum in multiples of the block's: of the neighbours of the wanted ones, those of least error.
static void choose_affine(const float *x, const float *w, float top, affine wanted, affine_block *b, int run) {
    float scale[LANES], minimum[LANES], step[LANES], shift[LANES], inverse[LANES], error[LANES] = {0};
    float s = within(wanted.scale * inverse_of(b->d), 62), m = within(wanted.minimum * inverse_of(b->dmin), 63);
    for (int c = 0; c < LANES; c++) {
        scale[c] = (float)((int)s + (c & 1));
        minimum[c] = within((float)((int)m + c / 2 - 1), 63);
        step[c] = b->d * scale[c];
        shift[c] = b->dmin * minimum[c];
        inverse[c] = inverse_of(step[c]);
    }
    for (int i = 0; i < RUN; i++) {
        for (int c = 0; c < LANES; c++) {
            float level = nearest(within((x[i] + shift[c]) * inverse[c], top));
            float difference = step[c] * level - shift[c] - x[i];
            error[c] += w[i] * difference * difference;
        }
    }
    int best = 0;
    for (int c = 1; c < LANES; c++) if (error[c] < error[best]) best = c;
    b->scale[run] = scale[best];
    b->minimum[run] = minimum[best];
}

static float affine_level(const affine_block *b, int run, float x, float top) {
    float shift = b->dmin * b->minimum[run];
    return nearest(within((x + shift) * inverse_of(b->d * b->scale[run]), top));
}

/// The block's d and dmin of least squared error for the levels that the present ones give.
static void refit_affine(const float *x, const float *w, float top, affine_block *b) {
    float ss = 0, sm = 0, mm = 0, sx = 0, mx = 0;
    for (int j = 0; j < RUNS; j++) {
        for (int i = RUN * j; i < RUN * (j + 1); i++) {
            float s = b->scale[j] * affine_level(b, j, x[i], top), m = b->minimum[j];
            ss += w[i] * s * s;
            sm += w[i] * s * m;
            mm += w[i] * m * m;
            sx += w[i] * s * x[i];
            mx += w[i] * m * x[i];
        }
    }
    float determinant = ss * mm - sm * sm;
    if (!(determinant > 1e-6f * ss * mm)) return;
    float d = (sx * mm - mx * sm) / determinant, dmin = (sx * sm - mx * ss) / determinant;
    if (d > 0 && dmin > 0) *b = (affine_block){.d = d, .dmin = dmin};
}

static float rounded_to_half(float x) { return pl_half_to_float(pl_float_to_half(x)); }

static void quantize_affine(const float *x, float top, affine_block *b, uint8_t levels[256]) {
    float w[256], largest_scale = 0, largest_minimum = 0;
    affine wanted[RUNS];
    for (int j = 0; j < RUNS; j++) {
        importance(x + RUN * j, RUN, w + RUN * j);
        wanted[j] = best_affine(x + RUN * j, w + RUN * j, top);
        if (wanted[j].scale > largest_scale) largest_scale = wanted[j].scale;
        if (wanted[j].minimum > largest_minimum) largest_minimum = wanted[j].minimum;
    }
    *b = (affine_block){.d = largest_scale / 63, .dmin = largest_minimum / 63};
    for (int round = 0; round < ROUNDS; round++) {
        if (round > 0) refit_affine(x, w, top, b);
        b->d = rounded_to_half(b->d);
        b->dmin = rounded_to_half(b->dmin);
        for (int j = 0; j < RUNS; j++) choose_affine(x + RUN * j, w + RUN * j, top, wanted[j], b, j);
    }
    for (int i = 0; i < 256; i++) levels[i] = (uint8_t)affine_level(b, i / RUN, x[i], top);
}

/// The inverse of pl_unpack_scales.
static void pack_scales(const affine_block *b, uint8_t packed[12]) {
    for (int j = 0; j < 4; j++) {
        int low_scale = (int)b->scale[j], low_minimum = (int)b->minimum[j];
        int high_scale = (int)b->scale[j + 4], high_minimum = (int)b->minimum[j + 4];
        packed[j] = (uint8_t)(low_scale | high_scale >> 4 << 6);
        packed[j + 4] = (uint8_t)(low_minimum | high_minimum >> 4 << 6);
        packed[j + 8] = (uint8_t)((high_scale & 15) | (high_minimum & 15) << 4);
    }
}

/// The low 4 bits of 256 levels, as Q4_K and Q5_K have them: byte i of 32 holds runs 2j and 2j + 1.
static void pack_nibbles(const uint8_t levels[256], uint8_t q[128]) {
    for (int j = 0; j < RUNS / 2; j++) {
        for (int i = 0; i < RUN; i++) {
            q[RUN * j + i] = (uint8_t)((levels[2 * RUN * j + i] & 15) | (levels[2 * RUN * j + RUN + i] & 15) << 4);
        }
    }
}

void pl_quantize_block_q4_k(const float *x, pl_block_q4_k *out) {
    affine_block b;
    uint8_t levels[256];
    quantize_affine(x, 15, &b, levels);
    out->d = pl_float_to_half(b.d);
    out->dmin = pl_float_to_half(b.dmin);
    pack_scales(&b, out->scales);
    pack_nibbles(levels, out->q);
}

void pl_quantize_block_q5_k(const float *x, pl_block_q5_k *out) {
    affine_block b;
    uint8_t levels[256];
    quantize_affine(x, 31, &b, levels);
    out->d = pl_float_to_half(b.d);
    out->dmin = pl_float_to_half(b.dmin);
    pack_scales(&b, out->scales);
    pack_nibbles(levels, out->q);
    for (int i = 0; i < RUN; i++) {
        int bits = 0;
        for (int j = 0; j < RUNS; j++) bits |= levels[RUN * j + i] >> 4 << j;
        out->high[i] = (uint8_t)bits;
    }
}

// Q6_K: x is about scale * (level - 32), with level 0 ... 63 and scales of either sign.

static float signed_level(float x, float inverse) { return nearest(within(x * inverse + 32, 63)) - 32; }

/// The scale of least squared error. The extreme lies near level -32, whatever its sign: there the levels reach further.
static float best_scale(const float *x, const float *w) {
    float extreme = 0, scale = 0, best = 0;
    for (int i = 0; i < SIGNED_RUN; i++) if (magnitude(x[i]) > magnitude(extreme)) extreme = x[i];
    float unit = -inverse_of(extreme);
    for (int group = 0; group < 2; group++) {
        float inverse[LANES], wll[LANES] = {0}, wlx[LANES] = {0};
        for (int c = 0; c < LANES; c++) inverse[c] = unit * (32 + 0.125f * (float)(group * LANES + c - 7));
        for (int i = 0; i < SIGNED_RUN; i++) {
            for (int c = 0; c < LANES; c++) {
                float level = signed_level(x[i], inverse[c]), weighted = w[i] * level;
                wll[c] += weighted * level;
                wlx[c] += weighted * x[i];
            }
        }
        for (int c = 0; c < LANES; c++) {
            if (!(wll[c] > 0) || !(wlx[c] * wlx[c] / wll[c] > best)) continue;
            best = wlx[c] * wlx[c] / wll[c];
            scale = wlx[c] / wll[c];
        }
    }
    return scale;
}

/// The whole multiple of d for a run: of the wanted one's neighbours, that of least error.
static float choose_scale(const float *x, const float *w, float wanted, float d) {
    float scale[LANES], step[LANES], inverse[LANES], error[LANES] = {0};
    float middle = within(wanted * inverse_of(d) + 128, 255) - 128;
    for (int c = 0; c < LANES; c++) {
        scale[c] = within(nearest(middle) + (float)(c - 4) + 128, 255) - 128;
        step[c] = d * scale[c];
        inverse[c] = inverse_of(step[c]);
    }
    for (int i = 0; i < SIGNED_RUN; i++) {
        for (int c = 0; c < LANES; c++) {
            float difference = step[c] * signed_level(x[i], inverse[c]) - x[i];
            error[c] += w[i] * difference * difference;
        }
    }
    int best = 0;
    for (int c = 1; c < LANES; c++) if (error[c] < error[best]) best = c;
    return scale[best];
}

void pl_quantize_block_q6_k(const float *x, pl_block_q6_k *out) {
    float w[256], wanted[SIGNED_RUNS], scale[SIGNED_RUNS], extreme = 0, sx = 0, ss = 0;
    for (int j = 0; j < SIGNED_RUNS; j++) {
        importance(x + SIGNED_RUN * j, SIGNED_RUN, w + SIGNED_RUN * j);
        wanted[j] = best_scale(x + SIGNED_RUN * j, w + SIGNED_RUN * j);
        if (magnitude(wanted[j]) > magnitude(extreme)) extreme = wanted[j];
    }
    float d = rounded_to_half(extreme / -128);
    for (int round = 0; round < ROUNDS; round++) {
        if (round > 0 && ss > 0) d = rounded_to_half(sx / ss);
        sx = ss = 0;
        for (int j = 0; j < SIGNED_RUNS; j++) {
            scale[j] = choose_scale(x + SIGNED_RUN * j, w + SIGNED_RUN * j, wanted[j], d);
            float inverse = inverse_of(d * scale[j]);
            for (int i = SIGNED_RUN * j; i < SIGNED_RUN * (j + 1); i++) {
                float s = scale[j] * signed_level(x[i], inverse);
                sx += w[i] * s * x[i];
                ss += w[i] * s * s;
            }
        }
    }
    memset(out, 0, sizeof *out);
    out->d = pl_float_to_half(d);
    for (int i = 0; i < 256; i++) {
        int j = i / SIGNED_RUN, half = i / 128, k = i % 128 / 32, lane = i % 32;
        int level = (int)signed_level(x[i], inverse_of(d * scale[j])) + 32;
        out->scales[j] = (int8_t)scale[j];
        out->low[64 * half + 32 * (k & 1) + lane] |= (uint8_t)((level & 15) << 4 * (k / 2));
        out->high[32 * half + lane] |= (uint8_t)(level >> 4 << 2 * k);
    }
}
