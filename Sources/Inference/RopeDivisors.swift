/// What the file divides RoPE's frequencies by, each [rope dimensions / 2], if anything.
struct RopeDivisors {
    /// Of every context: Llama 3.
    let always: UnsafeBufferPointer<Float>?
    /// Of contexts within the original length and beyond it: LongRoPE.
    let short: UnsafeBufferPointer<Float>?
    let long: UnsafeBufferPointer<Float>?

    init(_ read: WeightReader, _ rope: RopeConfiguration) throws(InferenceError) {
        let count = rope.dimensions / 2
        func divisors(_ name: String) throws(InferenceError) -> UnsafeBufferPointer<Float>? {
            try read.optionalVector(name, count).map { UnsafeBufferPointer(start: $0, count: count) }
        }
        always = try divisors("rope_freqs.weight")
        short = try divisors("rope_factors_short.weight")
        long = try divisors("rope_factors_long.weight")
        if (short == nil) != (long == nil) {
            throw InferenceError("\(read.file.path): of the tensors 'rope_factors_short.weight' and 'rope_factors_long.weight' one is missing")
        }
    }

    /// Those of a context of `length` positions. One length serves the whole context, so that what is cached stays valid.
    func of(contextLength length: Int, _ rope: RopeConfiguration) -> UnsafeBufferPointer<Float>? {
        always ?? (length > rope.originalContext ? long : short)
    }
}
