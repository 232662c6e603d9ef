import Glibc

/// Finds the model that is used when nobody names one.
public enum IncludedModel {
    static let fileName = "platen-tiny.gguf"

    /// The first of these that exists: what PLATEN_MODEL names; `deploy/model` in a directory above the program, as in a
    /// checkout; `share/platen` beside the program's `bin`; `/usr/share/platen`.
    public static func find() throws(TypewriterError) -> String {
        if let path = getenv("PLATEN_MODEL").map({ String(cString: $0) }), !path.isEmpty { return path }
        if let found = candidates.first(where: { access($0, R_OK) == 0 }) { return found }
        throw TypewriterError(
            "there is no model: name a GGUF file, or set PLATEN_MODEL (\(fileName) is neither beside the program nor in /usr/share/platen)",
            status: .configuration
        )
    }

    private static var candidates: [String] {
        var directories = programPath?.split(separator: "/").dropLast() ?? []
        var paths: [String] = []
        while true {
            let directory = directories.map { "/" + $0 }.joined()
            paths.append("\(directory)/deploy/model/\(fileName)")
            paths.append("\(directory)/share/platen/\(fileName)")
            if directories.isEmpty { break }
            directories.removeLast()
        }
        return paths + ["/usr/share/platen/\(fileName)"]
    }

    private static var programPath: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
