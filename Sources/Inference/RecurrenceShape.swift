/// The shape of the layers that remember a state instead of keys and values.
public struct RecurrenceShape: Sendable, Equatable {
    /// Channels that pass a causal convolution.
    let channels: Int
    /// Positions that the convolution reads, its own included.
    let convolutionLength: Int
    /// Heads of queries and keys, and of values, in a delta net; none in a short convolution.
    let keyHeads, valueHeads: Int
    /// Elements of one head's query, key and value.
    let headSize: Int
    /// Elements of the layer's inner output.
    let innerWidth: Int

    /// Floats of the convolution's past inputs.
    var pastSize: Int { (convolutionLength - 1) * channels }
    /// Floats of one layer's state: the past inputs, then a matrix of every head.
    var stateSize: Int { pastSize + valueHeads * headSize * headSize }

    /// Nil where the family has no such layers.
    init?(_ keys: ModelKeys, width: Int) throws(InferenceError) {
        switch keys.architecture.recurrence {
        case .none:
            return nil
        case .shortConvolution:
            (channels, innerWidth) = (width, width)
            (keyHeads, valueHeads, headSize) = (0, 0, 0)
            convolutionLength = try keys.required("shortconv.l_cache", in: 2...256)
        case .gatedDeltaNet:
            convolutionLength = try keys.required("ssm.conv_kernel", in: 2...256)
            headSize = try keys.required("ssm.state_size", in: 1...256)
            keyHeads = try keys.required("ssm.group_count", in: 1...4096)
            valueHeads = try keys.required("ssm.time_step_rank", in: 1...4096)
            guard valueHeads % keyHeads == 0 else {
                throw keys.error("ssm.time_step_rank", "\(valueHeads) value heads cannot share \(keyHeads) key heads evenly")
            }
            innerWidth = valueHeads * headSize
            channels = 2 * keyHeads * headSize + innerWidth
            let stated = try keys.required("ssm.inner_size", in: 1...(1 << 20))
            guard stated == innerWidth else {
                throw keys.error("ssm.inner_size", "\(stated) is not \(valueHeads) heads of \(headSize)")
            }
        }
    }
}
