// A minimal test harness: counted checks, repeatable random numbers, and memory whose end faults.
#ifndef CHECK_H
#define CHECK_H

#include "kernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern long checks_passed, checks_failed;

/// Counts a check; the first failures are printed with the formatted reason.
__attribute__((format(printf, 2, 3))) void check(bool passed, const char *format, ...);

/// Memory of exactly `bytes` that ends where an unreadable page begins. Lives until release_guarded().
void *guarded(size_t bytes);
void release_guarded(void);

uint32_t random_bits(void);
/// 0 ..< n
int random_below(int n);
/// -1 ... 1
float random_float(void);
float *guarded_floats(size_t count, float scale);

/// The same bits, or both NaN.
bool same(float a, float b);
/// Index of the first difference, or -1.
long first_difference(const float *a, const float *b, size_t count);
/// Squared error over squared reference.
double nmse(const float *x, const double *reference, size_t count);

static const int all_types[] = {
    PL_F32, PL_F16, PL_BF16, PL_Q4_0, PL_Q4_1, PL_Q5_0, PL_Q5_1, PL_Q8_0, PL_Q4_K, PL_Q5_K, PL_Q6_K,
    PL_IQ4_NL, PL_IQ4_XS, PL_Q3_K, PL_Q2_K,
};
enum { TYPE_COUNT = sizeof all_types / sizeof all_types[0] };

/// Where a quantized block keeps its halves, and how many bytes they take.
size_t halves_at(int type, size_t *bytes);

/// Random blocks. Sane: scales are halves between -1 and 1; otherwise every bit is random, NaNs and infinities included.
uint8_t *random_weights(int type, int rows, int columns, bool sane);
pl_activations random_activations(int tokens, int columns);

void test_types(void);
void test_quantization(void);
void test_vectors(const pl_kernels *k, const pl_kernels *scalar);
void test_attention(const pl_kernels *k, const pl_kernels *scalar);
void test_matmul(const pl_kernels *k, const pl_kernels *scalar);
void test_team(const pl_kernels *k);
void test_delta_net(void);

#endif
