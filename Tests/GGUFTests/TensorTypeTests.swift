import Testing

@testable import GGUF

struct TensorTypeTests {
    /// Bits per weight as llama.cpp's documentation of its quantizations gives them.
    @Test(arguments: [
        (.f32, 32), (.f16, 16), (.bf16, 16), (.q4_0, 4.5), (.q4_1, 5), (.q5_0, 5.5), (.q5_1, 6), (.q8_0, 8.5), (.q8_1, 9),
        (.q2_K, 2.625), (.q3_K, 3.4375), (.q4_K, 4.5), (.q5_K, 5.5), (.q6_K, 6.5625), (.q8_K, 9.125),
        (.iq1_s, 1.5625), (.iq1_m, 1.75), (.iq2_xxs, 2.0625), (.iq2_xs, 2.3125), (.iq2_s, 2.5625), (.iq3_xxs, 3.0625),
        (.iq3_s, 3.4375), (.iq4_nl, 4.5), (.iq4_xs, 4.25), (.tq1_0, 1.6875), (.tq2_0, 2.0625), (.mxfp4, 4.25),
        (.nvfp4, 4.5), (.q1_0, 1.125), (.q2_0, 2.25), (.i8, 8), (.i16, 16), (.i32, 32), (.i64, 64), (.f64, 64),
    ] as [(TensorType, Double)])
    func bitsPerWeight(type: TensorType, bits: Double) {
        #expect(Double(type.bytesPerBlock * 8) / Double(type.blockSize) == bits)
    }

    @Test func everyIdIsKnownByName() {
        #expect(TensorType.allCases.count == 35)
        #expect(Set(TensorType.allCases.map(\.name)).count == 35)
        for id in UInt32(0)...42 {
            let name = TensorType(rawValue: id)?.name
            #expect((name != nil) != (TensorType.removedName(id: id) != nil), "type \(id)")
        }
        #expect(TensorType(rawValue: 12)?.name == "Q4_K" && TensorType(rawValue: 23)?.name == "IQ4_XS")
        #expect(TensorType(rawValue: 30) == .bf16 && TensorType(rawValue: 39) == .mxfp4)
    }

    @Test func bytesOfAShape() throws {
        #expect(try TensorType.q4_K.byteCount(shape: [512, 3]) == 2 * 3 * 144)
        #expect(try TensorType.f16.byteCount(shape: [5]) == 10)
    }
}
