import Testing
@testable import Inference

@Suite struct AvailableMemoryTests {
    private static let meminfo = "MemTotal:        4000000 kB\nMemFree:          100000 kB\nMemAvailable:    3000000 kB\n"
    private static let machine = AvailableMemory(byteCount: 3_000_000 << 10, bound: .machine)

    private func measured(_ files: [String: String]) -> AvailableMemory? {
        let root = FakeRoot(files.merging(["/proc/meminfo": Self.meminfo]) { own, _ in own })
        return withExtendedLifetime(root) { AvailableMemory.measure(root: root.path) }
    }

    @Test func withoutControlGroupsTheMachineDecides() {
        #expect(measured([:]) == Self.machine)
    }

    @Test func whatTheKernelDoesNotSayIsUnknown() {
        #expect(measured(["/proc/meminfo": "MemTotal: 4000000 kB\n"]) == nil)
        #expect(measured(["/proc/meminfo": "MemAvailable: -4 kB\n"]) == nil)
        #expect(measured(["/proc/meminfo": ""]) == nil)
    }

    @Test func version2CountsUsageButNotPageCache() {
        #expect(measured([
            "/proc/self/cgroup": "0::/system.slice/platend.service\n",
            "/sys/fs/cgroup/system.slice/platend.service/memory.max": "2000000000\n",
            "/sys/fs/cgroup/system.slice/platend.service/memory.current": "900000000\n",
            "/sys/fs/cgroup/system.slice/platend.service/memory.stat": "anon 7\ninactive_file 600000000\nactive_file 100000000\n",
        ]) == AvailableMemory(byteCount: 1_800_000_000, bound: .controlGroup))
    }

    @Test func version1IsReadAtItsOwnMount() {
        #expect(measured([
            "/proc/self/cgroup": "9:name=systemd:/\n4:memory:/box\n3:cpu,cpuacct:/other\n0::/\n",
            "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "1000000000\n",
            "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "300000000\n",
            "/sys/fs/cgroup/memory/box/memory.stat": "cache 1\ninactive_file 1\ntotal_inactive_file 50000000\ntotal_active_file 50000000\n",
        ]) == AvailableMemory(byteCount: 800_000_000, bound: .controlGroup))
    }

    @Test func aGroupAroundTheOwnOneMayBeNarrower() {
        #expect(measured([
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/b/memory.current": "100\n",
            "/sys/fs/cgroup/a/memory.max": "500\n",
            "/sys/fs/cgroup/a/memory.current": "700\n",
        ]) == AvailableMemory(byteCount: 0, bound: .controlGroup), "used beyond its limit: nothing is left")
    }

    @Test func aPathFromOutsideTheNamespaceMeansTheMount() {
        #expect(measured([
            "/proc/self/cgroup": "0::/../../docker/x\n",
            "/sys/fs/cgroup/memory.max": "1000\n",
            "/sys/fs/cgroup/memory.current": "400\n",
        ]) == AvailableMemory(byteCount: 600, bound: .controlGroup))
    }

    @Test func aGroupWithoutALimitOrWiderThanTheMachineDoesNotCount() {
        for limit in ["max", "9223372036854771712", "4000000000", "nonsense", ""] {
            #expect(measured([
                "/proc/self/cgroup": "0::/a\n",
                "/sys/fs/cgroup/a/memory.max": limit + "\n",
                "/sys/fs/cgroup/a/memory.current": "0\n",
            ]) == Self.machine, "\(limit)")
        }
    }
}
