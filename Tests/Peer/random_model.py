#!/usr/bin/env python3
"""Write a small GGUF model with random weights, of any supported family and tensor type.

It says nothing sensible, but every engine must compute the same logits from it: compare_logits.py
does. For big shapes and speed, see what the design's make_model.py writes.

    pip install gguf numpy
    random_model.py --family qwen3 --type Q5_K -o /tmp/m.gguf [--rope yarn|linear|llama3|longrope] [--windows] [--dequantized]
"""
import argparse

import gguf
import numpy as np

# Blocks, and how a family's differ, by the tensors that they have.
FAMILIES = {
    "llama": dict(layers=3),
    "qwen2": dict(layers=3, biases=True),
    "qwen3": dict(layers=3, head=64, head_norms=True),
    "gemma2": dict(layers=4, head=64, norms_after=True, window=40),
    "gemma3": dict(layers=7, head=64, head_norms=True, norms_after=True, window=40),
    "phi3": dict(layers=3, fused=True),
    "granite": dict(layers=3),
    "smollm3": dict(layers=5),
    "olmo2": dict(layers=4, wide_norms=True, norms_before=False, norms_after=True),
    "lfm2": dict(layers=5, head_norms=True, convolutions=(0, 1, 3), output_norm="token_embd_norm"),
    "qwen35": dict(layers=5, head=64, head_norms=True, delta_nets=(0, 1, 2, 4), norm_between="post_attention_norm"),
}
TYPES = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K",
         "IQ4_NL", "IQ4_XS", "Q3_K", "Q2_K", "mixed")
MIX = ("Q4_K", "Q6_K", "Q5_K", "Q4_0", "Q4_1", "Q8_0", "Q5_0", "Q5_1", "F16", "BF16", "F32",
       "IQ4_NL", "IQ4_XS", "Q3_K", "Q2_K")
Q = gguf.GGMLQuantizationType

STATE, STATE_KEYS, STATE_VALUES = 64, 2, 4  # a delta net's head and how many there are
WIDTH, FFN, HEADS, KV, VOCABULARY = 256, 768, 8, 2, 320


def k_quant(rng, kind, rows, columns):
    """Random bytes with scales that give weights of about 1/sqrt(columns): uint8 [rows, bytes]."""
    block, size = gguf.GGML_QUANT_SIZES[Q[kind]]
    n = rows * columns // block
    raw = rng.integers(0, 256, (n, size), dtype=np.uint8)
    std = 1 / np.sqrt(columns)

    def scale(at, value):
        s = (value * rng.uniform(0.75, 1.25, n)).astype(np.float16)
        raw[:, at:at + 2] = s.view(np.uint8).reshape(n, 2)
    if kind == "Q6_K":
        raw[:, 192:208] = rng.integers(-64, 64, (n, 16), dtype=np.int8).view(np.uint8)
        scale(208, std / (18.5 * 37))
    elif kind == "Q2_K":
        unit = std / (1.12 * 8.8)
        scale(80, unit)
        scale(82, unit * 1.5)
    elif kind == "Q3_K":
        scale(108, std / (18.5 * 2.3))
    elif kind == "IQ4_NL":
        scale(0, std / 71)
    elif kind == "IQ4_XS":
        scale(0, std / (18.5 * 71))
    else:
        top = {"Q4_K": 15, "Q5_K": 31}[kind]
        unit = std / (top / 3.46 * 31.5)
        scale(0, unit)
        scale(2, unit * top / 2)
    return raw.reshape(rows, columns // block * size)


def encode(rng, kind, rows, columns):
    if kind[0] == "I" or kind[-1] == "K":
        return k_quant(rng, kind, rows, columns)
    w = (rng.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)
    if kind == "F32":
        return w
    if kind == "F16":
        return w.astype(np.float16)
    return gguf.quants.quantize(w, Q[kind])


def tokens(writer):
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    names += [f"\u2581w{i}" for i in range(VOCABULARY - len(names))]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(names)
    writer.add_token_scores([-float(i) for i in range(VOCABULARY)])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * (VOCABULARY - 259))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


