import Glibc

/// Where the program's file lies.
enum ProgramPath {
    /// The directories above it, the nearest first, without a slash at their end.
    static var directories: [String] {
        var parts = path?.split(separator: "/").dropLast() ?? []
        var directories: [String] = []
        while true {
            directories.append(parts.map { "/" + $0 }.joined())
            if parts.isEmpty { return directories }
            parts.removeLast()
        }
    }

    private static var path: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
