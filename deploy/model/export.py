"""Writes a checkpoint as a GGUF file of the llama architecture: matrices Q8_0, norms F32, the head tied.

    python export.py build/tokenizer.model build/checkpoint.npz platen-tiny.gguf
"""

import sys

import gguf
import numpy as np

import prompts
import tokenizer
from batches import LONGEST_GAP
from model import Config
from train import LENGTH

CONTEXT = LENGTH + LONGEST_GAP
TEMPERATURE = 0.4  # facts stay right, and a story is another one each time
TEMPLATE = (
    "{{ bos_token }}" + prompts.PREAMBLE.split("\n\n###")[0]
    + "{% for message in messages %}{% if message['role'] == 'user' %}"
    + prompts.NEXT_TURN + "{{ message['content'] }}" + prompts.RESPONSE
    + "{% elif message['role'] == 'assistant' %} {{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}")
NAMES = {"query": "attn_q", "key": "attn_k", "value": "attn_v", "output": "attn_output", "gate": "ffn_gate",
         "up": "ffn_up", "down": "ffn_down",
         "norm.attention": "attn_norm", "norm.feed": "ffn_norm"}


def main(tokenizer_path: str, checkpoint: str, out: str) -> None:
    config, pieces, data = Config(), tokenizer.load(tokenizer_path), np.load(checkpoint)
    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name("Platen Tiny")
    writer.add_license("MIT")
    writer.add_description("A very small model in Alpaca's format, trained from nothing on text written for Platen")
    writer.add_float32("general.sampling.temp", TEMPERATURE)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.feed_forward)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.heads)
    writer.add_layer_norm_rms_eps(config.epsilon)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_vocab_size(config.vocabulary)
    add_tokenizer(writer, pieces)
    for name in (key[2:] for key in data.files if key.startswith("p/")):
        add_tensor(writer, name, data["p/" + name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokenizer(writer: gguf.GGUFWriter, pieces) -> None:
    def kind(i: int) -> int:
        if pieces.is_unknown(i):
            return gguf.TokenType.UNKNOWN
        if pieces.is_control(i):
            return gguf.TokenType.CONTROL
        return gguf.TokenType.BYTE if pieces.is_byte(i) else gguf.TokenType.NORMAL

    ids = range(pieces.get_piece_size())
    writer.add_tokenizer_model("llama")
    writer.add_token_list([pieces.id_to_piece(i).encode() for i in ids])
    writer.add_token_scores([pieces.get_score(i) for i in ids])
    writer.add_token_types([kind(i) for i in ids])
    writer.add_bos_token_id(pieces.bos_id())
    writer.add_eos_token_id(pieces.eos_id())
    writer.add_unk_token_id(pieces.unk_id())
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(True)
    writer.add_chat_template(TEMPLATE)


def add_tensor(writer: gguf.GGUFWriter, name: str, values: np.ndarray) -> None:
    """Training keeps matrices as [in, out]; GGUF's rows are the outputs."""
    if name == "embedding":
        full, values = "token_embd", values
    elif name == "norm.last":
        full = "output_norm"
    else:
        kind, layer = name.rsplit(".", 1)
        full = f"blk.{layer}.{NAMES[kind]}"
        values = values.T if values.ndim == 2 else values
    values = np.ascontiguousarray(values, dtype=np.float32)
    if values.ndim == 2:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(full + ".weight", gguf.quants.quantize(values, kind), raw_dtype=kind)
    else:
        writer.add_tensor(full + ".weight", values)


if __name__ == "__main__":
    main(*sys.argv[1:])
