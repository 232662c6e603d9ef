import Glibc
import Synchronization

/// A map whose file may be cut off by another program while it is read. The kernel has nothing to give then, and raises SIGBUS.
///
/// The handler of this puts zeros in the place of all that is lost and notes that it did, so that a long work comes to its end,
/// and whoever asks afterwards throws the result away. A signal handler may only read memory that is always in order, so there
/// is a fixed table of maps, and an entry counts from the moment that its end is stored. Other faults go to the earlier handler.
struct MapGuard: Sendable {
    private let index: Int

    /// Nil where the table is full: such a map is not guarded.
    init?(_ map: UnsafeRawBufferPointer) {
        guard let index = (0..<entryCount).first(where: { !entries[$0].isTaken.exchange(true, ordering: .acquiringAndReleasing) }) else { return nil }
        self.index = index
        entries[index].isCutOff.store(false, ordering: .relaxed)
        entries[index].start.store(UInt(bitPattern: map.baseAddress), ordering: .relaxed)
        entries[index].end.store(UInt(bitPattern: map.baseAddress) + UInt(map.count), ordering: .releasing)
    }

    /// Call before the memory is unmapped.
    func release() {
        entries[index].end.store(0, ordering: .releasing)
        entries[index].isTaken.store(false, ordering: .releasing)
    }

    /// Whether some of the map has become zeros.
    var isCutOff: Bool { entries[index].isCutOff.load(ordering: .acquiring) }

    /// Puts the handler in front of what handles SIGBUS by now; once.
    static func install() { _ = installOnce }
}

private struct Entry: ~Copyable {
    let isTaken = Atomic(false)
    let start = Atomic<UInt>(0)
    /// 0 where there is no map.
    let end = Atomic<UInt>(0)
    let isCutOff = Atomic(false)
}

private let entryCount = 256
nonisolated(unsafe) private let entries = {
    let table = UnsafeMutablePointer<Entry>.allocate(capacity: entryCount)
    for index in 0..<entryCount { (table + index).initialize(to: Entry()) }
    return table
}()
private let pageSize = UInt(sysconf(Int32(_SC_PAGESIZE)))
nonisolated(unsafe) private let earlier = {
    let action = UnsafeMutablePointer<sigaction>.allocate(capacity: 1)
    action.initialize(to: sigaction())
    return action
}()

/// Maps zeros from the page of a fault to the end of the map that it lies in: where one page is lost, so are those behind it.
/// False where no such map is known.
private func putZeros(_ address: UInt) -> Bool {
    for index in 0..<entryCount {
        let end = entries[index].end.load(ordering: .acquiring), start = entries[index].start.load(ordering: .relaxed)
        guard address >= start, address < end else { continue }
        let page = address & ~(pageSize - 1)
        let zeros = mmap(UnsafeMutableRawPointer(bitPattern: page), Int(end - page), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
        guard zeros != MAP_FAILED else { return false }
        entries[index].isCutOff.store(true, ordering: .releasing)
        return true
    }
    return false
}

private let installOnce: Void = {
    // The handler must find the tables made.
    _ = (entries, pageSize, earlier)
    sigaction(SIGBUS, nil, earlier)
    var action = sigaction()
    action.__sigaction_handler.sa_sigaction = { signal, info, _ in
        let error = errno
        defer { errno = error }
        // A code above 0: from the kernel, so there is an address (sigaction(2)).
        if let info, info.pointee.si_code > 0, putZeros(UInt(bitPattern: info.pointee._sifields._sigfault.si_addr)) { return }
        // The earlier action takes over: a fault happens again on return, and what was raised is raised again.
        sigaction(signal, earlier, nil)
        raise(signal)
    }
    action.sa_flags = Int32(SA_ONSTACK) | Int32(SA_SIGINFO)
    sigaction(SIGBUS, &action, nil)
}()
