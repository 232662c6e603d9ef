// One token by 8 rows that lie `stride` bytes apart. Included by the x86 sets, after x86_unpack.h and
// dot(type, w, x): 8 lanes of sums of 4 products, the levels' offset taken off, dot_both(type, v, x, w, y): the sum of two such,
// scaled_dot(type, sum, w, x, scale): sum + scale * the sums of 4 products with the levels as they are, scale from scale_words(s),
// and block_halves(type, p, stride, offset, out): the halves at `offset` of two successive blocks of 8 rows.

/// 4 lanes of 4 registers to their sums, in each half.
PL_INLINE __m256i fold_quads(__m256i a, __m256i b, __m256i c, __m256i d) {
    __m256i e = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    __m256i f = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    return _mm256_add_epi32(_mm256_unpacklo_epi64(e, f), _mm256_unpackhi_epi64(e, f));
}

/// Sums each of 8 registers to a lane of the result.
PL_INLINE __m256i fold(const __m256i p[8]) {
    __m256i half[4];
    for (int i = 0; i < 4; i++) {
        half[i] = _mm256_add_epi32(_mm256_permute2x128_si256(p[i], p[i + 4], 0x20), _mm256_permute2x128_si256(p[i], p[i + 4], 0x31));
    }
    return fold_quads(half[0], half[1], half[2], half[3]);
}

PL_INLINE __m256i fold_short(const __m128i p[8]) {
    __m256i pair[4];
    for (int i = 0; i < 4; i++) pair[i] = _mm256_inserti128_si256(_mm256_castsi128_si256(p[i]), p[i + 4], 1);
    return fold_quads(pair[0], pair[1], pair[2], pair[3]);
}

/// The same where every lane fits in 15 bits even when two are added, which allows the cheaper way over int16.
PL_INLINE __m256i fold_narrow(const __m256i p[8]) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i four[2];
    for (int i = 0; i < 2; i++) {
        const __m256i *a = p + 4 * i;
        __m256i low = _mm256_madd_epi16(_mm256_packs_epi32(a[0], a[1]), ones), high = _mm256_madd_epi16(_mm256_packs_epi32(a[2], a[3]), ones);
        four[i] = _mm256_madd_epi16(_mm256_packs_epi32(low, high), ones);
    }
    return _mm256_add_epi32(_mm256_permute2x128_si256(four[0], four[1], 0x20), _mm256_permute2x128_si256(four[0], four[1], 0x31));
}

enum { NEAR_ROWS = 12 << 10, AHEAD = 128 };

// While 8 rows are read side by side, which the processor's own prefetching follows badly, the 8 after them are fetched in
// their order in memory: with every step, as much as these 8 rows have of it, little by little, for what waits for memory is few.
// Long rows would push each other out of the first-level cache: they go to the second, and from there each row comes a little
// ahead of its use. A prefetch past the end of a matrix does nothing.

PL_INLINE void prefetch_next(uintptr_t next, size_t bytes, bool near) {
    for (size_t i = 0; i < bytes; i += 64) {
        if (near) _mm_prefetch((const char *)(next + i), _MM_HINT_T0);
        else _mm_prefetch((const char *)(next + i), _MM_HINT_T1);
    }
}

PL_INLINE void prefetch_ahead(uintptr_t row, size_t bytes, bool near) {
    for (size_t i = 0; i < bytes && !near; i += 64) _mm_prefetch((const char *)(row + AHEAD + i), _MM_HINT_T0);
}

/// A block's products as they are summed for 8 rows whose 16 bytes of nibbles begin at `q`: rows r and r + 4 share a register.
PL_INLINE __m256i dot_nibbles(int type, const uint8_t *q, size_t stride, const int8_t *x) {
    const __m256i low4 = _mm256_set1_epi8(15), ones = _mm256_set1_epi16(1);
    __m256i first = broadcast128(x), second = broadcast128(x + 16), part[4];
    for (int r = 0; r < 4; r++) {
        __m128i row = _mm_loadu_si128((const void *)(q + (size_t)r * stride));
        __m256i rows = _mm256_inserti128_si256(_mm256_castsi128_si256(row), _mm_loadu_si128((const void *)(q + (size_t)(r + 4) * stride)), 1);
        __m256i low = _mm256_and_si256(rows, low4), high = _mm256_and_si256(_mm256_srli_epi16(rows, 4), low4);
        if (type == PL_IQ4_NL) {
            low = iq4_levels(low);
            high = iq4_levels(high);
        }
        part[r] = dot_both(type, low, first, high, second);
    }
    if (type == PL_IQ4_NL) return fold_quads(part[0], part[1], part[2], part[3]);
    // At most 8 * 15 * 127, which fits in 16 bits even when two are added.
    __m256i a = _mm256_madd_epi16(_mm256_packs_epi32(part[0], part[1]), ones), b = _mm256_madd_epi16(_mm256_packs_epi32(part[2], part[3]), ones);
    return _mm256_madd_epi16(_mm256_packs_epi32(a, b), ones);
}

