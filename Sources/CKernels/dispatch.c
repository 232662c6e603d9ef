// Which sets this build has, and which one the processor shall run.
#include "internal.h"
#include <stdlib.h>

static const pl_kernels *const sets[] = {
    &pl_scalar_kernels,
#if defined(__x86_64__)
    &pl_avx2_kernels, &pl_avx512vnni_kernels,
#elif defined(__aarch64__)
    &pl_neon_kernels, &pl_neon_dotprod_kernels, &pl_neon_i8mm_kernels,
#endif
};

const pl_kernels *const *pl_kernel_sets(int32_t *count) {
    *count = (int32_t)(sizeof sets / sizeof sets[0]);
    return sets;
}

const pl_kernels *pl_best_kernels(void) {
    const char *wanted = getenv("PLATEN_KERNELS");
    const pl_kernels *best = sets[0];
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (!sets[i]->supported()) continue;
        if (wanted && strcmp(wanted, sets[i]->name) == 0) return sets[i];
        best = sets[i];
    }
    return best;
}
