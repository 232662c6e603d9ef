// One token by 8 rows. Included by the x86 sets, after x86_unpack.h and
// dot_levels(w, x, offset): 8 lanes of sums of 4 products (w - offset) * x, w unsigned, and dot_signed(w, x).

/// Sums each of 8 registers to a lane of the result; `first` gets the sums of the first 16 products, `second` those of the others.
/// Narrow: every lane fits in 15 bits even when two are added, which allows the cheaper way over int16.
PL_INLINE void fold_rows(bool narrow, const __m256i p[8], __m256i *first, __m256i *second) {
    __m256i four[2];
    for (int i = 0; i < 2; i++) {
        const __m256i *a = p + 4 * i;
        if (narrow) {
            const __m256i ones = _mm256_set1_epi16(1);
            __m256i low = _mm256_madd_epi16(_mm256_packs_epi32(a[0], a[1]), ones), high = _mm256_madd_epi16(_mm256_packs_epi32(a[2], a[3]), ones);
            four[i] = _mm256_madd_epi16(_mm256_packs_epi32(low, high), ones);
        } else {
            four[i] = _mm256_hadd_epi32(_mm256_hadd_epi32(a[0], a[1]), _mm256_hadd_epi32(a[2], a[3]));
        }
    }
    *first = _mm256_permute2x128_si256(four[0], four[1], 0x20);
    *second = _mm256_permute2x128_si256(four[0], four[1], 0x31);
}

PL_INLINE void dot_rows(int type, const uint8_t *const row[8], size_t offset, int run, const int8_t *q, __m256i *first, __m256i *second) {
    __m256i x = load256(q), p[8];
    for (int r = 0; r < 8; r++) {
        __m256i w = unpack(type, row[r] + offset, run);
        p[r] = has_signed_levels(type) ? dot_signed(w, x) : dot_levels(w, x, level_offset(type));
    }
    fold_rows(!has_signed_levels(type), p, first, second);
}

enum { NEAR_ROWS = 12 << 10, AHEAD = 128 };

/// While 8 rows are read side by side, which the processor's own prefetching follows badly, the 8 after them are fetched in
/// their order in memory: with every run of 32 columns, as much as these 8 rows have of it. Long rows would push each other
/// out of the first-level cache: they go to the second, and from there each row comes a little ahead of its use.
/// A prefetch past the end of a matrix does nothing.
PL_INLINE void prefetch_next(int type, const uint8_t *const row[8], int32_t blocks, size_t offset, int run) {
    bool small = block_size(type) == 32;
    size_t bytes = (size_t)(small ? 8 * block_bytes(type) : block_bytes(type)), rows = 8 * (size_t)blocks * (size_t)block_bytes(type);
    uintptr_t next = (uintptr_t)row[0] + rows + 8 * offset + (size_t)run * bytes;
    if (rows <= NEAR_ROWS) {
        for (size_t i = 0; i < bytes; i += 64) _mm_prefetch((const char *)next + i, _MM_HINT_T0);
        return;
    }
    for (size_t i = 0; i < bytes; i += 64) _mm_prefetch((const char *)next + i, _MM_HINT_T1);
    if (small ? offset / (size_t)block_bytes(type) & 1 : run & 1) return; // two runs of 32 columns share a cache line
    uintptr_t ahead = offset + (size_t)(run * block_bytes(type) / 8) + AHEAD;
    for (int r = 0; r < 8; r++) _mm_prefetch((const char *)((uintptr_t)row[r] + ahead), _MM_HINT_T0);
}

PL_INLINE __m256 gemv_32(int type, const uint8_t *const row[8], int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    __m256 total = _mm256_setzero_ps();
    size_t offset = 0;
    for (int32_t b = 0; b < blocks; b++, q += 32, sums += 2, offset += (size_t)block_bytes(type)) {
        __m256i first, second;
        prefetch_next(type, row, blocks, offset, 0);
        dot_rows(type, row, offset, 0, q, &first, &second);
        __m256 scale = _mm256_mul_ps(halves(row, offset + scale_offset(type)), _mm256_set1_ps(d[b]));
        __m256 value = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(_mm256_add_epi32(first, second)));
        if (has_minimum(type)) {
            __m256 minimum = halves(row, offset + minimum_offset(type));
            value = _mm256_add_ps(value, _mm256_mul_ps(minimum, _mm256_set1_ps(d[b] * (float)(sums[0] + sums[1]))));
        }
        total = _mm256_add_ps(total, value);
    }
    return total;
}

PL_INLINE __m256 gemv_256(int type, const uint8_t *const row[8], int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    __m256 total = _mm256_setzero_ps();
    size_t offset = 0;
    for (int32_t b = 0; b < blocks; b++, q += 256, sums += 16, offset += (size_t)block_bytes(type)) {
        int32_t scale[16 * 8], pair[8 * 8];
        block_scales(type, row, offset, scale, pair, 8);
        __m256i sum = _mm256_setzero_si256(), minimums = sum;
        for (int run = 0; run < 8; run++) {
            __m256i first, second;
            prefetch_next(type, row, blocks, offset, run);
            dot_rows(type, row, offset, run, q + 32 * run, &first, &second);
            if (has_scales_of_16(type)) {
                first = _mm256_mullo_epi32(first, load256(scale + 16 * run));
                second = _mm256_mullo_epi32(second, load256(scale + 16 * run + 8));
                sum = _mm256_add_epi32(sum, _mm256_add_epi32(first, second));
            } else {
                sum = _mm256_add_epi32(sum, _mm256_mullo_epi32(_mm256_add_epi32(first, second), load256(scale + 8 * run)));
            }
            if (has_minimum(type)) {
                __m256i inputs = _mm256_set1_epi32((int32_t)pl_load32(sums + 2 * run));
                minimums = _mm256_add_epi32(minimums, _mm256_madd_epi16(load256(pair + 8 * run), inputs));
            }
        }
        __m256 scales = halves(row, offset + scale_offset(type)), input = _mm256_set1_ps(d[b]), value = _mm256_cvtepi32_ps(sum);
        if (!has_minimum(type)) {
            total = _mm256_add_ps(total, _mm256_mul_ps(_mm256_mul_ps(scales, input), value));
        } else {
            __m256 minimum = _mm256_mul_ps(halves(row, offset + minimum_offset(type)), _mm256_cvtepi32_ps(minimums));
            total = _mm256_add_ps(total, _mm256_mul_ps(input, _mm256_sub_ps(_mm256_mul_ps(scales, value), minimum)));
        }
    }
    return total;
}

PL_INLINE void gemv(int type, const pl_matrix *m, const uint8_t *const row[8], int32_t first, int32_t count, const pl_activations *a, int32_t token) {
    size_t start = (size_t)token * (size_t)a->columns;
    int32_t blocks = m->columns / block_size(type);
    const int8_t *q = a->q + start;
    const float *d = a->d + (size_t)token * (size_t)blocks;
    const int16_t *sums = a->sums + start / 16;
    float lane[8], *out = m->out + (size_t)token * m->out_stride + (size_t)first;
    _mm256_storeu_ps(lane, block_size(type) == 32 ? gemv_32(type, row, blocks, q, d, sums) : gemv_256(type, row, blocks, q, d, sums));
    for (int32_t r = 0; r < count; r++) out[r] = m->bias ? lane[r] + m->bias[first + r] : lane[r];
}
