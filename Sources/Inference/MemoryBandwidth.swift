import CKernels
import Glibc

/// How fast this machine reads memory: the bound of decoding, which reads every weight for every token.
public enum MemoryBandwidth {
    /// Bytes per second that `threads` threads read together: the best of several passes over more than the caches hold.
    public static func measure(threads: Int) throws(InferenceError) -> Double {
        let team = try ThreadTeam(threads: threads)
        // An eighth of a small machine's memory, so that it neither swaps nor drives the model out for long.
        let size = max(1 << 20, min(256 << 20, sysconf(Int32(_SC_PHYS_PAGES)) / 8 * sysconf(Int32(_SC_PAGESIZE))))
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        defer { buffer.deallocate() }
        // Written, so that every page is there and none is the shared zero page.
        for i in 0..<size / 4096 { buffer.storeBytes(of: UInt64(i), toByteOffset: i * 4096, as: UInt64.self) }
        return rate(team, UnsafeRawBufferPointer(start: buffer, count: size))
    }

    /// Bytes per second that `threads` threads read together of the mapped weights, from pages that are in memory: what
    /// decoding can have at most, as the kernel keeps a file in smaller pages than a buffer. Nil where the weights are so
    /// few that caches hold much of them.
    public static func measure(threads: Int, reading model: Model) throws(InferenceError) -> Double? {
        let matrices = model.weights.matrices
        guard let first = matrices.map(\.data).min(), let last = matrices.map({ $0.data + $0.byteCount }).max() else { return nil }
        let size = min((last - first) / 8 * 8, 1 << 30), beyondCaches = 128 << 20
        guard size >= beyondCaches else { return nil }
        return rate(try ThreadTeam(threads: threads), UnsafeRawBufferPointer(start: first.alignedUp(toMultipleOf: 8), count: size - 8))
    }

    /// The best of several passes.
    private static func rate(_ team: borrowing ThreadTeam, _ bytes: UnsafeRawBufferPointer) -> Double {
        var best = 0.0
        for _ in 0..<6 {
            var sum: UInt64 = 0
            let time = ContinuousClock().measure { sum = pl_team_read(team.handle, bytes.baseAddress, bytes.count) }
            guard sum != 0 else { break }
            best = max(best, Double(bytes.count) / (time / .seconds(1)))
        }
        return best
    }
}
