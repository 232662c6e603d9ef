#define _GNU_SOURCE
#include "check.h"
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

long checks_passed, checks_failed;

void check(bool passed, const char *format, ...) {
    if (passed) { checks_passed++; return; }
    if (++checks_failed > 30) return;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "failed: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
}

static struct { void *base; size_t size; } maps[4096];
static int map_count;

void *guarded(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), body = (bytes + page - 1) / page * page;
    uint8_t *base = mmap(NULL, body + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED || map_count == 4096 || mprotect(base + body, page, PROT_NONE) != 0) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(2);
    }
    maps[map_count].base = base;
    maps[map_count++].size = body + page;
    return base + body - bytes;
}

void release_guarded(void) {
    while (map_count > 0) {
        map_count--;
        munmap(maps[map_count].base, maps[map_count].size);
    }
}

static uint64_t state = 88172645463325252u;

uint32_t random_bits(void) { // xorshift64*, Vigna 2016
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)(state * 2685821657736338717u >> 32);
}

int random_below(int n) { return (int)(random_bits() % (uint32_t)n); }
float random_float(void) { return (float)(int32_t)random_bits() * 0x1p-31f; }

float *guarded_floats(size_t count, float scale) {
    float *x = guarded(count * sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = random_float() * scale;
    return x;
}

bool same(float a, float b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

long first_difference(const float *a, const float *b, size_t count) {
    for (size_t i = 0; i < count; i++) if (!same(a[i], b[i])) return (long)i;
    return -1;
}

double nmse(const float *x, const double *reference, size_t count) {
    double error = 0, power = 0;
    for (size_t i = 0; i < count; i++) {
        error += (x[i] - reference[i]) * (x[i] - reference[i]);
        power += reference[i] * reference[i];
    }
    return power > 0 ? error / power : error;
}

size_t halves_at(int type, size_t *bytes) {
    bool two = type == PL_Q4_1 || type == PL_Q5_1 || type == PL_Q2_K || type == PL_Q4_K || type == PL_Q5_K;
    *bytes = two ? 4 : 2;
    bool last = type == PL_Q2_K || type == PL_Q3_K || type == PL_Q6_K;
    return last ? (size_t)pl_block_bytes(type) - *bytes : 0;
}

uint8_t *random_weights(int type, int rows, int columns, bool sane) {
    size_t block = (size_t)pl_block_bytes(type), blocks = (size_t)rows * (size_t)(columns / pl_block_size(type));
    uint8_t *weights = guarded(blocks * block);
    for (size_t i = 0; i < blocks * block; i++) weights[i] = (uint8_t)random_bits();
    if (!sane) return weights;
    for (size_t b = 0; b < blocks; b++) {
        uint8_t *p = weights + b * block;
        float x = random_float(), y = random_float();
        uint16_t half[2];
        float pair[2] = {x, y};
        pl_quantize_row(type == PL_BF16 ? PL_BF16 : PL_F16, pair, 2, half);
        if (type == PL_F32) memcpy(p, &x, 4);
        else {
            size_t bytes, at = halves_at(type, &bytes);
            memcpy(p + at, half, bytes);
        }
    }
    return weights;
}

pl_activations random_activations(int tokens, int columns) {
    size_t count = (size_t)tokens * (size_t)columns;
    return (pl_activations){
        .kind = PL_ACTIVATION_F32, .tokens = tokens, .columns = columns, .x = guarded_floats(count, 4),
        .q = guarded(count), .d = guarded(count / 32 * sizeof(float)), .sums = guarded(count / 16 * sizeof(int16_t)),
    };
}
