/// Reads the description of a keyboard or printer: a TOML file that may build upon another.
///
/// `inherits = "other"` takes over everything of another profile but `verified`, `source` and `command_sets`, which are true of one file alone. What the
/// file says itself comes first; sections are joined, lists are replaced.
package enum ProfileFile {
    /// A profile builds upon one that builds upon one, so far.
    private static let deepest = 8
    private static let notInherited = ["inherits", "verified", "source", "command_sets"]

    /// Reads the profile with this name among those that come with the program, or the file at this path (which has a slash in it).
    /// - Throws: what is wrong, as `FILE:LINE: what; remedy`.
    package static func read(_ nameOrPath: String, _ kind: HardwareDirectory.Kind) throws(TypewriterError) -> ProfileTable {
        let path = try HardwareDirectory.path(nameOrPath, kind)
        return try table(readTextFile(path), path) { base throws(TypewriterError) in
            // Beside the file first, so that a maker's own family of files needs no installation.
            let path = try HardwareDirectory.path(base, kind, beside: path)
            return (path, try readTextFile(path))
        }
    }

    /// - Parameters:
    ///   - file: What to call the text in errors.
    ///   - base: Finds the file that a profile inherits, by its name, and gives its path and text.
    package static func table(
        _ text: String, _ file: String, base: (String) throws(TypewriterError) -> (file: String, text: String)
    ) throws(TypewriterError) -> ProfileTable {
        var (table, chain) = (try parse(text, file), [file])
        var merged = table.value
        while let name = try table.text("inherits") {
            guard isName(name) else { throw table.problem("inherits", "\(ProfileValue.text(name)) is not a profile's name") }
            guard chain.count < deepest else { throw table.problem("inherits", "more than \(deepest) profiles build upon each other") }
            let next: (file: String, text: String)
            do {
                next = try base(name)
            } catch {
                throw table.problem("inherits", error.description)
            }
            guard !chain.contains(next.file) else { throw table.problem("inherits", "\(ProfileValue.text(name)) builds upon this profile itself") }
            chain.append(next.file)
            table = try parse(next.text, next.file)
            merged = merged.over(table.value.without(notInherited))
        }
        return ProfileTable(merged.without(["inherits"]), at: FileOrigin(file: file, line: 1))
    }

    /// A name leads to no other directory.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && !text.hasPrefix(".") && text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
            default: false
            }
        }
    }

    private static func parse(_ text: String, _ file: String) throws(TypewriterError) -> ProfileTable {
        let document = try TOMLDocument(text, file: file)
        let start = FileOrigin(file: file, line: 1)
        return ProfileTable(ProfileValue(document.table, path: "", at: start, document.lines), at: start)
    }
}
