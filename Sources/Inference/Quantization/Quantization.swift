import GGUF

/// What a model's weights can be quantized to, by the names that llama.cpp gives such files.
public enum Quantization: String, CaseIterable, Sendable {
    case f16 = "F16"
    case q8_0 = "Q8_0"
    case q4_0 = "Q4_0"
    case q4_K_M = "Q4_K_M"
    case q5_K_M = "Q5_K_M"
    case q6_K = "Q6_K"

    /// The type of the weights to which no rule gives another.
    var weightType: TensorType {
        switch self {
        case .f16: .f16
        case .q8_0: .q8_0
        case .q4_0: .q4_0
        case .q4_K_M: .q4_K
        case .q5_K_M: .q5_K
        case .q6_K: .q6_K
        }
    }

    /// The value of `general.file_type`: `enum llama_ftype` of llama.h.
    var fileType: UInt32 {
        switch self {
        case .f16: 1
        case .q4_0: 2
        case .q8_0: 7
        case .q4_K_M: 15
        case .q5_K_M: 17
        case .q6_K: 18
        }
    }
}
