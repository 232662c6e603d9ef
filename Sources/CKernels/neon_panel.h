// 16 rows unpacked, 256 columns at a time, into a buffer that stays in the cache, so that a lane belongs to a row and nothing is
// folded. Included by the Arm sets, after neon_unpack.h and
//   panel_middle(type)      what is subtracted from the levels in the panel
//   store_panel             8 rows of 32 columns to the panel, in the order that the tiles read

typedef struct {
    int8_t weights[256 * PANEL] __attribute__((aligned(16)));
    float scale[8][PANEL], minimum[8][PANEL];             // of blocks of 32; a block of 256 uses the first
    int16_t run_scale[16][PANEL], run_minimum[16][PANEL]; // of the runs of a block of 256
} weight_panel;

/// `runs` runs of 32 columns from byte `offset` of the rows.
PL_INLINE void fill_panel(int type, weight_panel *panel, const uint8_t *const row[PANEL], size_t offset, int runs) {
    bool small = block_size(type) == 32;
    for (int first = 0; first < PANEL; first += 8) {
        for (int run = 0; run < runs; run++) {
            size_t block = small ? offset + (size_t)run * (size_t)block_bytes(type) : offset;
            bytes32 w[8];
            for (int r = 0; r < 8; r++) {
                w[r] = unpack(type, row[first + r] + block, run);
                if (panel_middle(type) == 0 || type == PL_Q5_0 || type == PL_Q5_1) continue; // unpacked so
                for (int i = 0; i < 2; i++) w[r].val[i] = vsubq_s8(w[r].val[i], vdupq_n_s8((int8_t)panel_middle(type)));
            }
            store_panel(type, panel->weights + 256 * first, 32 * run, w);
        }
    }
    for (int first = 0; first < PANEL; first += 4) {
        for (int run = 0; run < (small ? runs : 1); run++) {
            size_t block = offset + (size_t)run * (size_t)block_bytes(type);
            vst1q_f32(&panel->scale[run][first], halves(row + first, block + scale_offset(type)));
            if (has_minimum(type)) vst1q_f32(&panel->minimum[run][first], halves(row + first, block + minimum_offset(type)));
        }
    }
    if (!small) for (int r = 0; r < PANEL; r++) row_scales(type, row[r] + offset, &panel->run_scale[0][r], &panel->run_minimum[0][r], PANEL);
}
