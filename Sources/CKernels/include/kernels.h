/// The arithmetic of the core: quantized matrix products, attention and the small vector operations,
/// one table of functions for each instruction set. C because Swift has no intrinsics; no policy here.
///
/// Tensor types are GGUF's ids and layouts. "Columns" is the contiguous dimension.
#ifndef PLATEN_KERNELS_H
#define PLATEN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// GGUF tensor type ids that the kernels compute with.
enum {
    PL_F32 = 0, PL_F16 = 1, PL_Q4_0 = 2, PL_Q4_1 = 3, PL_Q5_0 = 6, PL_Q5_1 = 7, PL_Q8_0 = 8,
    PL_Q2_K = 10, PL_Q3_K = 11, PL_Q4_K = 12, PL_Q5_K = 13, PL_Q6_K = 14, PL_IQ4_NL = 20, PL_IQ4_XS = 23, PL_BF16 = 30,
};

/// What a weight type's products want as their other side.
typedef enum {
    PL_ACTIVATION_F32 = 0,   // F32, F16, BF16 weights
    PL_ACTIVATION_Q8_32 = 1, // 32-blocks: Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 IQ4_NL
    PL_ACTIVATION_Q8_256 = 2 // 256-blocks: K-quants, IQ4_XS
} pl_activation_kind;

/// The input vectors of a matrix product, for `tokens` tokens. `x` is always there; the quantized
/// parts are filled by `quantize` for one kind at a time, once, and shared by all matrices that read the input.
typedef struct {
    pl_activation_kind kind; // which quantized form q, d and sums hold now
    int32_t tokens;
    int32_t columns;
    const float *x;          // [tokens][columns]
    int8_t *q;               // [tokens][columns]
    float *d;                // [tokens][columns / 32] or [tokens][columns / 256]: scale of each block
    int16_t *sums;           // [tokens][columns / 16]: sums of 16 successive q
} pl_activations;

/// A weight matrix as it lies in the file, and where its product goes:
/// out[token * out_stride + row] = dot(weights[row], x[token]) + (bias ? bias[row] : 0).
typedef struct {
    int32_t type;
    int32_t rows, columns;
    const void *weights;     // [rows][columns] in the type's blocks
    const float *bias;       // [rows] or NULL
    float *out;              // [tokens][out_stride]
    size_t out_stride;
} pl_matrix;

/// One layer's KV cache, in the order that cache.h describes.
typedef struct {
    int32_t type;            // PL_F16, or PL_Q8_0: blocks of 32 elements of a head, the last one filled up
    int32_t kv_heads, head_size; // head_size at most PL_MAX_HEAD_SIZE
    int32_t tiles;           // positions that each head has room for, by 16
    void *k, *v;             // pl_cache_bytes() each, zeroed before the first use
} pl_cache;

enum { PL_MAX_HEAD_SIZE = 4096 };

/// Attention of successive tokens, whose own keys and values are in the cache already.
typedef struct {
    const float *q;          // [tokens][heads][head_size]
    const pl_cache *cache;   // head h reads kv head h / (heads / kv_heads)
    int32_t heads;
    int32_t tokens;
    int32_t first;           // position of the first token
    int32_t window;          // positions that a token reads, its own included; 0: all
    float scale;             // usually 1 / sqrt(head_size)
    float softcap;           // scores become cap * tanh(score / cap) (Gemma 2, arXiv 2408.00118); 0: they stay
    float *out;              // [tokens][heads][head_size]
} pl_attention;

/// Queries, keys and values as their products left them, on their way to the cache.
typedef struct {
    float *q, *k;            // [tokens][heads][head_size] and [tokens][kv_heads][head_size]: changed in place
    const float *v;          // as k
    const pl_cache *cache;
    int32_t heads, tokens;
    int32_t first;           // position of the first token
    const float *q_norm, *k_norm; // weights of an RMSNorm before the rotation, or NULL
    bool norms_whole;        // of all heads together, else of each head
    float epsilon;
    int32_t rotary;          // see pl_rope; 0: no rotation
    bool interleaved;
    const float *cosine, *sine; // [tokens][rotary / 2]
} pl_projections;

