import GGUF

/// What running a model will take, known before anything is taken.
public struct MemoryPlan: Sendable, CustomStringConvertible {
    public let contextLength: Int
    public let cacheType: CacheType
    /// Bytes of the mapped file's tensors. The kernel may drop their pages at any time and read them again.
    public let weights: Int
    /// Bytes of keys and values.
    public let cache: Int
    /// Bytes of everything else that a forward pass writes.
    public let buffers: Int
    /// Bytes through which weights are read that do not fit into memory; 0 where all of them do.
    public let streaming: Int
    let state: StatePlan
    /// Bytes of weights that may stay in memory; nil for all.
    let weightBudget: Int?
    private let available: AvailableMemory?
    /// Cache bytes of 16 positions.
    private let tileBytes: Int
    /// Cache bytes of 16 positions, were the cache Q8_0.
    private let smallestTileBytes: Int

    /// - Parameters:
    ///   - contextLength: positions of the KV cache; the model's own, up to 4096, if nil.
    ///   - available: what may be taken; nil if that is unknown. Weights for which no room is left are read from the file for every token.
    public init(
        _ model: Model, contextLength: Int? = nil, cacheType: CacheType = .f16, available: AvailableMemory? = .measure()
    ) throws(InferenceError) {
        let c = model.configuration
        let length = contextLength ?? min(c.contextLength, 4096)
        state = try StatePlan(c, contextLength: length, cacheType: cacheType)
        self.contextLength = length
        self.cacheType = cacheType
        weights = model.file.tensors.reduce(0) { $0 + $1.byteCount }
        cache = state.cacheByteCount
        buffers = state.arena.byteCount - cache
        self.available = available
        let taken = cache + buffers
        if let left = available.map({ $0.usableByteCount - taken }), model.bytesPerToken > left {
            streaming = WeightStream.bufferBytes(for: model.weights.matrices)
            weightBudget = left - streaming
        } else {
            streaming = 0
            weightBudget = nil
        }
        tileBytes = 2 * c.attentionLayerCount * cacheType.byteCount(c, positions: 16)
        smallestTileBytes = 2 * c.attentionLayerCount * CacheType.q8_0.byteCount(c, positions: 16)
    }

    /// Memory that has no file behind it, so that it must be there.
    public var anonymous: Int { cache + buffers + streaming }

    /// The least limit of a control group under which this same plan is made.
    ///
    /// - Parameter other: bytes without a file behind them that the group's processes take besides.
    public func groupLimit(besides other: Int) -> Int {
        AvailableMemory.controlGroupByteCount(usable: anonymous + max(0, weightBudget ?? weights)) + other
    }

    public var description: String {
        """
        weights \(mebibytes(weights)) mapped, KV cache \(mebibytes(cache)) (\(contextLength) positions, \(cacheType.rawValue)), buffers \(mebibytes(buffers))\
        \(streaming > 0 ? ", \(mebibytes(streaming)) to read those weights through that do not fit" : "")
        """
    }

    /// - Throws: with the numbers and what would fit, if cache and buffers do not.
    func check() throws(InferenceError) {
        guard let available, anonymous > available.byteCount else { return }
        let owner = switch available.bound {
        case .machine: "this machine has"
        case .controlGroup: "the memory limit of this process leaves"
        case .setting: "the memory limit that was set is"
        }
        var text = """
            a context of \(contextLength) positions needs \(mebibytes(anonymous)) of memory (KV cache \(mebibytes(cache)) in \(cacheType.rawValue), \
            buffers \(mebibytes(buffers))\(streaming > 0 ? ", reading of weights \(mebibytes(streaming))" : "")), but \(owner) \(mebibytes(available.byteCount))
            """
        let fitting = positions(in: available.byteCount, tileBytes), smallest = positions(in: available.byteCount, smallestTileBytes)
        if fitting > 0 { text += "; a context of \(fitting) would fit" }
        if smallest > fitting { text += fitting > 0 ? ", or \(min(smallest, contextLength)) with a q8_0 cache" : "; \(min(smallest, contextLength)) would fit with a q8_0 cache" }
        if smallest == 0 { text += "; free some, or choose a smaller model" }
        throw InferenceError(shortage: text)
    }

    /// How many positions, by 16, fit beside the buffers.
    private func positions(in bytes: Int, _ tileBytes: Int) -> Int {
        max(0, bytes - buffers - streaming) / max(1, tileBytes) * 16
    }
}

extension AvailableMemory {
    /// What a program should take of it. A control group is this program's own, but for the kernel's part in it: page tables,
    /// requests to the disk, pages of the program itself. A machine has other programs too.
    var usableByteCount: Int {
        switch bound {
        case .machine: byteCount - max(64 << 20, byteCount / 16)
        case .controlGroup: byteCount - Self.groupShare - byteCount / 256
        case .setting: byteCount
        }
    }

    /// Bytes that leave so many usable ones in a control group: what `usableByteCount` takes off, added.
    static func controlGroupByteCount(usable: Int) -> Int {
        let least = usable + groupShare
        return least + least / 255 + 1
    }

    /// Bytes for the kernel in a group of any size; it takes more in a larger one.
    private static let groupShare = 32 << 20
}

/// In MiB, with one digit.
private func mebibytes(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + 1 << 19) >> 20
    return "\(tenths / 10).\(tenths % 10) MiB"
}