def keys(w, a, family, head):
    """The metadata of the model's shape."""
    w.add_name(f"random {a.type}")  # llama.cpp wants certain tokens where the name says phi3
    w.add_context_length(512)
    w.add_embedding_length(WIDTH)
    w.add_block_count(family["layers"])
    w.add_feed_forward_length(FFN)
    w.add_head_count(HEADS)
    convolutions = family.get("convolutions")
    w.add_head_count_kv([0 if i in convolutions else KV for i in range(family["layers"])] if convolutions else KV)
    if "delta_nets" in family:
        w.add_full_attention_interval(4)
        w.add_rope_dimension_sections([11, 11, 10, 0])
        w.add_ssm_conv_kernel(4)
        w.add_ssm_state_size(STATE)
        w.add_ssm_group_count(STATE_KEYS)
        w.add_ssm_time_step_rank(STATE_VALUES)
        w.add_ssm_inner_size(STATE * STATE_VALUES)
    if convolutions:
        w.add_shortconv_l_cache(3)
    w.add_layer_norm_rms_eps(1e-6)
    w.add_rope_freq_base(1e6 if a.family != "llama" else 1e4)
    w.add_rope_dimension_count(head // 2 if "delta_nets" in family else head)
    if head != WIDTH // HEADS:
        w.add_key_length(head)
        w.add_value_length(head)
    if a.rope in ("linear", "yarn"):
        w.add_rope_scaling_type(gguf.RopeScalingType(a.rope))
        w.add_rope_scaling_factor(4.0)
        w.add_rope_scaling_orig_ctx_len(128)
    if a.rope in ("longrope", "longrope-short"):
        w.add_rope_scaling_orig_ctx_len(128 if a.rope == "longrope" else 4096)
        w.add_rope_scaling_attn_factors(1.19)
    if a.family == "gemma2":
        w.add_attn_logit_softcapping(2.0)
        w.add_final_logit_softcapping(3.0)
    if a.family == "granite":
        w.add_embedding_scale(12.0)
        w.add_residual_scale(0.22)
        w.add_attention_scale(0.0625)
        w.add_logit_scale(8.0)
    if "window" in family:
        w.add_sliding_window(family["window"])
    if a.windows:
        w.add_sliding_window(40)
        w.add_sliding_window_pattern([i % 3 != 2 for i in range(family["layers"])])
    w.add_vocab_size(VOCABULARY)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--family", required=True, choices=FAMILIES)
    ap.add_argument("--type", default="F32", choices=TYPES)
    ap.add_argument("--rope", default="plain", choices=("plain", "linear", "yarn", "llama3", "longrope", "longrope-short"))
    ap.add_argument("--tied", action="store_true", help="the embedding serves as the head")
    ap.add_argument("--windows", action="store_true", help="two of three layers see 40 positions")
    ap.add_argument("--dequantized", action="store_true", help="the same weights, rounded as the type rounds them, as F32")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("-o", "--out", required=True)
    a = ap.parse_args()
    rng = np.random.default_rng(a.seed)
    family = FAMILIES[a.family]
    head = family.get("head", WIDTH // HEADS)
    w = gguf.GGUFWriter(a.out, a.family)
    keys(w, a, family, head)
    tokens(w)
    count = 0

    def matrix(name, rows, columns):
        nonlocal count
        kind = MIX[count % len(MIX)] if a.type == "mixed" else a.type
        count += 1
        data = encode(rng, kind, rows, columns)
        if a.dequantized:
            data = gguf.quants.dequantize(data, Q[kind]).reshape(rows, columns)
            kind = "F32"
        if kind in ("F32", "F16"):
            w.add_tensor(name, data)
        else:
            w.add_tensor(name, data, raw_dtype=Q[kind])

    def vector(name, n, mean, spread):
        w.add_tensor(name, (mean + spread * rng.standard_normal(n)).astype(np.float32))

    def norm(name, n=WIDTH):
        vector(name + ".weight", n, 1, 0.1)

    def attention(p):
        projections = (("q", HEADS * head), ("k", KV * head), ("v", KV * head))
        if family.get("fused"):
            matrix(p + "attn_qkv.weight", sum(rows for _, rows in projections), WIDTH)
        else:
            for name, rows in projections:
                gated = name == "q" and "delta_nets" in family  # a gate beside every query
                matrix(p + f"attn_{name}.weight", 2 * rows if gated else rows, WIDTH)
                if family.get("biases"):
                    vector(p + f"attn_{name}.bias", rows, 0, 0.3)
        if family.get("head_norms"):
            norm(p + "attn_q_norm", head)
            norm(p + "attn_k_norm", head)
        if family.get("wide_norms"):
            norm(p + "attn_q_norm", HEADS * head)
            norm(p + "attn_k_norm", KV * head)
        matrix(p + "attn_output.weight", WIDTH, HEADS * head)

    def convolution(p):
        matrix(p + "shortconv.in_proj.weight", 3 * WIDTH, WIDTH)
        w.add_tensor(p + "shortconv.conv.weight", rng.standard_normal((WIDTH, 3)).astype(np.float32))
        matrix(p + "shortconv.out_proj.weight", WIDTH, WIDTH)

    def delta_net(p):
        inner = STATE * STATE_VALUES
        channels = 2 * STATE * STATE_KEYS + inner
        matrix(p + "attn_qkv.weight", channels, WIDTH)
        matrix(p + "attn_gate.weight", inner, WIDTH)
        matrix(p + "ssm_alpha.weight", STATE_VALUES, WIDTH)
        matrix(p + "ssm_beta.weight", STATE_VALUES, WIDTH)
        w.add_tensor(p + "ssm_conv1d.weight", rng.standard_normal((channels, 4)).astype(np.float32))
        vector(p + "ssm_dt.bias", STATE_VALUES, 0, 1)
        w.add_tensor(p + "ssm_a", -np.exp(rng.uniform(-4, 1, STATE_VALUES)).astype(np.float32))
        norm(p + "ssm_norm", STATE)
        matrix(p + "ssm_out.weight", WIDTH, inner)

    matrix("token_embd.weight", VOCABULARY, WIDTH)
    if a.rope == "llama3":
        w.add_tensor("rope_freqs.weight", np.linspace(1, 8, head // 2).astype(np.float32))
    if a.rope in ("longrope", "longrope-short"):
        w.add_tensor("rope_factors_long.weight", np.linspace(1, 16, head // 2).astype(np.float32))
        w.add_tensor("rope_factors_short.weight", np.linspace(1, 2, head // 2).astype(np.float32))
    before, after = family.get("norms_before", True), family.get("norms_after", False)
    for i in range(family["layers"]):
        p = f"blk.{i}."
        if before:
            norm(p + "attn_norm")
        if i in family.get("convolutions", ()):
            convolution(p)
        elif i in family.get("delta_nets", ()):
            delta_net(p)
        else:
            attention(p)
        if after:
            norm(p + "post_attention_norm")
        if before:
            norm(p + family.get("norm_between", "ffn_norm"))
        if family.get("fused"):
            matrix(p + "ffn_up.weight", 2 * FFN, WIDTH)
        else:
            matrix(p + "ffn_gate.weight", FFN, WIDTH)
            matrix(p + "ffn_up.weight", FFN, WIDTH)
        matrix(p + "ffn_down.weight", WIDTH, FFN)
        if after:
            norm(p + "post_ffw_norm")
    norm(family.get("output_norm", "output_norm"))
    if not a.tied:
        matrix("output.weight", VOCABULARY, WIDTH)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


if __name__ == "__main__":
    main()
