import Inference

/// What a conversation with a model takes of the memory.
public struct MemoryNeed: Sendable, Equatable {
    /// Bytes without a file behind them, which must be there.
    public let anonymous: Int
    /// The weights do not fit beside them, and are read from the file for every token, as far as they do not.
    public let isStreaming: Bool
    /// Bytes that this process may still take; nil where the kernel does not say.
    public let available: Int?
}

extension OpenModel {
    /// As the file calls the kind of model.
    public var architecture: String { model.configuration.architecture.name }
    /// Bytes of all tensors.
    public var weightBytes: Int { model.file.tensors.reduce(0) { $0 + $1.byteCount } }

    /// - Parameters:
    ///   - contextLength: tokens; the model's own, up to 4096, if nil.
    ///   - memoryLimit: MiB; what the machine has left if nil.
    ///   - root: stands before `/proc` and `/sys`, for tests.
    /// - Throws: when there can be no such context.
    public func memoryNeed(contextLength: Int?, cacheType: CacheType, memoryLimit: Int?, root: String = "") throws(ConversationError) -> MemoryNeed {
        let available = memoryLimit.map { AvailableMemory(mebibytes: $0) } ?? .measure(root: root)
        do {
            let plan = try MemoryPlan(model, contextLength: contextLength, cacheType: cacheType, available: available)
            return MemoryNeed(anonymous: plan.anonymous, isStreaming: plan.streaming > 0, available: available?.byteCount)
        } catch {
            throw ConversationError(error.description)
        }
    }
}
