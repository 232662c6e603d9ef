import Glibc

/// Finds the profiles of keyboards, printers, typewriters and displays that come with the program.
package enum HardwareDirectory {
    package enum Kind: String, Sendable {
        case keyboards, printers, typewriters, displays
    }

    /// The file of a profile.
    /// - Parameters:
    ///   - nameOrPath: A name, such as `brother-ax-25`, or a path, which has a slash in it.
    ///   - file: A profile that names this one; its directory comes before all others.
    /// - Throws: a line with the nearest known name, when there is none.
    static func path(_ nameOrPath: String, _ kind: Kind, beside file: String? = nil) throws(TypewriterError) -> String {
        // Of a string, Foundation's `contains` would be taken, which TOMLKit makes visible: with it comes all of Foundation, 43 MB.
        if nameOrPath.contains("/" as Character) { return nameOrPath }
        guard ProfileFile.isName(nameOrPath) else {
            throw TypewriterError(
                "\(ProfileValue.text(nameOrPath)) is not a profile's name; one has letters, digits, - and _, and a path has a slash", status: .configuration)
        }
        var directories = directories(kind)
        if let slash = file?.lastIndex(of: "/"), let file { directories.insert(String(file[..<slash]), at: 0) }
        let paths = directories.map { "\($0)/\(nameOrPath).toml" }
        if let found = paths.first(where: { access($0, R_OK) == 0 }) { return found }
        var hint = unknown("profile", nameOrPath, among: names(kind))
        if hint.last != "?" { hint += "; there are \(names(kind).joined(separator: ", "))" }
        throw TypewriterError("\(hint) (looked for \(nameOrPath).toml in \(directories.joined(separator: ", ")))", status: .configuration)
    }

    /// The names of all profiles of a kind, in the order of the alphabet.
    package static func names(_ kind: Kind) -> [String] {
        var names: Set<String> = []
        for path in directories(kind) {
            for name in directoryNames(path) where name.hasSuffix(".toml") && ProfileFile.isName(name) { names.insert(String(name.dropLast(5))) }
        }
        return names.sorted()
    }

    /// Those that exist: what PLATEN_HARDWARE names; `hardware` in a directory above the program, as in a checkout;
    /// `share/platen/hardware` beside the program's `bin`; `/usr/share/platen/hardware`.
    static func directories(_ kind: Kind) -> [String] {
        var parents: [String] = []
        if let path = getenv("PLATEN_HARDWARE").map({ String(cString: $0) }), !path.isEmpty { parents.append(path) }
        for directory in ProgramPath.directories { parents += ["\(directory)/hardware", "\(directory)/share/platen/hardware"] }
        parents.append("/usr/share/platen/hardware")
        var seen: Set<String> = []
        return parents.map { "\($0)/\(kind.rawValue)" }.filter { access($0, X_OK) == 0 && seen.insert($0).inserted }
    }
}
