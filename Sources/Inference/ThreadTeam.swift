import CKernels
import Glibc

/// Owns the worker threads of a context. They sleep while there is nothing to compute.
struct ThreadTeam: ~Copyable {
    let handle: OpaquePointer

    /// The processors that this process may run on.
    static var availableProcessors: Int {
        Int(pl_available_processors())
    }

    init(threads: Int) throws(InferenceError) {
        guard (1...256).contains(threads) else {
            throw InferenceError("\(threads) threads asked for: choose 1 to 256")
        }
        guard let handle = pl_team_create(Int32(threads)) else {
            throw InferenceError("cannot start \(threads) threads: \(String(cString: strerror(errno)))")
        }
        self.handle = handle
    }

    deinit {
        pl_team_destroy(handle)
    }
}
