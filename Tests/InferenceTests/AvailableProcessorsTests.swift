import Testing
@testable import Inference

@Suite struct AvailableProcessorsTests {
    private func count(of allowed: Int, _ files: [String: String]) -> Int {
        let root = FakeRoot(files)
        return withExtendedLifetime(root) { AvailableProcessors.count(allowed: allowed, root: root.path) }
    }

    @Test func withoutControlGroupsTheMaskDecides() {
        #expect(count(of: 4, [:]) == 4)
        #expect(count(of: 4, ["/proc/self/cgroup": "0::/absent\n"]) == 4)
        #expect(count(of: 0, [:]) == 1)
    }

    @Test(arguments: [
        ("400000 100000", 4), ("300001 100000", 4), ("300000 100000", 3), ("150000 100000", 2), ("50000 100000", 1), ("1 1000000", 1),
        ("800000 100000", 4), ("max 100000", 4), ("0 100000", 4), ("100000 0", 4), ("9223372036854775807 1", 4), ("100000", 4), ("nonsense", 4), ("", 4),
    ])
    func version2CountsTheQuotaOfAPeriod(_ quota: String, _ expected: Int) {
        #expect(count(of: 4, ["/proc/self/cgroup": "0::/box\n", "/sys/fs/cgroup/box/cpu.max": quota + "\n"]) == expected, "\(quota)")
    }

    @Test(arguments: [("250000", "100000", 3), ("-1", "100000", 4), ("100000", "100000", 1), ("1", "", 4)])
    func version1IsReadAtItsOwnMount(_ quota: String, _ period: String, _ expected: Int) {
        #expect(count(of: 4, [
            "/proc/self/cgroup": "9:memory:/other\n4:cpu,cpuacct:/box\n0::/\n",
            "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": quota + "\n",
            "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us": period + "\n",
            "/sys/fs/cgroup/cpu/other/cpu.cfs_quota_us": "1\n",
            "/sys/fs/cgroup/cpu/other/cpu.cfs_period_us": "100000\n",
        ]) == expected)
    }

    @Test func aGroupAroundTheOwnOneMayBeNarrower() {
        #expect(count(of: 8, [
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/cpu.max": "600000 100000\n",
            "/sys/fs/cgroup/a/cpu.max": "200000 100000\n",
            "/sys/fs/cgroup/a/b/c/cpu.max": "100000 100000\n",
        ]) == 2)
    }
}
