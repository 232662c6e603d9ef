#include "internal.h"

// Two loops, so that the compiler makes vectors of each.

static void rotate_neighbours(float *restrict x, int32_t pairs, const float *restrict cosine, const float *restrict sine) {
    for (int32_t i = 0; i < pairs; i++) {
        float real = x[2 * i], imaginary = x[2 * i + 1];
        x[2 * i] = real * cosine[i] - imaginary * sine[i];
        x[2 * i + 1] = real * sine[i] + imaginary * cosine[i];
    }
}

static void rotate_halves(float *restrict a, float *restrict b, int32_t pairs, const float *restrict cosine, const float *restrict sine) {
    for (int32_t i = 0; i < pairs; i++) {
        float real = a[i], imaginary = b[i];
        a[i] = real * cosine[i] - imaginary * sine[i];
        b[i] = real * sine[i] + imaginary * cosine[i];
    }
}

void pl_rope(float *x, int32_t heads, int32_t head_size, int32_t rotary, bool interleaved,
             const float *cosine, const float *sine) {
    int32_t pairs = rotary / 2;
    for (int32_t h = 0; h < heads; h++, x += head_size) {
        if (interleaved) rotate_neighbours(x, pairs, cosine, sine);
        else rotate_halves(x, x + pairs, pairs, cosine, sine);
    }
}
