import GGUF
import Glibc

/// The buffer through which the pieces of a plan are read: some threads fill its slots in the order of the pieces, round and
/// round, and one user takes them out in the same order. When the user wants another piece, reading goes on from there.
///
/// While the ring is full the threads sleep.
///
/// `@unchecked`: `progress` is touched under `mutex` only; a slot belongs to the thread that fills it, then to the user.
final class PieceRing: @unchecked Sendable {
    private struct Progress {
        /// Numbers count all readings ever begun; number n goes to slot n % slots, and is of piece (n + shift) % pieces.
        var nextToRead = 0
        var nextToUse = 0
        var shift = 0
        var reading = 0
        /// The user waits for the readings under way to end, so as to begin elsewhere.
        var isMoving = false
        var isEnding = false
        var used = 0, moves = 0
        var failure: GGUFError?
    }

    private let file: UncachedFile
    private let pieces: [ResidencyPlan.Piece]
    private let slots: Int
    private let slotBytes: Int
    private let map: UnsafeMutableRawBufferPointer
    private let memory: UnsafeMutableRawPointer     // [slots][slotBytes], in `map`
    private let filled: UnsafeMutablePointer<Int>   // [slots]: the number last read into it
    private var progress = Progress()
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let slotIsFree: UnsafeMutablePointer<pthread_cond_t>
    private let slotIsFilled: UnsafeMutablePointer<pthread_cond_t>

    /// Direct reads go to physical addresses. A disk that is told one range for each MiB instead of 256 scattered pages can
    /// be much faster: a virtual one gave 3.0 GB/s instead of 1.2.
    private static let hugePage = 2 << 20

    /// - Parameter pieces: at least one.
    init(_ file: consuming UncachedFile, _ pieces: [ResidencyPlan.Piece], slots: Int) throws(InferenceError) {
        let largest = pieces.reduce(1) { max($0, $1.byteCount) }
        let slotBytes = roundedUp(largest, to: UncachedFile.alignment)
        let size = Self.byteCount(slots: slots, pieceBytes: largest)
        let mapped = size + Self.hugePage   // a huge page begins at a multiple of its size
        guard let base = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else {
            throw InferenceError(shortage: "cannot get \(size >> 20) MiB of memory to read weights into: \(String(cString: strerror(errno)))")
        }
        map = UnsafeMutableRawBufferPointer(start: base, count: mapped)
        memory = base + (roundedUp(Int(bitPattern: base), to: Self.hugePage) - Int(bitPattern: base))
        madvise(memory, size, MADV_HUGEPAGE)
        self.file = file
        self.pieces = pieces
        self.slots = slots
        self.slotBytes = slotBytes
        filled = .allocate(capacity: slots)
        filled.initialize(repeating: -1, count: slots)
        mutex = .allocate(capacity: 1)
        slotIsFree = .allocate(capacity: 1)
        slotIsFilled = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(slotIsFree, nil)
        pthread_cond_init(slotIsFilled, nil)
    }

    deinit {
        pthread_cond_destroy(slotIsFilled)
        pthread_cond_destroy(slotIsFree)
        pthread_mutex_destroy(mutex)
        slotIsFilled.deallocate()
        slotIsFree.deallocate()
        mutex.deallocate()
        filled.deallocate()
        munmap(map.baseAddress, map.count)
    }

    /// Bytes of a ring for pieces of at most `pieceBytes`.
    static func byteCount(slots: Int, pieceBytes: Int) -> Int {
        roundedUp(slots * roundedUp(pieceBytes, to: UncachedFile.alignment), to: hugePage)
    }

    var isDirect: Bool { file.isDirect }

    /// Pieces used so far, and how often another was wanted than the next.
    var history: (used: Int, moves: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return (progress.used, progress.moves)
    }

    // MARK: The user

    /// The first row of piece `index`, once it has been read. Valid until `release`. After a failure the bytes are any.
    func take(_ index: Int) -> UnsafeRawPointer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if (progress.nextToUse + progress.shift) % pieces.count != index { move(to: index) }
        let slot = progress.nextToUse % slots
        while filled[slot] != progress.nextToUse { pthread_cond_wait(slotIsFilled, mutex) }
        return UnsafeRawPointer(memory + slot * slotBytes + pieces[index].lead)
    }

    /// Gives the slot of the piece last taken back to the readers.
    func release() {
        pthread_mutex_lock(mutex)
        progress.nextToUse += 1
        progress.used += 1
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(slotIsFree)
    }

    /// What went wrong since the last call, if anything. What was read by then is read anew.
    func takeFailure() -> GGUFError? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard let failure = progress.failure else { return nil }
        move(to: (progress.nextToUse + progress.shift) % pieces.count)
        progress.failure = nil
        return failure
    }

    /// Forgets what was read and goes on with piece `index`. With the mutex held.
    private func move(to index: Int) {
        progress.isMoving = true
        progress.moves += 1
        while progress.reading > 0 { pthread_cond_wait(slotIsFilled, mutex) }
        progress.nextToUse = progress.nextToRead
        progress.shift = (index - progress.nextToRead % pieces.count + pieces.count) % pieces.count
        progress.isMoving = false
        pthread_cond_broadcast(slotIsFree)
    }

    // MARK: The readers

    /// Reads piece after piece until `end`.
    func readPieces() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            while !progress.isEnding && (progress.isMoving || progress.nextToRead >= progress.nextToUse + slots) {
                pthread_cond_wait(slotIsFree, mutex)
            }
            if progress.isEnding { return }
            let number = progress.nextToRead
            let piece = pieces[(number + progress.shift) % pieces.count]
            progress.nextToRead += 1
            progress.reading += 1
            pthread_mutex_unlock(mutex)
            let failure = read(piece, into: number % slots)
            pthread_mutex_lock(mutex)
            progress.reading -= 1
            progress.failure = progress.failure ?? failure
            filled[number % slots] = number
            pthread_cond_signal(slotIsFilled)
        }
    }

    private func read(_ piece: ResidencyPlan.Piece, into slot: Int) -> GGUFError? {
        let size = roundedUp(piece.byteCount, to: UncachedFile.alignment)
        let buffer = UnsafeMutableRawBufferPointer(start: memory + slot * slotBytes, count: size)
        do throws(GGUFError) {
            try file.read(into: buffer, at: piece.offset, needed: piece.byteCount)
            return nil
        } catch {
            return error
        }
    }

    /// Makes all calls of `readPieces` return.
    func end() {
        pthread_mutex_lock(mutex)
        progress.isEnding = true
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(slotIsFree)
    }
}

private func roundedUp(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }
