import CKernels
import Glibc

/// Owns the worker threads of a context. They sleep while there is nothing to compute.
struct ThreadTeam: ~Copyable {
    let handle: OpaquePointer

    /// The processors that this process may keep busy: how many threads compute where nobody says.
    ///
    /// One thread for each, because prompts grow faster with every core, and decoding is not slowed where fewer already draw all that
    /// the memory gives. A core with other work costs little: of two, one kept busy by another program, two threads of this
    /// decoded a 1.1 B model at 25.6 tokens a second (one thread 27.7) and read prompts at 103 (100), where llama.cpp, whose
    /// threads meet at barriers, fell from 31.3 with one thread to 12.0 with two.
    static var availableProcessors: Int {
        AvailableProcessors.count()
    }

    init(threads: Int) throws(InferenceError) {
        guard (1...256).contains(threads) else {
            throw InferenceError("\(threads) threads asked for: choose 1 to 256")
        }
        guard let handle = pl_team_create(Int32(threads)) else {
            throw InferenceError(shortage: "cannot start \(threads) threads: \(String(cString: strerror(errno)))")
        }
        self.handle = handle
    }

    deinit {
        pl_team_destroy(handle)
    }
}
