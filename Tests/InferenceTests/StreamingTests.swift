import CKernels
import GGUF
import Glibc
import Testing
@testable import Inference

/// A model whose matrices cross pages, in several types.
private let wide = TinyModel(width: 256, heads: 4, keyValueHeads: 2, feedForward: 512, layers: 3, vocabulary: 300, types: ["blk.1.ffn_up.weight": .f16])
private let text: [Int32] = (0..<80).map { ($0 * 17 + 5) % 300 }

private func bits(_ logits: some Sequence<Float>) -> [UInt32] { logits.map(\.bitPattern) }

/// What prefill and then decoding give for every position.
private func rows(_ context: InferenceContext) throws -> [[UInt32]] {
    var rows: [[UInt32]] = []
    try context.evaluate(Array(text[..<70])) { rows.append(bits($0)) }
    for token in text[70...] {
        try context.evaluate(token)
        rows.append(bits(context.logits))
    }
    return rows
}

/// A context that keeps `bytes` of weights in memory.
private func context(_ model: Model, keeping bytes: Int?, threads: Int = 2) throws -> InferenceContext {
    try InferenceContext(model, MemoryPlan(model, contextLength: 100), threads: threads, weightBudget: bytes)
}

@Suite struct StreamingTests {
    @Test(arguments: [1, 2]) func theSameBitsWhateverStaysInMemory(threads: Int) throws {
        let model = try wide.model()
        let whole = try context(model, keeping: nil, threads: threads)
        #expect(whole.residency == nil)
        let wanted = try rows(whole)
        let all = model.weights.matrices.reduce(0) { $0 + $1.byteCount }
        for kept in [0, all / 3, all / 2, all - 1] {
            let limited = try context(model, keeping: kept, threads: threads)
            let residency = try #require(limited.residency)
            #expect(residency.keptBytes <= kept && residency.keptBytes + residency.streamedBytes == all)
            #expect(try rows(limited) == wanted, "\(kept) of \(all) bytes stay")
        }
    }

