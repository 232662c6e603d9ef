import CKernels

/// How many processors this process may keep busy.
enum AvailableProcessors {
    /// Those of its affinity mask, or what a control group (a container's `--cpus`, a systemd unit's `CPUQuota`) leaves of them,
    /// rounded up: threads beyond that would only use up the group's time sooner, and then all of them wait.
    ///
    /// - Parameters:
    ///   - allowed: processors of the affinity mask.
    ///   - root: stands before `/proc` and `/sys/fs/cgroup`, for tests.
    static func count(allowed: Int = Int(pl_available_processors()), root: String = "") -> Int {
        let quotas = ControlGroup.all(of: "cpu", root: root).compactMap(\.processors)
        return max(1, min(allowed, quotas.min() ?? allowed))
    }
}

extension ControlGroup {
    /// Processors' worth of time that the group has, rounded up; nil where it has no limit.
    ///
    /// Version 2: `cpu.max`, Documentation/admin-guide/cgroup-v2.rst of the kernel; version 1: scheduler/sched-bwc.rst.
    fileprivate var processors: Int? {
        let limit: [Substring?] = switch version {
        case .one: [words(of: "cpu.cfs_quota_us").first, words(of: "cpu.cfs_period_us").first]
        case .two: [words(of: "cpu.max").first, words(of: "cpu.max").dropFirst().first]
        }
        // No limit: "max" or -1.
        guard let quota = limit[0].flatMap({ Int($0) }), let period = limit[1].flatMap({ Int($0) }), quota > 0, period > 0 else { return nil }
        return quota / period + (quota % period > 0 ? 1 : 0)
    }
}
