import Paper

/// A display as its file under `hardware/displays` describes it.
package struct DisplayDescription: Sendable {
    package let profile: DisplayProfile
    /// Somebody has tried it on the metal.
    package let isVerified: Bool

    /// Reads a profile by its name, or a file by its path.
    /// - Throws: the first thing that is wrong, with file and line.
    package init(_ nameOrPath: String) throws(TypewriterError) {
        try self.init(ProfileFile.read(nameOrPath, .displays))
    }

    init(_ table: ProfileTable) throws(TypewriterError) {
        var table = table
        guard let name = try table.text("name") else { throw table.missing("name") }
        guard let kindName = try table.choice("kind", DisplayProfile.Kind.allCases.map(\.rawValue)), let kind = DisplayProfile.Kind(rawValue: kindName)
        else { throw table.missing("kind") }
        _ = try table.text("source")
        isVerified = try table.flag("verified") ?? false
        var profile = DisplayProfile(name: name, kind: kind)
        profile.columns = try table.integer("columns", PageSettings.leastWidth...PageSettings.mostColumns)
        profile.lines = try table.integer("lines", 1...Self.mostLines)
        if let text = try table.text("substitute") {
            guard text.count == 1, let character = text.first else { throw table.problem("substitute", "one character stands for what is missing") }
            profile.substitute = character
        }
        switch kind {
        case .lcd:
            profile.codes = try Self.codes(&table)
            if profile.columns == nil { throw table.missing("columns") }
            if profile.lines == nil { throw table.missing("lines") }
        case .console:
            if let name = try table.text("code_page") {
                do {
                    profile.glyphs = Set(try CodePage(name).bytes.keys)
                } catch {
                    throw table.problem("code_page", error.description)
                }
            }
        }
        try table.refuseUnknown()
        self.profile = profile
    }

    private static let mostLines = 500

    /// ASCII, and over it `[[characters]]`, each with the code of its first character and a text of characters with codes one after another.
    private static func codes(_ table: inout ProfileTable) throws(TypewriterError) -> [Character: UInt8] {
        var characters: [UInt8: Character] = [:]
        for code in 0x20..<0x7F as Range<UInt8> { characters[code] = Character(Unicode.Scalar(code)) }
        for section in try table.sections("characters") {
            var section = section
            guard let first = try section.integer("first", 0...255) else { throw section.missing("characters.first") }
            guard let text = try section.text("text") else { throw section.missing("characters.text") }
            // By scalars: a sound mark of katakana has a code of its own.
            for (offset, scalar) in text.unicodeScalars.enumerated() {
                let character = Character(scalar)
                let code = first + offset
                guard code <= 255 else { throw section.problem("text", "\(ProfileValue.text(String(character))) would have the code \(code); the last is 255") }
                // The kernel's driver takes them for controls: codes of its own, and ESC.
                guard code >= 0x10, code != 0x1B else { throw section.problem("first", "the code \(code) cannot be shown: it is a control of /dev/lcd") }
                guard scalar.columnWidth == 1 else {
                    throw section.problem("text", "\(ProfileValue.text(String(character))) is not one column wide")
                }
                characters[UInt8(code)] = character
            }
            try section.refuseUnknown()
        }
        var codes: [Character: UInt8] = [:]
        for code in characters.keys.sorted() {
            if let character = characters[code], codes[character] == nil { codes[character] = code }
        }
        return codes
    }
}