/// The same row by row.
PL_INLINE __m256i dot_rows(int type, const uint8_t *p, size_t stride, const int8_t *q) {
    __m256i x = load256(q), part[8];
    for (int r = 0; r < 8; r++) part[r] = dot(type, unpack(type, p + (size_t)r * stride, 0), x);
    return type == PL_Q8_0 ? fold(part) : fold_narrow(part);
}

/// total + one block's product.
PL_INLINE __m256 add_block(int type, __m256 total, const uint8_t *p, size_t stride, __m256 scale, __m256 minimum,
                           const int8_t *q, float d, const int16_t *sums) {
    __m256i sum = type == PL_Q4_0 || type == PL_IQ4_NL ? dot_nibbles(type, p + offsetof(pl_block_q4_0, q), stride, q)
        : type == PL_Q4_1 ? dot_nibbles(type, p + offsetof(pl_block_q4_1, q), stride, q) : dot_rows(type, p, stride, q);
    total = _mm256_fmadd_ps(_mm256_mul_ps(scale, _mm256_set1_ps(d)), _mm256_cvtepi32_ps(sum), total);
    return has_minimum(type) ? _mm256_fmadd_ps(minimum, _mm256_set1_ps(d * (float)(sums[0] + sums[1])), total) : total;
}

PL_INLINE __m256 gemv_32(int type, const uint8_t *p, size_t stride, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    __m256 total = _mm256_setzero_ps(), scale[2], minimum[2] = {total, total};
    const uint8_t *first = p;
    size_t bytes = (size_t)block_bytes(type);
    bool near = 8 * stride <= NEAR_ROWS;
    int32_t b = 0;
    for (; b + 2 <= blocks; b += 2, p += 2 * bytes, q += 64, sums += 4) {
        prefetch_next((uintptr_t)first + 8 * (stride + (size_t)(p - first)), 16 * bytes, near);
        for (int r = 0; r < 8; r++) prefetch_ahead((uintptr_t)p + (size_t)r * stride, 2 * bytes, near);
        block_halves(type, p, stride, scale_offset(type), scale);
        if (has_minimum(type)) block_halves(type, p, stride, minimum_offset(type), minimum);
        total = add_block(type, total, p, stride, scale[0], minimum[0], q, d[b], sums);
        total = add_block(type, total, p + bytes, stride, scale[1], minimum[1], q + 32, d[b + 1], sums + 2);
    }
    if (b < blocks) {
        scale[0] = halves(p, stride, scale_offset(type));
        if (has_minimum(type)) minimum[0] = halves(p, stride, minimum_offset(type));
        total = add_block(type, total, p, stride, scale[0], minimum[0], q, d[b], sums);
    }
    return total;
}

/// What a block of 256 activations brings for all rows.
typedef struct {
    __m256i x[8], sums, wide_sums; // sums of 16 as int16, of 32 as int32
    __m128i short_sums;            // of 32 as int16
} block_input;

PL_INLINE block_input load_input(const int8_t *q, const int16_t *sums) {
    block_input in;
    for (int run = 0; run < 8; run++) in.x[run] = load256(q + 32 * run);
    in.sums = load256(sums);
    in.wide_sums = _mm256_madd_epi16(in.sums, _mm256_set1_epi16(1));
    in.short_sums = _mm_packs_epi32(_mm256_castsi256_si128(in.wide_sums), _mm256_extracti128_si256(in.wide_sums, 1));
    return in;
}

/// One row's block with a scale for every 16 weights: 8 lanes whose sum is its integer part.
PL_INLINE __m256i dot_sixteens(int type, const uint8_t *block, const block_input *in, __m128i *minimums) {
    __m128i minimum;
    __m256i scale = _mm256_cvtepi8_epi16(row_scales_16(type, block, &minimum)), sum = _mm256_setzero_si256();
    __m256i words[2] = {scale_words_low(scale), scale_words_high(scale)}; // 0-3 and 8-11, 4-7 and 12-15
    __m256i halves = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    __asm__("" : "+x"(halves)); // one shuffle by a variable, where the compiler would make two of a constant
    PL_UNROLL
    for (int run = 0; run < 8; run++) {
        __m256i lanes = _mm256_add_epi32(_mm256_set1_epi32(2 * (run % 2) + 4 * (run / 4)), halves);
        __m256i scales = _mm256_permutevar8x32_epi32(words[run / 2 % 2], lanes);
        sum = scaled_dot(type, sum, unpack(type, block, run), in->x[run], scales);
    }
    if (has_minimum(type)) {
        __m256i products = _mm256_madd_epi16(_mm256_cvtepu8_epi16(minimum), in->sums);
        *minimums = _mm_add_epi32(_mm256_castsi256_si128(products), _mm256_extracti128_si256(products, 1));
    }
    if (!offset_of(type)) return sum;
    return _mm256_sub_epi32(sum, _mm256_slli_epi32(_mm256_madd_epi16(scale, in->sums), __builtin_ctz((unsigned)offset_of(type))));
}

