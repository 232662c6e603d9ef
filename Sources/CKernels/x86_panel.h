// PANEL rows, unpacked 256 columns at a time and laid out so that a 32-bit lane belongs to a row: 4 columns of every row, then the
// next 4. A register then needs no folding, and the unpacking is shared by many tokens. Packed bytes are brought into this order
// before their levels are taken out of them, which moves the fewest. Included by the x86 sets, after x86_gemv.h, PANEL, and
// the lanes' types and operations.

typedef struct {
    _Alignas(64) uint8_t weights[64][PANEL][4];
    float scale[8][PANEL], minimum[8][PANEL]; // of blocks of 32; a block of 256 uses the first
    int32_t run_scale[16][PANEL], pair[8][PANEL];
} weight_panel;

/// 16 bytes of PANEL rows to 4 columns of words.
PL_INLINE void load_columns(const uint8_t *p, size_t stride, lanes_i w[4]) {
    lanes_i x[4];
    for (int r = 0; r < 4; r++) x[r] = i_load_rows(p + (size_t)r * stride, 4 * stride);
    lanes_i a = i_low_words(x[0], x[1]), b = i_high_words(x[0], x[1]), c = i_low_words(x[2], x[3]), d = i_high_words(x[2], x[3]);
    w[0] = i_low_pairs(a, c);
    w[1] = i_high_pairs(a, c);
    w[2] = i_low_pairs(b, d);
    w[3] = i_high_pairs(b, d);
}

/// `bits` bits from bit `shift` on of every byte.
PL_INLINE lanes_i field(lanes_i w, int shift, int bits) {
    return i_and(shift ? i_shift_right(w, shift) : w, i_set1_byte((1 << bits) - 1));
}

/// 32 levels from the nibbles of 16 bytes; `high`: the fifth bits of a row in its lane, or NULL.
PL_INLINE void fill_nibbles(int type, uint8_t (*out)[PANEL][4], const uint8_t *q, size_t stride, const lanes_i *high) {
    lanes_i w[4];
    load_columns(q, stride, w);
    for (int g = 0; g < 8; g++) {
        lanes_i level = field(w[g % 4], 4 * (g / 4), 4);
        if (has_signed_levels(type)) level = i_iq4_levels(level);
        if (high) level = i_or(level, i_fifth_bits(*high, g));
        i_store(out[g], level);
    }
}

/// 32 columns of a block of 32.
PL_INLINE void fill_small(int type, uint8_t (*out)[PANEL][4], const uint8_t *p, size_t stride) {
    switch (type) {
    case PL_Q4_0: fill_nibbles(type, out, p + offsetof(pl_block_q4_0, q), stride, NULL); break;
    case PL_Q4_1: fill_nibbles(type, out, p + offsetof(pl_block_q4_1, q), stride, NULL); break;
    case PL_IQ4_NL: fill_nibbles(type, out, p + offsetof(pl_block_iq4_nl, q), stride, NULL); break;
    case PL_Q5_0: case PL_Q5_1: {
        size_t at = type == PL_Q5_0 ? offsetof(pl_block_q5_0, high) : offsetof(pl_block_q5_1, high);
        uint32_t bits[PANEL];
        for (int r = 0; r < PANEL; r++) bits[r] = pl_load32(p + at + (size_t)r * stride);
        lanes_i high = i_load(bits);
        fill_nibbles(type, out, p + at + 4, stride, &high);
        break;
    }
    default: // Q8_0
        for (int half = 0; half < 2; half++) {
            lanes_i w[4];
            load_columns(p + offsetof(pl_block_q8_0, q) + 16 * half, stride, w);
            for (int g = 0; g < 4; g++) i_store(out[4 * half + g], i_set_levels(w[g]));
        }
    }
}

/// Runs of 32 columns that are unpacked together.
PL_INLINE int runs_of_part(int type) {
    return block_size(type) == 32 || type == PL_IQ4_XS ? 1 : type == PL_Q4_K || type == PL_Q5_K ? 2 : 4;
}

