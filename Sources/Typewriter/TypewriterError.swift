/// Why a typewriter could not start or go on: one line for a person to read, and what to tell the one who started it.
public struct TypewriterError: Error, Sendable, CustomStringConvertible, Equatable {
    /// Exit statuses, from `sysexits.h`. A supervisor must not restart after `configuration`: nothing changes by itself.
    public enum ExitStatus: Int32, Sendable {
        case badData = 65
        case noInput = 66
        /// `EX_UNAVAILABLE`: nobody is there to ask.
        case unavailable = 69
        /// `EX_OSERR`: the machine has too little of something, such as memory.
        case shortage = 71
        case ioError = 74
        case configuration = 78
    }

    public let description: String
    public let status: ExitStatus

    public init(_ description: String, status: ExitStatus) {
        self.description = description
        self.status = status
    }
}
