// Tests every instruction set that this processor has against the scalar reference. Exits with 1 if a check fails.
// Run by Tests/run-kernel-tests.sh, natively and for Arm under qemu.
#include "check.h"

int main(void) {
    int32_t count;
    const pl_kernels *const *sets = pl_kernel_sets(&count);
    char names[200] = "", missing[200] = "";
    test_types();
    test_quantization();
    for (int32_t i = 0; i < count; i++) {
        char *list = sets[i]->supported() ? names : missing;
        snprintf(list + strlen(list), sizeof names - strlen(list), "%s%s", *list ? " " : "", sets[i]->name);
        if (list == missing) continue;
        test_vectors(sets[i], sets[0]);
        test_attention(sets[i], sets[0]);
        test_matmul(sets[i], sets[0]);
    }
    test_team(pl_best_kernels());
    test_delta_net();
    printf("kernels: %ld checks passed, %ld failed (sets: %s; unsupported: %s)\n", checks_passed, checks_failed, names, *missing ? missing : "none");
    return checks_failed > 0;
}
