// e^x in single precision, the same bits in every set, within 4e-7 of the value. x = n ln 2 + r with n the nearest
// integer, a polynomial for e^r (coefficients: Cephes library, expf.c, S. L. Moshier), and n put into the exponent.
// Below -87.33 the result is 0 (it would be subnormal), above 88.37 infinity.
#ifndef PLATEN_KERNELS_EXPF_H
#define PLATEN_KERNELS_EXPF_H

#include "internal.h"

#define PL_EXP_LOW -87.33f
#define PL_EXP_HIGH 88.8f // n = 128 there, and 2^n infinity
#define PL_LOG2_E 0x1.715476p0f
#define PL_ROUND_MAGIC 0x1.8p23f // adding and subtracting it rounds to nearest even
#define PL_LN2_HIGH 0.693359375f
#define PL_LN2_LOW -2.12194440e-4f
#define PL_EXP_C0 1.9875691500e-4f
#define PL_EXP_C1 1.3981999507e-3f
#define PL_EXP_C2 8.3334519073e-3f
#define PL_EXP_C3 4.1665795894e-2f
#define PL_EXP_C4 1.6666665459e-1f
#define PL_EXP_C5 5.0000001201e-1f

PL_INLINE float pl_exp(float x) {
    bool zero = x < PL_EXP_LOW;
    x = PL_EXP_LOW > x ? PL_EXP_LOW : x; // in this form a NaN stays one
    x = PL_EXP_HIGH < x ? PL_EXP_HIGH : x;
    float t = x * PL_LOG2_E + PL_ROUND_MAGIC, n = t - PL_ROUND_MAGIC;
    float r = x - n * PL_LN2_HIGH - n * PL_LN2_LOW;
    float y = PL_EXP_C0 * r + PL_EXP_C1;
    y = y * r + PL_EXP_C2;
    y = y * r + PL_EXP_C3;
    y = y * r + PL_EXP_C4;
    y = y * r + PL_EXP_C5;
    y = y * (r * r) + r + 1;
    y = y * pl_from_bits((pl_to_bits(t) + 127) << 23);
    return zero ? 0 : y;
}

/// Within 3e-7 of the value: the difference of two numbers near 1 where x is small.
PL_INLINE float pl_tanh(float x) { return 1 - 2 / (pl_exp(x + x) + 1); }

// gelu(x) = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 = x / (1 + exp(x (C1 + C3 x^2)))
#define PL_GELU_C1 -1.59576912f // -2 sqrt(2 / pi)
#define PL_GELU_C3 -7.13548163e-2f // 0.044715 of that

#endif
