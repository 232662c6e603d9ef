// Speed of the kernels, by type and set: GB/s of weights read by one token, 10^9 multiply-adds a second with 32 tokens.
//   clang -O3 -ffp-contract=off -ISources/CKernels/include Sources/CKernels/*.c Tests/CKernelsTests/c/kernels_bench.c -o /tmp/kernels_bench -lm -lpthread
//   /tmp/kernels_bench [threads] [set] [type]
#define _GNU_SOURCE
#include "kernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 2048, MEGABYTES = 128, PREFILL = 32 };

static const struct { const char *name; int type; } types[] = {
    {"F32", PL_F32}, {"F16", PL_F16}, {"BF16", PL_BF16}, {"Q4_0", PL_Q4_0}, {"Q4_1", PL_Q4_1}, {"Q5_0", PL_Q5_0},
    {"Q5_1", PL_Q5_1}, {"Q8_0", PL_Q8_0}, {"Q4_K", PL_Q4_K}, {"Q5_K", PL_Q5_K}, {"Q6_K", PL_Q6_K},
    {"IQ4_NL", PL_IQ4_NL}, {"IQ4_XS", PL_IQ4_XS}, {"Q3_K", PL_Q3_K}, {"Q2_K", PL_Q2_K},
};

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/// The best of several products: others use this machine too.
static double best_time(pl_team *team, const pl_kernels *k, const pl_matrix *m, pl_activations *a, int repeats) {
    double best = 1e9;
    for (int i = 0; i < repeats; i++) {
        double start = seconds();
        pl_team_matmul(team, k, m, 1, a);
        double time = seconds() - start;
        if (time < best) best = time;
    }
    return best;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    pl_team *team = pl_team_create(threads);
    int32_t sets;
    const pl_kernels *const *all = pl_kernel_sets(&sets);
    uint8_t *weights = malloc((size_t)MEGABYTES << 20);
    float *x = malloc(PREFILL * COLUMNS * sizeof *x), *d = malloc(PREFILL * COLUMNS / 32 * sizeof *d);
    int8_t *q = malloc(PREFILL * COLUMNS);
    int16_t *sums = malloc(PREFILL * COLUMNS / 16 * sizeof *sums);
    float *out = malloc(((size_t)MEGABYTES << 20) / 8 * sizeof *out);
    if (!team || !weights || !x || !d || !q || !sums || !out) return 1;
    for (int i = 0; i < PREFILL * COLUMNS; i++) x[i] = (float)(i * 2654435761u >> 20) / 2048 - 1;
    memset(weights, 0x2a, (size_t)MEGABYTES << 20); // as a scale: a small half
    for (int32_t s = 0; s < sets; s++) {
        const pl_kernels *k = all[s];
        if (!k->supported() || (argc > 2 && strcmp(argv[2], k->name) != 0)) continue;
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            if (argc > 3 && strcmp(argv[3], types[i].name) != 0) continue;
            size_t row = (size_t)(COLUMNS / pl_block_size(types[i].type) * pl_block_bytes(types[i].type));
            int32_t rows = (int32_t)(((size_t)MEGABYTES << 20) / row);
            bool slow = s == 0;
            if (slow) rows /= 16;
            pl_matrix m = {.type = types[i].type, .rows = rows, .columns = COLUMNS, .weights = weights, .out = out, .out_stride = (size_t)rows};
            pl_activations a = {.tokens = 1, .columns = COLUMNS, .x = x, .q = q, .d = d, .sums = sums};
            double one = best_time(team, k, &m, &a, slow ? 2 : 8);
            a.kind = PL_ACTIVATION_F32;
            a.tokens = PREFILL;
            m.rows = rows < 4096 ? rows : 4096;
            m.out_stride = (size_t)m.rows;
            double many = best_time(team, k, &m, &a, slow ? 1 : 3);
            printf("%-12s %-6s %d threads: decode %6.2f GB/s, prefill %7.1f G multiply-adds/s\n", k->name, types[i].name, threads,
                   (double)row * rows / one * 1e-9, (double)m.rows * COLUMNS * PREFILL / many * 1e-9);
        }
    }
    pl_team_destroy(team);
    return 0;
}
