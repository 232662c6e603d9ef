import Synchronization

/// What of a model's weights stays in memory while contexts stream the rest, for all of them together: the kernel does not count
/// locks (mlock(2)), so that the first context to end would unlock what the others need.
final class SharedResidency: Sendable {
    private struct Use: ~Copyable {
        var contexts = 0
        var plan: ResidencyPlan?
        var held: HeldWeights?
    }

    private let use = Mutex(Use())

    /// A share in what stays: as another context has it already, or according to `plan`.
    ///
    /// - Parameter hold: reads and locks what the plan keeps. Another context that wants a share waits for it.
    func share(_ plan: ResidencyPlan, hold: () -> HeldWeights) -> Share {
        use.withLock { use in
            let plan = use.plan ?? plan
            if use.contexts == 0 {
                use.plan = plan
                use.held = hold()
            }
            use.contexts += 1
            return Share(owner: self, plan: plan, lockError: use.held?.lockError)
        }
    }

    private func giveBack() {
        use.withLock { use in
            use.contexts -= 1
            guard use.contexts == 0 else { return }
            use.held = nil
            use.plan = nil
        }
    }

    /// One context's; given back at its end.
    struct Share: ~Copyable {
        private let owner: SharedResidency
        let plan: ResidencyPlan
        /// Why what stays is not locked; nil if it is.
        let lockError: String?

        fileprivate init(owner: SharedResidency, plan: ResidencyPlan, lockError: String?) {
            self.owner = owner
            self.plan = plan
            self.lockError = lockError
        }

        deinit {
            owner.giveBack()
        }
    }
}
