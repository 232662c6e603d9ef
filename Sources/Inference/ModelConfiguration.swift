import GGUF

/// The numbers of a model's shape, read from the file's metadata and checked against each other.
public struct ModelConfiguration: Sendable, Equatable {
    public let architecture: Architecture
    /// Transformer blocks.
    public let layerCount: Int
    /// Elements of the residual stream (`embedding_length`).
    public let width: Int
    /// Elements of the feed-forward layer.
    public let feedForwardWidth: Int
    public let headCount: Int
    /// Key and value heads, each shared by `headCount / keyValueHeadCount` query heads.
    public let keyValueHeadCount: Int
    /// Elements of one head's query, key and value.
    public let headSize: Int
    public let vocabularySize: Int
    /// Positions the model was trained for.
    public let contextLength: Int
    /// Added to the mean square in RMSNorm.
    public let normEpsilon: Float
    /// The rotations of queries and keys: one, or the layers' with a window apart.
    public let ropes: [RopeConfiguration]
    public let layers: [LayerShape]
    /// Layers with a KV cache.
    public let attentionLayerCount: Int
    /// The layers without; nil where there are none.
    public let recurrence: RecurrenceShape?
    public let scales: Scales

    /// Elements of a key or a value of one position, all heads together.
    public var keyValueWidth: Int { keyValueHeadCount * headSize }
    /// Elements of a query, all heads together.
    public var queryWidth: Int { headCount * headSize }

    /// Bounds on what a file may ask for, far above any published model: they keep later products small.
    private static let limits = (layers: 1024, width: 1 << 20, heads: 4096, headSize: 4096, context: 1 << 26, vocabulary: 1 << 24)

    public init(_ file: GGUFFile) throws(InferenceError) {
        let keys = try ModelKeys(file)
        architecture = keys.architecture
        let blocks = try keys.required("block_count", in: 1...Self.limits.layers)
        // Layers that guess further tokens stand at the end; they are not run.
        layerCount = blocks - (try keys.optional("nextn_predict_layers", in: 0...blocks - 1) ?? 0)
        width = try keys.required("embedding_length", in: 1...Self.limits.width)
        feedForwardWidth = try keys.required("feed_forward_length", in: 1...Self.limits.width)
        headCount = try keys.required("attention.head_count", in: 1...Self.limits.heads)
        let mayLackHeads = architecture.recurrence == .shortConvolution
        let keyValueHeads = try keys.perLayer("attention.head_count_kv", count: layerCount, in: (mayLackHeads ? 0 : 1)...Self.limits.heads)
        let mostHeads = keyValueHeads?.max().map { max($0, 1) } ?? headCount
        if let other = keyValueHeads?.first(where: { $0 != 0 && $0 != mostHeads }) {
            throw keys.error("attention.head_count_kv", "layers with \(mostHeads) and with \(other) heads in one model are not supported")
        }
        keyValueHeadCount = mostHeads
        guard headCount % keyValueHeadCount == 0 else {
            throw keys.error("attention.head_count", "\(headCount) heads cannot share \(keyValueHeadCount) key-value heads evenly")
        }
        if let size = try keys.optional("attention.key_length", in: 1...Self.limits.headSize) {
            headSize = size
        } else {
            guard width % headCount == 0, width / headCount <= Self.limits.headSize else {
                throw keys.error("attention.head_count", "\(headCount) heads do not divide a width of \(width)")
            }
            headSize = width / headCount
        }
        if let size = try keys.optional("attention.value_length", in: 1...Self.limits.headSize), size != headSize {
            throw keys.error("attention.value_length", "\(size) differs from the keys' \(headSize), which is not supported")
        }
        contextLength = try keys.required("context_length", in: 1...Self.limits.context)
        normEpsilon = try keys.float("attention.layer_norm_rms_epsilon") ?? 1e-5
        guard normEpsilon >= 0, normEpsilon < 1 else {
            throw keys.error("attention.layer_norm_rms_epsilon", "\(normEpsilon) is not between 0 and 1")
        }
        let rope = try RopeConfiguration(keys, headSize: headSize, trainedContext: contextLength)
        ropes = [rope] + (try rope.ofSlidingLayers(keys).map { [$0] } ?? [])
        var attends = keyValueHeads?.map { $0 > 0 } ?? Array(repeating: true, count: layerCount)
        if architecture.recurrence == .gatedDeltaNet {
            let period = try keys.optional("full_attention_interval", in: 1...Self.limits.layers) ?? 4
            attends = try keys.bools("attention.recurrent_layers", count: blocks)?.prefix(layerCount).map { !$0 }
                ?? attends.indices.map { ($0 + 1) % period == 0 }
        }
        layers = try LayerShape.all(keys, attends: attends, slidingRope: ropes.count - 1)
        attentionLayerCount = attends.count { $0 }
        recurrence = try RecurrenceShape(keys, width: width)
        scales = try Scales(keys, width: width, heads: headCount, headSize: headSize, layerCount: layerCount)
        guard let embedding = file.tensor("token_embd.weight") else {
            throw InferenceError("\(file.path): tensor 'token_embd.weight' is missing: this is not a whole model (a vocabulary only, or one part of several?)")
        }
        vocabularySize = embedding.rows
        guard vocabularySize <= Self.limits.vocabulary else {
            throw InferenceError("\(file.path): tensor 'token_embd.weight' has \(vocabularySize) rows, more than \(Self.limits.vocabulary)")
        }
    }
}