/// What a branch of a block adds to the residual stream.
typedef struct {
    float *x, *y;            // [tokens][columns]: the stream and the branch, which is changed too
    int32_t tokens, columns;
    const float *norm;       // [columns]: weights of an RMSNorm of y, or NULL
    float epsilon, scale;    // scale: of y, after the norm
} pl_branch;

typedef enum { PL_SILU, PL_GELU } pl_gating;

/// One instruction set's kernels.
typedef struct {
    const char *name;        // "scalar", "avx2", "avx512vnni", "neon", "neon-dotprod", "neon-i8mm"
    bool (*supported)(void); // by the processor this runs on
    /// Quantizes token `token` of `a` (all columns) into a->q, a->d, a->sums as a->kind says.
    void (*quantize)(pl_activations *a, int32_t token);
    /// Rows row_begin ..< row_end of the product, for all tokens of `a`, which holds the kind that m->type wants.
    void (*matmul)(const pl_matrix *m, int32_t row_begin, int32_t row_end, const pl_activations *a);
    /// Writes a position's key and value of one kv head.
    void (*store)(const pl_cache *c, int32_t kv_head, int32_t position, const float *key, const float *value);
    /// Rows row_begin ..< row_end of a kv head, in one pass over the cache with a running maximum and sum. Row r is query head
    /// r % (heads / kv_heads) of those that read the kv head, of token r / (heads / kv_heads).
    void (*attend)(const pl_attention *a, int32_t kv_head, int32_t row_begin, int32_t row_end);
    /// out[i] = x[i] / sqrt(mean(x^2) + epsilon) * weight[i]; out may be x; weight NULL means all ones.
    void (*rms_norm)(const float *x, const float *weight, int32_t n, float epsilon, float *out);
    /// gate[i] = silu(gate[i]) * up[i]
    void (*silu_multiply)(float *gate, const float *up, int32_t n);
    /// gate[i] = gelu(gate[i]) * up[i], GELU in its tanh form (Hendrycks and Gimpel 2016, arXiv 1606.08415)
    void (*gelu_multiply)(float *gate, const float *up, int32_t n);
    void (*soft_cap)(float *x, float cap, int32_t n);                 // x = cap * tanh(x / cap)
    void (*add)(float *x, const float *y, int32_t n);                 // x += y
    void (*to_f16)(const float *x, uint16_t *out, int32_t n);         // round to nearest even
} pl_kernels;

/// All sets that this build has, slowest first; the scalar reference is number 0.
const pl_kernels *const *pl_kernel_sets(int32_t *count);
/// The fastest that the processor supports, or the one that the environment's PLATEN_KERNELS names, if supported.
const pl_kernels *pl_best_kernels(void);

/// The kind of activations that products with weights of this type want.
pl_activation_kind pl_activation_kind_for(int32_t type);
/// Whether `matmul` knows the type; the number of weights and bytes of its block.
bool pl_type_supported(int32_t type);
int32_t pl_block_size(int32_t type);
int32_t pl_block_bytes(int32_t type);
/// One row to f32, bit for bit as ggml dequantizes. columns is a multiple of the block size.
void pl_dequantize(int32_t type, const void *row, int32_t columns, float *out);
/// A row of f32 to F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 (ggml's reference rounding), Q4_K, Q5_K or Q6_K (a search of our own).
/// columns is a multiple of the block size. False for other types.
bool pl_quantize_row(int32_t type, const float *x, int32_t columns, void *out);

/// Bytes of a cache's keys, and as many of its values.
size_t pl_cache_bytes(int32_t type, int32_t kv_heads, int32_t head_size, int32_t tiles);

/// Rotates `heads` vectors of head_size by position: cosine and sine [rotary / 2] are the position's. The first `rotary`
/// elements turn, the rest stay. interleaved: pairs (2i, 2i+1) (GGUF's `llama`); else pairs (i, i + rotary/2) (NeoX: qwen2, qwen3).
void pl_rope(float *x, int32_t heads, int32_t head_size, int32_t rotary, bool interleaved,
             const float *cosine, const float *sine);

