// One token by 4 rows with SDOT, by words of 4 columns that lie side by side for 4 rows, so that nothing is folded. Included by
// the sets that have the dot product.

/// Adds 4 words of 4 columns of each row by 16 activations.
PL_INLINE int32x4_t dot_words(int32x4_t sum, const uint8x16_t w[4], int8x16_t x) {
    sum = vdotq_laneq_s32(sum, vreinterpretq_s8_u8(w[0]), x, 0);
    sum = vdotq_laneq_s32(sum, vreinterpretq_s8_u8(w[1]), x, 1);
    sum = vdotq_laneq_s32(sum, vreinterpretq_s8_u8(w[2]), x, 2);
    return vdotq_laneq_s32(sum, vreinterpretq_s8_u8(w[3]), x, 3);
}

PL_INLINE int32x4_t dot_next(int type, const uint8_t *row[4], const int8_t *q, int32x4_t start) {
    uint8x16_t missing = vdupq_n_u8(0), low[4], high[4];
    int8x16_t x[2] = {vld1q_s8(q), vld1q_s8(q + 16)};
    if (type == PL_Q5_0 || type == PL_Q5_1) missing = vmvnq_u8(bytes_of(next_words(row)));
    uint32x4x4_t words = next_words4(row, 16), more = words;
    if (type == PL_Q8_0) more = next_words4(row, 16);
    const uint8x16_t byte = {0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12}; // of the fifth bits, of each row's columns
    uint8x16_t bits[4];
    PL_UNROLL
    for (int i = 0; i < 4; i++) bits[i] = vqtbl1q_u8(missing, vaddq_u8(byte, vdupq_n_u8((uint8_t)i)));
    PL_UNROLL
    for (int i = 0; i < 4; i++) {
        uint8x16_t w = bytes_of(words.val[i]);
        low[i] = type == PL_Q8_0 ? w : vandq_u8(w, vdupq_n_u8(15));
        high[i] = type == PL_Q8_0 ? bytes_of(more.val[i]) : vshrq_n_u8(w, 4);
        if (type == PL_IQ4_NL) {
            low[i] = iq4_level(low[i]);
            high[i] = iq4_level(high[i]);
        } else if (type == PL_Q5_0 || type == PL_Q5_1) {
            uint8x16_t bit = bytes_of(vdupq_n_u32(i & 1 ? 0x80402010 : 0x08040201));
            low[i] = vsliq_n_u8(low[i], vtstq_u8(bits[i / 2], bit), 4);
            high[i] = vsliq_n_u8(high[i], vtstq_u8(bits[2 + i / 2], bit), 4);
        }
    }
    return dot_words(dot_words(start, low, x[0]), high, x[1]);
}

PL_INLINE int32x4_t dot_levels(int type, int run, int32x4_t sum, uint32x4x4_t low, uint32x4x4_t high, int8x16_t x) {
    uint8x16_t w[4];
    PL_UNROLL
    for (int i = 0; i < 4; i++) w[i] = level(type, run, bytes_of(low.val[i]), bytes_of(high.val[i]));
    return dot_words(sum, w, x);
}

/// Where step i of 16 of a block finds its low bits: 16 columns of each of 4 runs, then the rest of these runs.
PL_INLINE int step_half(int i) { return i / 4 % 2; }
PL_INLINE int step_run(int type, int i) { return run_order(type, i / 8 * 4 + i % 4); }
PL_INLINE int step_bytes(int type, int i) { return (int)low_bytes(type, step_run(type, i)) + 16 * step_half(i); }

PL_INLINE int32x4_t dot_block(int type, const uint8_t *const rows[4], const int8_t *q, const int16_t *sums, const int16x8_t *scale) {
    const int32x4_t zero = vdupq_n_s32(0);
    int32x4_t sum = zero;
    const uint8_t *low[4], *high[4];
    PL_UNROLL
    for (int r = 0; r < 4; r++) {
        low[r] = rows[r] + low_bytes(type, 0);
        high[r] = rows[r] + (has_high_bytes(type) ? high_bytes(type, 0) : 0);
    }
    if (type == PL_IQ4_XS) {
        PL_UNROLL
        for (int run = 0; run < 8; run++) {
            sum = vmlaq_s32(sum, dot_next(PL_IQ4_NL, low, q + 32 * run, zero), vmovl_s16(of_run(scale, run)));
            AFTER_ROWS(low, q, sum);
        }
    } else if (type == PL_Q4_K) { // both runs of 32 bytes
        PL_UNROLL
        for (int run = 0; run < 8; run += 2) {
            int32x4_t first = zero, second = zero;
            PL_UNROLL
            for (int half = 0; half < 2; half++) {
                uint32x4x4_t words = next_words4(low, 16);
                first = dot_levels(type, run, first, words, words, vld1q_s8(q + 32 * run + 16 * half));
                second = dot_levels(type, run + 1, second, words, words, vld1q_s8(q + 32 * (run + 1) + 16 * half));
            }
            sum = vmlaq_s32(sum, first, vmovl_s16(of_run(scale, run)));
            sum = vmlaq_s32(sum, second, vmovl_s16(of_run(scale, run + 1)));
            AFTER_ROWS(low, q, sum);
        }
    } else {
        int shared = type == PL_Q2_K || type == PL_Q3_K ? 4 : 2; // runs with the same low bytes
        int32x4_t starts[4];
        PL_UNROLL
        for (int i = 0; i < 4; i++) starts[i] = vmull_n_s16(vld1_s16(sums + 4 * i), (int16_t)-level_offset(type));
        uint32x4x4_t words = {{vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0)}}, upper = words;
        PL_UNROLL
        for (int i = 0; i < 16; i++) {
            int run = step_run(type, i), group = 2 * run + step_half(i);
            if (i % shared == 0) words = next_words4(low, i + shared < 16 ? step_bytes(type, i + shared) - step_bytes(type, i) : 0);
            if (i % 4 == 0 && has_high_bytes(type)) upper = next_words4(high, type == PL_Q6_K || i % 8 == 0 ? 16 : -16);
            int32x4_t start = level_offset(type) ? vdupq_n_s32(starts[group / 4][group % 4]) : zero;
            int32x4_t part = dot_levels(type, run, start, words, upper, vld1q_s8(q + 16 * group));
            sum = vmlaq_s32(sum, part, vmovl_s16(of_run(scale, has_scales_of_16(type) ? group : run)));
            if (i % shared == shared - 1) AFTER_ROWS(low, q, sum);
        }
    }
    return sum;
}

PL_INLINE int panel_middle(int type) { return type == PL_Q5_1 ? 16 : level_offset(type); }

enum { TILE_TOKENS = 4 };
typedef struct { int8x16_t of[TILE_TOKENS]; } inputs;    // 16 columns of a tile's tokens, as the set's multiplication wants them
typedef struct { int32x4_t of[TILE_TOKENS]; } tile_sums; // of 4 rows by each token
