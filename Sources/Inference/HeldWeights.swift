import Glibc

/// Ranges of a mapped file that are held in the page cache: read in, and locked where the process may lock so much
/// (`RLIMIT_MEMLOCK`). Nothing else of the map is read ahead, for that would push out what is held.
///
/// `@unchecked`: the addresses are of a map that nobody writes to.
struct HeldWeights: ~Copyable, @unchecked Sendable {
    private let ranges: [UnsafeRawBufferPointer]
    private let map: UnsafeRawBufferPointer
    /// Why locking ended; nil if all is locked.
    let lockError: String?

    /// Reads and locks the ranges, in this order.
    ///
    /// - Parameter matrices: what else of the map is used: read by the page, without reading ahead.
    init(_ ranges: [UnsafeRawBufferPointer], among matrices: [Matrix]) {
        let ranges = ranges.filter { !$0.isEmpty }.map(wholePages)
        map = wholePages(span(matrices))
        advise(map, MADV_RANDOM)
        var error: String?
        for (i, range) in ranges.enumerated() {
            // The disk is busy with the next one while the pages of this one are mapped.
            if i == 0 { readAhead(range) }
            if i + 1 < ranges.count { readAhead(ranges[i + 1]) }
            if error == nil, mlock(range.baseAddress, range.count) != 0 { error = String(cString: strerror(errno)) }
        }
        self.ranges = ranges
        lockError = error
    }

    deinit {
        for range in ranges { munlock(range.baseAddress, range.count) }
        advise(map, MADV_NORMAL)
    }
}

/// From the first byte of any matrix to the last of any.
private func span(_ matrices: [Matrix]) -> UnsafeRawBufferPointer {
    guard let first = matrices.map(\.data).min(), let last = matrices.map({ $0.data + $0.byteCount }).max() else {
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: first, count: last - first)
}

/// The pages that a range lies in. They belong to the map that the range is of.
private func wholePages(_ range: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let base = range.baseAddress else { return range }
    let lead = Int(bitPattern: base) & (Int(getpagesize()) - 1)
    return UnsafeRawBufferPointer(start: base - lead, count: range.count + lead)
}

private func advise(_ range: UnsafeRawBufferPointer, _ advice: CInt) {
    guard let base = range.baseAddress, !range.isEmpty else { return }
    madvise(UnsafeMutableRawPointer(mutating: base), range.count, advice)
}

/// Begins to read a range into the page cache. One call reads no more than the kernel ever reads ahead, 128 KiB by default
/// (`force_page_cache_ra`, mm/readahead.c).
private func readAhead(_ range: UnsafeRawBufferPointer) {
    let step = 128 << 10
    for start in stride(from: 0, to: range.count, by: step) {
        advise(UnsafeRawBufferPointer(rebasing: range[start..<min(start + step, range.count)]), MADV_WILLNEED)
    }
}
