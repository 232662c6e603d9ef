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
        var best = 0.0
        for _ in 0..<6 {
            let clock = ContinuousClock()
            var sum: UInt64 = 0
            let time = clock.measure { sum = pl_team_read(team.handle, buffer, size) }
            guard sum != 0 else { break }
            best = max(best, Double(size) / (time / .seconds(1)))
        }
        return best
    }
}
