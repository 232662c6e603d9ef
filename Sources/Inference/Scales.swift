/// Constant factors and bounds of a forward pass: 1 and none unless the family or the file says otherwise.
public struct Scales: Sendable, Equatable {
    /// Of the embeddings.
    let embedding: Float
    /// Of what each branch adds to the residual stream.
    let residual: Float
    /// Of the products of queries and keys.
    let attention: Float
    /// Of the logits.
    let logit: Float
    /// Scores become cap * tanh(score / cap); 0: they stay.
    let attentionCap: Float
    /// As `attentionCap`, for logits.
    let logitCap: Float

    init(_ keys: ModelKeys, width: Int, heads: Int, headSize: Int, layerCount: Int) throws(InferenceError) {
        let family = keys.architecture
        func stated(_ key: String) throws(InferenceError) -> Float? {
            family.statesScales ? try keys.positive(key) : nil
        }
        embedding = try stated("embedding_scale") ?? (family.scalesEmbeddingsByWidth ? Float(width).squareRoot() : 1)
        residual = try stated("residual_scale") ?? 1
        let divisor = family.widthScaledLayerCount == layerCount ? max(1, width / heads) : headSize
        attention = try stated("attention.scale") ?? 1 / Float(divisor).squareRoot()
        // The file has what the logits are divided by.
        logit = 1 / (try stated("logit_scale") ?? 1)
        func cap(_ key: String, _ defaultCap: Float?) throws(InferenceError) -> Float {
            guard let defaultCap else { return 0 }
            return try keys.positive(key) ?? defaultCap
        }
        attentionCap = try cap("attn_logit_softcapping", family.defaultScoreCap)
        logitCap = try cap("final_logit_softcapping", family.defaultLogitCap)
    }
}