/// A part of a block of 256. `high`: the upper bits of its 32 columns, from one part to the next.
PL_INLINE void fill_large(int type, uint8_t (*out)[PANEL][4], const uint8_t *p, size_t stride, int part, lanes_i high[8]) {
    if (type == PL_IQ4_XS) {
        fill_nibbles(type, out, p + offsetof(pl_block_iq4_xs, q) + 16 * part, stride, NULL);
        return;
    }
    size_t low_at = type == PL_Q2_K ? offsetof(pl_block_q2_k, q) : type == PL_Q3_K ? offsetof(pl_block_q3_k, q)
        : type == PL_Q4_K ? offsetof(pl_block_q4_k, q) : type == PL_Q5_K ? offsetof(pl_block_q5_k, q) : offsetof(pl_block_q6_k, low);
    size_t high_at = type == PL_Q3_K ? offsetof(pl_block_q3_k, high) : type == PL_Q5_K ? offsetof(pl_block_q5_k, high) : offsetof(pl_block_q6_k, high);
    bool has_high = type == PL_Q3_K || type == PL_Q5_K || type == PL_Q6_K;
    int bits = type == PL_Q2_K || type == PL_Q3_K ? 2 : 4, high_bits = type == PL_Q6_K ? 2 : 1;
    int fields = 8 / bits, pieces = type == PL_Q6_K ? 2 : 1; // runs in a byte, and of 32 bytes in a part
    for (int half = 0; half < 2; half++) {
        lanes_i *above = high + 4 * half, low[4];
        if (type == PL_Q6_K) load_columns(p + high_at + 32 * part + 16 * half, stride, above);
        else if (has_high && part == 0) load_columns(p + high_at + 16 * half, stride, above);
        else if (has_high) for (int g = 0; g < 4; g++) above[g] = i_shift_right(above[g], fields);
        for (int piece = 0; piece < pieces; piece++) {
            load_columns(p + low_at + 32 * (pieces * part + piece) + 16 * half, stride, low);
            for (int k = 0; k < fields; k++) {
                int run = piece + pieces * k;
                for (int g = 0; g < 4; g++) {
                    lanes_i level = field(low[g], bits * k, bits);
                    if (has_high) level = i_or(level, i_shift_left(field(above[g], high_bits * run, high_bits), bits));
                    i_store(out[8 * run + 4 * half + g], level);
                }
            }
        }
    }
}

/// The scales of `runs` runs of 32 columns from `p` in the first row; rows lie `stride` bytes apart.
PL_INLINE void fill_scales(int type, weight_panel *panel, const uint8_t *p, size_t stride, int runs) {
    bool small = block_size(type) == 32;
    for (int first = 0; first < PANEL; first += 8) {
        const uint8_t *eight = p + (size_t)first * stride;
        if (!small) {
            _mm256_storeu_ps(&panel->scale[0][first], halves(eight, stride, scale_offset(type)));
            if (has_minimum(type)) _mm256_storeu_ps(&panel->minimum[0][first], halves(eight, stride, minimum_offset(type)));
            block_scales(type, eight, stride, &panel->run_scale[0][first], &panel->pair[0][first], PANEL);
            continue;
        }
        int run = 0;
        for (; run + 2 <= runs; run += 2, eight += 2 * block_bytes(type)) {
            __m256 two[2];
            block_halves(type, eight, stride, scale_offset(type), two);
            _mm256_storeu_ps(&panel->scale[run][first], two[0]);
            _mm256_storeu_ps(&panel->scale[run + 1][first], two[1]);
            if (!has_minimum(type)) continue;
            block_halves(type, eight, stride, minimum_offset(type), two);
            _mm256_storeu_ps(&panel->minimum[run][first], two[0]);
            _mm256_storeu_ps(&panel->minimum[run + 1][first], two[1]);
        }
        if (run == runs) continue;
        _mm256_storeu_ps(&panel->scale[run][first], halves(eight, stride, scale_offset(type)));
        if (has_minimum(type)) _mm256_storeu_ps(&panel->minimum[run][first], halves(eight, stride, minimum_offset(type)));
    }
}
