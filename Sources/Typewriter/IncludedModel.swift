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
        ProgramPath.directories.flatMap { ["\($0)/deploy/model/\(fileName)", "\($0)/share/platen/\(fileName)"] }
            + ["/usr/share/platen/\(fileName)"]
    }
}
