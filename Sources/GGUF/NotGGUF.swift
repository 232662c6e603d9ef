/// What a file that is not GGUF seems to be, and what to do about it: people do name the wrong file.
func notGGUF(_ bytes: UnsafeRawBufferPointer) -> String {
    let convert = "convert the model to GGUF or download its .gguf file"
    let kinds: [(magic: [UInt8], kind: String)] = [
        (Array("PK\u{3}\u{4}".utf8), "a zip archive, perhaps a PyTorch checkpoint; \(convert)"),
        ([0x80, 0x02], "a Python pickle, perhaps a PyTorch checkpoint; \(convert)"),
        // The magics of llama.cpp before GGUF, as 32-bit little-endian numbers.
        (Array("lmgg".utf8), "an old ggml file; \(convert)"),
        (Array("fmgg".utf8), "an old ggmf file; \(convert)"),
        (Array("tjgg".utf8), "an old ggjt file; \(convert)"),
        (Array("algg".utf8), "an old ggla adapter; \(convert)"),
        (Array("version https://git-lfs".utf8), "a Git LFS pointer in place of the file; run `git lfs pull`"),
        (Array("<!DOCTYPE".utf8), "a web page; download the file itself, not the page about it"),
        (Array("<!doctype".utf8), "a web page; download the file itself, not the page about it"),
        (Array("<html".utf8), "a web page; download the file itself, not the page about it"),
        ([0x1F, 0x8B], "compressed with gzip; unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd; unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz; unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive; unpack it first"),
    ]
    for (magic, kind) in kinds where bytes.starts(with: magic) {
        return "is not a GGUF file but \(kind)"
    }
    // safetensors: a 64-bit length, then a JSON object.
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
        return "is not a GGUF file but a safetensors file; \(convert)"
    }
    if "GGUF".utf8.starts(with: bytes) {
        return "ends inside its magic: it is truncated; copy or download it again"
    }
    return "is not a GGUF file: it does not begin with \"GGUF\""
}
