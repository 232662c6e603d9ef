import CKernels
import GGUF
import Glibc

/// The weights of a model that is larger than memory: a fixed share of every matrix is held in the page cache, the rest is
/// read from the file for each pass, past the page cache and ahead of the computing.
///
/// A plain map would read the whole file each time: read in a circle, every page is evicted just before it is needed.
/// Keeping a fixed share instead is what FlexInfer does (arXiv 2503.03777). A pass then takes about
/// max(computing, streamed bytes / speed of the disk).
final class WeightStream {
    let ring: PieceRing
    private let share: SharedResidency.Share
    private var threads: [pthread_t] = []

    /// Pieces read ahead: what the disk gives while one matrix is computed.
    private static let slots = 16
    /// Reads under way at a time: a disk has its full speed from about three.
    private static let readers = 4

    /// Bytes of buffers beside the weights that stay, at most.
    static func bufferBytes(for matrices: [Matrix]) -> Int {
        PieceRing.byteCount(slots: slots, pieceBytes: ResidencyPlan.largestPiece(of: matrices, alignment: UncachedFile.alignment))
    }

    /// - Parameters:
    ///   - budget: bytes of weights that may stay in memory. While another context streams the same model, what stays is as it has it.
    ///   - direct: false: reads through the page cache, as where the file system knows nothing else.
    /// - Returns: nil where the model has no file that could be read, or the whole of it may stay.
    init?(_ model: Model, budget: Int, direct: Bool = true) throws(InferenceError) {
        let file = model.file
        let matrices = model.weights.matrices
        let plan = ResidencyPlan(matrices, budget: budget, alignment: UncachedFile.alignment) { file.offset(of: $0) ?? 0 }
        guard !plan.pieces.isEmpty else { return nil }
        let uncached: UncachedFile?
        do { uncached = try file.openUncached(direct: direct) } catch { throw InferenceError(error) }
        guard let uncached else { return nil }
        share = model.residency.share(plan) {
            HeldWeights(
                matrices.map { UnsafeRawBufferPointer(start: $0.data, count: (plan.splits[$0.data]?.keptRows ?? 0) * $0.rowBytes) },
                among: matrices + [model.weights.embedding])
        }
        ring = try PieceRing(uncached, share.plan.pieces, slots: Self.slots)
        try startReaders()
    }

    deinit {
        endReaders()
    }

    var plan: ResidencyPlan { share.plan }

    // MARK: Computing

    /// Rows of the matrix at this address that stay in memory: its first ones. The rest is in pieces.
    func keptRows(_ matrix: UnsafeRawPointer) -> Int? { plan.splits[matrix]?.keptRows }

    /// Calls `compute` with the rows of each piece of the matrix at this address, in turn, and where they lie.
    func forEachPiece(of matrix: UnsafeRawPointer, _ compute: (_ rows: Range<Int>, _ data: UnsafeRawPointer) -> Void) {
        guard let split = plan.splits[matrix] else { return }
        for index in split.pieces {
            compute(plan.pieces[index].rows, ring.take(index))
            ring.release()
        }
    }

    /// Throws what went wrong with reading since the last call: what was computed in between is worthless.
    func check() throws(InferenceError) {
        if let failure = ring.takeFailure() { throw InferenceError(failure) }
    }

    var residency: WeightResidency {
        WeightResidency(
            keptBytes: plan.keptBytes, streamedBytes: plan.streamedBytes, lockError: share.lockError, isDirect: ring.isDirect)
    }

    // MARK: Threads

    private func startReaders() throws(InferenceError) {
        // Signals are for the program's own threads.
        var all = sigset_t(), before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        for _ in 0..<Self.readers {
            let argument = Unmanaged.passRetained(ring)
            var thread = pthread_t()
            let error = pthread_create(&thread, nil, { argument in
                if let argument { Unmanaged<PieceRing>.fromOpaque(argument).takeRetainedValue().readPieces() }
                return nil
            }, argument.toOpaque())
            guard error == 0 else {
                argument.release()
                endReaders()
                throw InferenceError(shortage: "cannot start a thread that reads weights: \(String(cString: strerror(error)))")
            }
            threads.append(thread)
        }
    }

    private func endReaders() {
        ring.end()
        for thread in threads { pthread_join(thread, nil) }
        threads = []
    }
}

/// How much of a model's weights stays in memory, where not all of them do.
public struct WeightResidency: Sendable, Equatable, CustomStringConvertible {
    /// Bytes of weights that stay.
    public let keptBytes: Int
    /// Bytes that are read from the file for each pass over the model.
    public let streamedBytes: Int
    /// Why what stays is not locked into memory, so that others may push it out; nil where it is.
    public let lockError: String?
    /// Whether reading goes past the page cache.
    public let isDirect: Bool

    public var description: String {
        var text = "the weights do not fit into memory: \(keptBytes >> 20) MiB stay, \(streamedBytes >> 20) MiB are read for every token"
        if !isDirect { text += "; the file system cannot read past the page cache, which makes it slower" }
        if let lockError { text += "; those that stay are not locked (\(lockError)): raise the limit with ulimit -l or LimitMEMLOCK=" }
        return text
    }
}