    @Test func readingThroughThePageCacheGivesTheSameBits() throws {
        let model = try wide.model()
        for direct in [true, false] {
            let stream = try #require(try WeightStream(model, budget: 0, direct: direct))
            if !direct { #expect(!stream.residency.isDirect) }
            for matrix in model.weights.matrices {
                var next = 0
                stream.forEachPiece(of: matrix.data) { rows, data in
                    #expect(rows.lowerBound == next)
                    #expect(memcmp(data, matrix.data + rows.lowerBound * matrix.rowBytes, rows.count * matrix.rowBytes) == 0)
                    next = rows.upperBound
                }
                #expect(next == matrix.rows)
            }
            try stream.check()
        }
    }

    /// Whatever computes past the stream would read the map, page by page.
    @Test(arguments: ForwardTests.families) func aPassUsesEveryPieceOnceInTheOrderOfThePlan(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
        let context = try context(model, keeping: 0)
        let stream = try #require(context.stream)
        for token: Int32 in [1, 2, 3] { try context.evaluate(token) }
        #expect(stream.ring.history == (3 * stream.plan.pieces.count, 0))
    }

    @Test func piecesMayBeWantedInAnyOrder() throws {
        let model = try wide.model()
        let stream = try #require(try WeightStream(model, budget: 0))
        var random = RandomSource(seed: 5)
        for _ in 0..<200 {
            let matrix = model.weights.matrices[Int(random.next() % UInt64(model.weights.matrices.count))]
            stream.forEachPiece(of: matrix.data) { rows, data in
                #expect(memcmp(data, matrix.data + rows.lowerBound * matrix.rowBytes, rows.count * matrix.rowBytes) == 0)
            }
        }
        try stream.check()
    }

    @Test func aSmallBudgetKeepsAnEqualShareOfEveryMatrix() throws {
        let matrices = try wide.model().weights.matrices
        let all = matrices.reduce(0) { $0 + $1.byteCount }
        let plan = ResidencyPlan(matrices, budget: all / 2, alignment: 4096) { Int(bitPattern: $0) }
        for matrix in matrices {
            let split = try #require(plan.splits[matrix.data])
            #expect((matrix.rows / 2 - 16...matrix.rows / 2).contains(split.keptRows))
            var next = split.keptRows
            for piece in plan.pieces[split.pieces] {
                #expect(piece.rows.lowerBound == next && piece.offset % 4096 == 0 && (0..<4096).contains(piece.lead))
                #expect(piece.byteCount == piece.lead + piece.rows.count * matrix.rowBytes)
                next = piece.rows.upperBound
            }
            #expect(next == matrix.rows)
        }
    }

    @Test func largeMatricesAreReadInPiecesOfBoundedSize() throws {
        let model = try TinyModel(width: 256, feedForward: 4100, layers: 1, vocabulary: 5000).model()
        let plan = ResidencyPlan(model.weights.matrices, budget: 0, alignment: 4096) { Int(bitPattern: $0) }
        #expect(plan.pieces.count > model.weights.matrices.count)
        let largest = ResidencyPlan.largestPiece(of: model.weights.matrices, alignment: 4096)
        #expect(largest <= ResidencyPlan.pieceBytes + 16 * 4 * 4100 + 4096)
        for piece in plan.pieces { #expect(piece.byteCount <= largest) }
        #expect(try #require(try WeightStream(model, budget: 0)).residency.streamedBytes == plan.streamedBytes)
    }

    @Test func budgetsBelowZeroAndBeyondTheModelAreTaken() throws {
        let model = try wide.model()
        #expect(try context(model, keeping: -5).residency?.keptBytes == 0)
        #expect(try context(model, keeping: .max).residency == nil)
    }

    @Test func onlyWhatDoesNotFitIsStreamed() throws {
        let model = try wide.model()
        let whole = try MemoryPlan(model, contextLength: 100, available: nil).anonymous + model.bytesPerToken
        func streams(_ bytes: Int, _ bound: AvailableMemory.Bound) throws -> Bool {
            try MemoryPlan(model, contextLength: 100, available: AvailableMemory(byteCount: bytes, bound: bound)).streaming > 0
        }
        #expect(try !streams(whole, .setting))
        #expect(try streams(whole - 1, .setting))
        #expect(try streams(whole, .machine), "other programs need some")
        #expect(try streams(whole, .controlGroup), "so does the kernel")
        #expect(try !streams(whole + 200 << 20, .machine) && !streams(whole + 200 << 20, .controlGroup))
    }
}

@Suite struct SharedResidencyTests {
    /// Whether the page at an address is in a locked part of this process's map: "lo" among VmFlags in proc_pid_smaps(5).
    private static func isLocked(_ address: UnsafeRawPointer) throws -> Bool {
        let stream = try #require(fopen("/proc/self/smaps", "r"))
        defer { fclose(stream) }
        var line = [CChar](repeating: 0, count: 4096), isInside = false
        while fgets(&line, CInt(line.count), stream) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split { $0.isWhitespace }
            let ends = (words.first ?? "").split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            if ends.count == 2 { isInside = (ends[0]..<ends[1]).contains(UInt(bitPattern: address)) }
            if isInside, words.first == "VmFlags:" { return words.contains("lo") }
        }
        return false
    }

    private static let mayLock: Bool = {
        let page = mmap(nil, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        defer { munmap(page, 1 << 20) }
        return mlock(page, 1 << 20) == 0
    }()

    @Test(.enabled(if: mayLock, "needs permission to lock memory: ulimit -l"))
    func whatOneContextNeedsStaysLockedWhenAnotherEnds() throws {
        let model = try wide.model()
        let matrix = model.weights.matrices[0].data, all = model.weights.matrices.reduce(0) { $0 + $1.byteCount }
        var first = try WeightStream(model, budget: all / 2)
        #expect(try Self.isLocked(matrix))
        var second = try WeightStream(model, budget: all / 3)
        let kept = try #require(first?.residency.keptBytes)
        #expect(kept > all / 3 && second?.residency.keptBytes == kept, "what is there already is used")
        first = nil
        #expect(try Self.isLocked(matrix))
        second = nil
        #expect(try !Self.isLocked(matrix))
        first = try WeightStream(model, budget: all / 3)
        #expect(try #require(first).residency.keptBytes <= all / 3, "a new beginning")
    }

    @Test func contextsOfOneModelStreamAtTheSameTime() throws {
        let model = try wide.model()
        let wanted = try rows(context(model, keeping: nil))
        let limited = try [context(model, keeping: 1 << 18), context(model, keeping: 0, threads: 1)]
        for token in text {
            for each in limited { try each.evaluate(token) }
            for each in limited { #expect(bits(each.logits) == wanted[each.position - 1]) }
        }
    }
}

@Suite struct CutOffModelTests {
    /// The path of a model that stays in the file system.
    private func withModel(_ body: (_ path: String, _ model: Model) throws -> Void) throws {
        let path = temporaryPath()
        try wide.writer().write(to: path)
        defer { remove(path) }
        try body(path, Model(GGUFFile(path: path)))
    }

    @Test func aFileCutOffWhileItIsReadIsAnError() throws {
        try withModel { path, model in
            let stream = try #require(try WeightStream(model, budget: 0))
            truncate(path, 100)
            for matrix in model.weights.matrices { stream.forEachPiece(of: matrix.data) { _, _ in } }
            let error = #expect(throws: InferenceError.self) { try stream.check() }
            #expect(error?.description.contains("it was cut off while in use") == true, "\(error?.description ?? "")")
        }
    }

    @Test(arguments: [100, 20_000]) func aFileCutOffUnderneathIsAnError(_ length: off_t) throws {
        try withModel { path, model in
            let context = try context(model, keeping: nil)
            try context.evaluate([1, 2, 3])
            truncate(path, length)
            for _ in 0..<2 {
                #expect(throws: InferenceError("\(path): was cut off while it is in use; copy or download it again")) { try context.evaluate(4) }
                #expect(context.position == 3, "nothing was evaluated")
            }
        }
    }

    @Test func evaluationIsRefusedOnceTheFileHasChanged() throws {
        try withModel { path, model in
            let context = try context(model, keeping: 0)
            try context.evaluate([1, 2, 3])
            truncate(path, 100)
            #expect(throws: InferenceError("\(path): was changed while it is in use; start again to read it anew")) {
                try context.evaluate(4)
            }
            #expect(context.position == 3, "nothing was evaluated")
        }
    }
}