/// The same with a scale for every 32.
PL_INLINE __m256i dot_thirty_twos(int type, const uint8_t *block, const block_input *in, __m128i *minimums) {
    int32_t scales[8];
    const void *opaque = pl_opaque((const uint8_t *)scales); // read as broadcasts, not shuffled from the register
    __m128i minimum;
    __m256i scale = row_scales_32(type, block, &minimum), sum = _mm256_setzero_si256();
    _mm256_storeu_si256((void *)scales, scale_words(scale));
    PL_UNROLL
    for (int run = 0; run < 8; run++) sum = scaled_dot(type, sum, unpack(type, block, run), in->x[run], _mm256_set1_epi32((int32_t)pl_load32((const char *)opaque + 4 * run)));
    if (has_minimum(type)) *minimums = _mm_madd_epi16(minimum, in->short_sums);
    if (!offset_of(type)) return sum;
    return _mm256_sub_epi32(sum, _mm256_slli_epi32(_mm256_mullo_epi32(scale, in->wide_sums), __builtin_ctz((unsigned)offset_of(type))));
}

PL_INLINE __m256 gemv_256(int type, const uint8_t *p, size_t stride, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    __m256 total = _mm256_setzero_ps();
    const uint8_t *first = p;
    size_t bytes = (size_t)block_bytes(type);
    bool near = 8 * stride <= NEAR_ROWS;
    for (int32_t b = 0; b < blocks; b++, q += 256, sums += 16, p += bytes) {
        block_input in = load_input(q, sums);
        __m256i part[8];
        __m128i minimums[8];
        uintptr_t next = (uintptr_t)first + 8 * (stride + (size_t)(p - first));
        for (int r = 0; r < 8; r++) {
            const uint8_t *block = p + (size_t)r * stride;
            prefetch_next(next + (size_t)r * bytes, bytes, near);
            prefetch_ahead((uintptr_t)block, bytes, near);
            part[r] = has_scales_of_16(type) ? dot_sixteens(type, block, &in, &minimums[r]) : dot_thirty_twos(type, block, &in, &minimums[r]);
        }
        __m256 scales = halves(p, stride, scale_offset(type)), input = _mm256_set1_ps(d[b]), value = _mm256_cvtepi32_ps(fold(part));
        if (!has_minimum(type)) {
            total = _mm256_fmadd_ps(_mm256_mul_ps(scales, input), value, total);
        } else {
            __m256 minimum = halves(p, stride, minimum_offset(type)), sums_32 = _mm256_cvtepi32_ps(fold_short(minimums));
            total = _mm256_fmadd_ps(input, _mm256_fnmadd_ps(minimum, sums_32, _mm256_mul_ps(scales, value)), total);
        }
    }
    return total;
}

#define DOT_ROWS(name) \
    PL_NOINLINE __m256 dot_rows_##name(const uint8_t *p, size_t stride, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) { \
        return block_size(PL_##name) == 32 ? gemv_32(PL_##name, p, stride, blocks, q, d, sums) : gemv_256(PL_##name, p, stride, blocks, q, d, sums); \
    }
PL_BLOCK_TYPES(DOT_ROWS)
#undef DOT_ROWS

/// The products of 8 rows with one token.
PL_INLINE __m256 dot_eight(int type, const uint8_t *p, size_t stride, int32_t blocks, const int8_t *q, const float *d, const int16_t *sums) {
    switch (type) {
#define DOT_ROWS(name) case PL_##name: return dot_rows_##name(p, stride, blocks, q, d, sums);
    PL_BLOCK_TYPES(DOT_ROWS)
#undef DOT_ROWS
    default: return _mm256_setzero_ps();
    }
}

/// `count` rows from `first` by one token; fewer than 8 are taken one by one.
PL_INLINE void gemv(int type, const pl_matrix *m, int32_t first, int32_t count, size_t row_bytes, const pl_activations *a, int32_t token) {
    size_t start = (size_t)token * (size_t)a->columns;
    int32_t blocks = m->columns / block_size(type);
    const int8_t *q = a->q + start;
    const float *d = a->d + (size_t)token * (size_t)blocks;
    const int16_t *sums = a->sums + start / 16;
    float lane[8], *out = m->out + (size_t)token * m->out_stride + (size_t)first;
    const uint8_t *rows = (const uint8_t *)m->weights + (size_t)first * row_bytes;
    size_t stride = count == 8 ? row_bytes : 0;
    _mm256_storeu_ps(lane, dot_eight(type, rows, stride, blocks, q, d, sums));
    for (int32_t r = 0; r < count; r++) out[r] = m->bias ? lane[r] + m->bias[first + r] : lane[r];
}
