import Glibc
import TOMLKit

/// What a settings file and the drop-ins beside it say, where each key was set, and everything that is wrong with them.
public struct SettingsFiles: Sendable {
    /// One line for a person: `platen.toml:12: paper.columns 5000 is not between 4 and 1000`.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        public let description: String
        fileprivate let file: Int
        fileprivate let line: Int
    }

    /// What is read when nobody names a file.
    public static let standardPath = "/etc/platen/platen.toml"

    /// What is wrong leaves a key as it was.
    public private(set) var settings = Settings()
    /// In the order of the files and their lines.
    public private(set) var problems: [Problem] = []
    /// Those that were read, in order.
    public private(set) var files: [String] = []
    /// Every file could be read. In one that could not, keys may be set that nobody knows of.
    private var isComplete = true
    /// Of keys that were set.
    private var places: [String: (file: Int, line: Int)] = [:]

    /// Reads a file and then its drop-ins: `FILE.d/*.toml`, in the order of their names' bytes. What comes later wins.
    /// - Parameter path: Nil for the standard one, which may be missing.
    public init(_ path: String? = nil) {
        let main = path ?? Self.standardPath
        // One that is there and may not be looked at is an error.
        let hasMain = path != nil || access(main, F_OK) == 0 || errno == EACCES
        self.init((hasMain ? [main] : []) + Self.dropIns(main)) { path throws(TypewriterError) in try readTextFile(path) }
    }

    /// - Parameters:
    ///   - paths: In the order in which they hold.
    ///   - read: A file's text.
    init(_ paths: [String], read: (String) throws(TypewriterError) -> String) {
        files = paths
        for (index, path) in paths.enumerated() {
            do throws(TypewriterError) {
                try take(TOMLDocument(read(path), file: path), index)
            } catch {
                isComplete = false
                problems.append(Problem(description: error.description, file: index, line: 0))
            }
        }
        for contradiction in settings.contradictions() where isComplete || contradiction.keys.allSatisfy({ places[$0] != nil }) {
            report(contradiction.text, about: contradiction.keys)
        }
        problems.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    /// - Throws: the first problem.
    public func valid() throws(TypewriterError) -> Settings {
        if let first = problems.first { throw TypewriterError(first.description, status: .configuration) }
        return settings
    }

    /// Where a key was set last; nil where it has its default.
    func origin(of key: String) -> FileOrigin? {
        places[key].map { FileOrigin(file: files[$0.file], line: $0.line) }
    }

    /// Adds what is wrong with keys together, at the one of them that was set last. With none of them set, only if no file could do so.
    mutating func report(_ text: String, about keys: [String]) {
        let place = keys.compactMap { places[$0] }.max { $0 < $1 }
        guard isComplete || place != nil else { return }
        let origin = place.map { "\(files[$0.file]):\($0.line): " } ?? files.first.map { "\($0): " } ?? ""
        problems.append(Problem(description: origin + text, file: place?.file ?? 0, line: place?.line ?? 0))
    }

    /// Adds what is wrong in another file, which the key names; the line says where.
    mutating func report(_ error: TypewriterError, about key: String) {
        let place = places[key]
        problems.append(Problem(description: error.description, file: place?.file ?? 0, line: place?.line ?? 0))
    }

    private static func dropIns(_ main: String) -> [String] {
        // Read as a file, it tells why it cannot be listed.
        if access("\(main).d", R_OK) != 0, errno == EACCES { return ["\(main).d"] }
        let names = directoryNames("\(main).d").filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(main).d/\($0)" }
    }

    private mutating func take(_ document: TOMLDocument, _ file: Int) {
        let (table, lines) = (document.table, document.lines)
        func add(_ text: String, _ line: Int) {
            problems.append(Problem(description: "\(files[file]):\(line): \(text)", file: file, line: line))
        }
        for section in table.keys.sorted() {
            let line = lines[section]
            guard SettingKey.sections.contains(section) else {
                add(SettingKey.unknownSection(section, isSection: table[section]?.table != nil), line)
                continue
            }
            guard let keys = table[section]?.table else {
                add("\(section) is a section: write [\(section)] on a line of its own", line)
                continue
            }
            for key in keys.keys.sorted() {
                let name = "\(section).\(key)"
                guard let value = keys[key] else { continue }
                let line = lines[name, in: section]
                do {
                    try settings.set(name, to: SettingValue(value))
                    places[name] = (file, line)
                } catch {
                    add(error.description, line)
                }
            }
        }
    }
}

extension Settings {
    /// Reads a settings file and its drop-ins. Keys that they do not name keep their defaults.
    /// - Throws: the first thing that is wrong, as `platen.toml:12: paper.columns 5000 is not between 4 and 1000`.
    public init(file path: String) throws(TypewriterError) {
        self = try SettingsFiles(path).valid()
    }

    /// - Parameter file: What to call the text in errors.
    public init(toml text: String, file: String) throws(TypewriterError) {
        self = try SettingsFiles([file]) { _ in text }.valid()
    }
}

extension SettingValue: TOMLScalarConvertible {
    init(_ value: some TOMLValueConvertible) {
        let value = value.tomlValue
        if let scalar = SettingValue(scalar: value) {
            self = scalar
        } else if let elements = value.array {
            let texts = elements.map(\.string)
            self = texts.contains(nil) ? .other("a list with something else in it") : .texts(texts.compactMap(\.self))
        } else {
            self = .other("a section of its own")
        }
    }
}
