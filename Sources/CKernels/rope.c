#include "internal.h"

void pl_rope(float *x, int32_t heads, int32_t head_size, int32_t rotary, bool interleaved,
             const float *cosine, const float *sine) {
    int32_t pairs = rotary / 2, step = interleaved ? 2 : 1, partner = interleaved ? 1 : pairs;
    for (int32_t h = 0; h < heads; h++, x += head_size) {
        for (int32_t i = 0; i < pairs; i++) {
            float *a = x + step * i, *b = a + partner, real = *a, imaginary = *b;
            *a = real * cosine[i] - imaginary * sine[i];
            *b = real * sine[i] + imaginary * cosine[i];
        }
    }
}
