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
            let plan = try memoryPlan(contextLength: contextLength, cacheType: cacheType, available: available)
            return MemoryNeed(anonymous: plan.anonymous, isStreaming: plan.streaming > 0, available: available?.byteCount)
        } catch {
            throw ConversationError(error.description)
        }
    }

    /// The least limit, in bytes, of a control group in which a conversation takes the memory that it would take without one.
    ///
    /// - Parameters:
    ///   - memoryLimit: MiB; nil for all that the model can use.
    ///   - other: bytes without a file behind them that the group's processes take besides.
    /// - Throws: when there can be no such context.
    public func groupLimit(contextLength: Int?, cacheType: CacheType, memoryLimit: Int?, besides other: Int) throws(ConversationError) -> Int {
        do {
            return try memoryPlan(contextLength: contextLength, cacheType: cacheType, available: memoryLimit.map(AvailableMemory.init(mebibytes:)))
                .groupLimit(besides: other)
        } catch {
            throw ConversationError(error.description)
        }
    }

    /// - Parameter contextLength: tokens, up to those that the model was trained for; nil for that many, up to 4096.
    func memoryPlan(contextLength: Int?, cacheType: CacheType, available: AvailableMemory?) throws(InferenceError) -> MemoryPlan {
        try MemoryPlan(
            model, contextLength: contextLength.map { min($0, model.configuration.contextLength) }, cacheType: cacheType, available: available)
    }
}
