/// How a tensor's weights are stored. Raw values are ggml's type ids.
///
/// Ids: `enum ggml_type` of ggml.h. Block sizes: the structs of ggml-common.h and `type_traits` of ggml.c
/// (github.com/ggml-org/llama.cpp).
public enum TensorType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    case f32 = 0, f16 = 1
    case q4_0 = 2, q4_1 = 3
    case q5_0 = 6, q5_1 = 7
    case q8_0 = 8, q8_1 = 9
    case q2_K = 10, q3_K, q4_K, q5_K, q6_K, q8_K
    case iq2_xxs = 16, iq2_xs, iq3_xxs, iq1_s, iq4_nl, iq3_s, iq2_s, iq4_xs
    case i8 = 24, i16, i32, i64
    case f64 = 28
    case iq1_m = 29
    case bf16 = 30
    case tq1_0 = 34, tq2_0
    case mxfp4 = 39, nvfp4, q1_0, q2_0

    /// The name as the field writes it: `Q4_K`, `IQ2_XXS`, `BF16`.
    public var name: String { layout.name }

    /// Weights in a block; a row is a whole number of blocks.
    public var blockSize: Int { layout.weights }

    /// Bytes of a block.
    public var bytesPerBlock: Int { layout.bytes }

    public var description: String { name }

    private var layout: (name: String, weights: Int, bytes: Int) {
        switch self {
        case .f32: ("F32", 1, 4)
        case .f16: ("F16", 1, 2)
        case .bf16: ("BF16", 1, 2)
        case .f64: ("F64", 1, 8)
        case .i8: ("I8", 1, 1)
        case .i16: ("I16", 1, 2)
        case .i32: ("I32", 1, 4)
        case .i64: ("I64", 1, 8)
        case .q4_0: ("Q4_0", 32, 2 + 16)  // f16 scale, nibbles
        case .q4_1: ("Q4_1", 32, 4 + 16)  // f16 scale and minimum, nibbles
        case .q5_0: ("Q5_0", 32, 2 + 4 + 16)  // f16 scale, fifth bits, nibbles
        case .q5_1: ("Q5_1", 32, 4 + 4 + 16)
        case .q8_0: ("Q8_0", 32, 2 + 32)
        case .q8_1: ("Q8_1", 32, 4 + 32)  // f16 scale and scaled sum
        case .q2_K: ("Q2_K", 256, 16 + 64 + 4)  // 4-bit scales and minimums, quants, two f16
        case .q3_K: ("Q3_K", 256, 32 + 64 + 12 + 2)  // third bits, quants, 6-bit scales, f16
        case .q4_K: ("Q4_K", 256, 4 + 12 + 128)
        case .q5_K: ("Q5_K", 256, 4 + 12 + 32 + 128)
        case .q6_K: ("Q6_K", 256, 128 + 64 + 16 + 2)
        case .q8_K: ("Q8_K", 256, 4 + 256 + 32)  // f32 scale, quants, sums of 16
        case .iq2_xxs: ("IQ2_XXS", 256, 2 + 64)
        case .iq2_xs: ("IQ2_XS", 256, 2 + 64 + 8)
        case .iq2_s: ("IQ2_S", 256, 2 + 64 + 8 + 8)
        case .iq3_xxs: ("IQ3_XXS", 256, 2 + 96)
        case .iq3_s: ("IQ3_S", 256, 2 + 64 + 8 + 32 + 4)
        case .iq1_s: ("IQ1_S", 256, 2 + 32 + 16)
        case .iq1_m: ("IQ1_M", 256, 32 + 16 + 8)
        case .iq4_nl: ("IQ4_NL", 32, 2 + 16)
        case .iq4_xs: ("IQ4_XS", 256, 2 + 2 + 4 + 128)
        case .tq1_0: ("TQ1_0", 256, 48 + 4 + 2)
        case .tq2_0: ("TQ2_0", 256, 64 + 2)
        case .mxfp4: ("MXFP4", 32, 1 + 16)  // E8M0 scale
        case .nvfp4: ("NVFP4", 64, 4 + 32)  // four UE4M3 scales
        case .q1_0: ("Q1_0", 128, 2 + 16)
        case .q2_0: ("Q2_0", 64, 2 + 16)
        }
    }

    /// The name of a type that ggml once had and removed from files, or nil. Such a file must be converted again.
    static func removedName(id: UInt32) -> String? {
        switch id {
        case 4: "Q4_2"
        case 5: "Q4_3"
        case 31: "Q4_0_4_4"
        case 32: "Q4_0_4_8"
        case 33: "Q4_0_8_8"
        case 36: "IQ4_NL_4_4"
        case 37: "IQ4_NL_4_8"
        case 38: "IQ4_NL_8_8"
        default: nil
        }
    }
}