/// x[i] *= 1 / (1 + exp(-gate[i]))
void pl_sigmoid_multiply(float *x, const float *gate, int32_t n);

enum { PL_DELTA_NET_SIZE = 256 }; // the largest head

/// The recurrence of a gated delta net (Yang et al. 2024, arXiv 2412.06464): for every token, state *= decay; state += key x
/// (beta * (value - key * state)); out = query * state. Queries, keys and values pass SiLU first, and queries and keys are unit vectors.
typedef struct {
    int32_t tokens, key_heads, value_heads, size; // value head h has key head h % key_heads; size <= PL_DELTA_NET_SIZE
    float epsilon;           // added to the sum of squares
    const float *mixed;      // [tokens][(2 * key_heads + value_heads) * size]: queries, keys, values
    const float *alpha;      // [tokens][value_heads]: decay = exp(a * softplus(alpha + dt))
    const float *beta;       // [tokens][value_heads], before the logistic function
    const float *dt, *a;     // [value_heads]
    float *state;            // [value_heads][size of key][size of value]
    float *out;              // [tokens][value_heads * size]
} pl_delta_net;

/// A team of threads: workers spin for a bounded moment after work, then sleep on a futex. The caller is worker 0.
typedef struct pl_team pl_team;
typedef void (*pl_work)(void *context, int32_t chunk, int32_t worker);
/// NULL if threads cannot be started. threads >= 1 counts the caller.
pl_team *pl_team_create(int32_t threads);
void pl_team_destroy(pl_team *team);
int32_t pl_team_threads(const pl_team *team);
/// Processors that this process may run on (sched_getaffinity(2)), at least 1.
int32_t pl_available_processors(void);
/// Calls work(context, chunk, worker) for every chunk 0 ..< chunks, handed out by an atomic counter, and returns when all are done.
void pl_team_run(pl_team *team, int32_t chunks, pl_work work, void *context);

/// Quantizes all tokens of `a` to `kind` (nothing to do if it holds that already) on the team.
void pl_team_quantize(pl_team *team, const pl_kernels *k, pl_activations *a, pl_activation_kind kind);
/// Several matrices with one input; quantizes as their types want. Rows are handed out in chunks.
void pl_team_matmul(pl_team *team, const pl_kernels *k, const pl_matrix *matrices, int32_t count, pl_activations *a);
/// a->x = RMSNorm(x) * weight, written to `out`, and quantized to `kind` in the same pass over each token. weight NULL: a->x = x.
void pl_team_normalize(pl_team *team, const pl_kernels *k, const float *x, const float *weight, float epsilon, float *out,
                       pl_activations *a, pl_activation_kind kind);
/// gate->out = gating(gate product) * up product; up->out is changed too. Both matrices have the same number of rows.
void pl_team_gate(pl_team *team, const pl_kernels *k, const pl_matrix *gate, const pl_matrix *up, pl_gating gating, pl_activations *a);
/// x += scale * RMSNorm(y)
void pl_team_add(pl_team *team, const pl_kernels *k, const pl_branch *branch);
/// Turns queries and keys by position, and writes keys and values to the cache in the same pass over each token.
void pl_team_store(pl_team *team, const pl_kernels *k, const pl_projections *projections);
/// A delta net over all tokens, one head a chunk of work.
void pl_team_delta_net(pl_team *team, const pl_delta_net *net);
/// Reads `bytes` of memory (8-byte aligned) on the team and returns the sum of its words: measures the bandwidth.
uint64_t pl_team_read(pl_team *team, const void *data, size_t bytes);
/// `count` weights, a multiple of both block sizes, of one type to another that pl_quantize_row writes, on the team. False if
/// one of them is not finite or more than a half can hold; `out` is then of no use.
bool pl_team_convert(pl_team *team, int32_t from, const void *weights, int32_t to, int64_t count, void *out);
/// Attention of all heads and tokens.
void pl_team_attend(pl_team *team, const pl_kernels *k, const pl_attention *a);

#ifdef __cplusplus
}
#endif
#endif
