// What the Arm sets add up. Included by them before their own operations.

enum { PANEL = 16, GROUP = 64, LARGEST_TILE = 8 }; // rows of a panel, tokens that share it, most tokens of a tile

typedef struct { int32x4_t rows[4]; } sum16; // of PANEL rows

PL_INLINE sum16 set16(int32_t x) { return (sum16){{vdupq_n_s32(x), vdupq_n_s32(x), vdupq_n_s32(x), vdupq_n_s32(x)}}; }

PL_INLINE sum16 load16(const int32_t *p) { return (sum16){{vld1q_s32(p), vld1q_s32(p + 4), vld1q_s32(p + 8), vld1q_s32(p + 12)}}; }
PL_INLINE void store16(int32_t *p, sum16 x) { for (int r = 0; r < 4; r++) vst1q_s32(p + 4 * r, x.rows[r]); }

typedef struct { const int8_t *q; const float *d; const int16_t *sums; } token_input;

/// What is read through the pointer next finds it moved already, so that loads move it as they go; else each computes an address.
#define MOVE(pointer, bytes) (pointer) += (bytes); __asm__("" : "+r"(pointer))

/// What reads `pointer` comes after what yields the two vectors: compilers would load everything first, and run out of registers.
#define AFTER(pointer, x, y) __asm__ volatile("" : "+r"(pointer), "+w"(x), "+w"(y))
#define AFTER_ROWS(row, q, x) __asm__ volatile("" : "+r"(row[0]), "+r"(row[1]), "+r"(row[2]), "+r"(row[3]), "+r"(q), "+w"(x))

/// What lies at `pointer` stays there: kept in registers for a loop, it would be spilled one by one.
#define IN_MEMORY(pointer) __asm__ volatile("" : "+r"(pointer) : : "memory")
