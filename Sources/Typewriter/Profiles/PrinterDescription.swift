import Paper

/// A printer as its file under `hardware/printers` describes it.
package struct PrinterDescription: Sendable {
    package let profile: PrinterProfile
    /// Somebody has tried it on the metal.
    package let isVerified: Bool
    package let usb: USBIdentity?
    /// What such a printer names in its IEEE 1284 identification.
    package let commandSets: Set<String>

    package struct USBIdentity: Sendable, Equatable {
        package let vendor: Int
        package let products: [Int]
    }

    /// Reads a profile by its name, or a file by its path.
    /// - Throws: the first thing that is wrong, with file and line.
    package init(_ nameOrPath: String) throws(TypewriterError) {
        try self.init(ProfileFile.read(nameOrPath, .printers))
    }

    init(_ table: ProfileTable) throws(TypewriterError) {
        var table = table
        guard let name = try table.text("name") else { throw table.missing("name") }
        guard let languageName = try table.choice("language", PrinterProfile.Language.allCases.map(\.rawValue)),
            let language = PrinterProfile.Language(rawValue: languageName)
        else { throw table.missing("language") }
        _ = try table.text("source")
        isVerified = try table.flag("verified") ?? false
        var profile = PrinterProfile(name: name, language: language)
        profile.columns = try table.integer("columns", PageSettings.leastWidth...PageSettings.mostColumns)
        profile.pitch = try table.integer("pitch", 5...20) ?? profile.pitch
        profile.columnDots = try table.integer("column_dots", 4...48) ?? profile.columnDots
        profile.blockSize = try table.integer("block_size", 1...4096)
        profile.initialization = (try table.integers("initialize", 0...255) ?? []).map { UInt8($0) }
        for feature in try table.texts("features") ?? [] {
            guard let known = PrinterProfile.Feature(rawValue: feature) else {
                throw table.problem("features", unknown("feature", feature, among: PrinterProfile.Feature.allCases.map(\.rawValue)))
            }
            profile.features.insert(known)
        }
        profile.codePages = try Self.codePages(&table)
        profile.glyphs = try table.text("glyphs").map { Set($0) }
        if let text = try table.text("substitute") {
            guard text.count == 1, let character = text.first else { throw table.problem("substitute", "one character stands for what is missing") }
            profile.substitute = character
        }
        if let aliases = try table.section("alias") { profile.aliases = try Self.aliases(aliases) }
        profile.line = try table.section("serial").map { section throws(TypewriterError) in try SerialLine(section) }
        usb = try table.section("usb").map { section throws(TypewriterError) in try USBIdentity(section) }
        commandSets = Set(try table.texts("command_sets") ?? [])
        try table.refuseUnknown()
        self.profile = profile
    }

    /// `[[code_page]]`, each with `name` and `number`; the first is preferred.
    private static func codePages(_ table: inout ProfileTable) throws(TypewriterError) -> [CodePage] {
        var pages: [CodePage] = []
        for section in try table.sections("code_page") {
            var section = section
            guard let name = try section.text("name") else { throw section.missing("code_page.name") }
            let number = try section.integer("number", 0...255) ?? 0
            do {
                pages.append(try CodePage(name, number: UInt8(number)))
            } catch {
                throw section.problem("name", error.description)
            }
            try section.refuseUnknown()
        }
        return pages
    }

    private static func aliases(_ table: ProfileTable) throws(TypewriterError) -> [Character: String] {
        var (table, aliases) = (table, [Character: String]())
        for key in table.keys {
            guard key.count == 1, let character = key.first else { throw table.problem(key, "an alias is for one character") }
            aliases[character] = try table.text(key)
        }
        return aliases
    }
}

extension PrinterDescription.USBIdentity {
    fileprivate init(_ table: ProfileTable) throws(TypewriterError) {
        var table = table
        guard let vendor = try table.integer("vendor", 0...0xFFFF) else { throw table.missing("usb.vendor") }
        self.vendor = vendor
        products = try table.integers("products", 0...0xFFFF) ?? []
        try table.refuseUnknown()
    }
}

extension SerialLine {
    fileprivate init(_ table: ProfileTable) throws(TypewriterError) {
        var table = table
        self.init()
        baud = try table.integer("baud", 1...4_000_000) ?? baud
        dataBits = try table.integer("data_bits", 5...8) ?? dataBits
        parity = try table.choice("parity", Parity.allCases.map(\.rawValue)).flatMap(Parity.init) ?? parity
        stopBits = try table.integer("stop_bits", 1...2) ?? stopBits
        flow = try table.choice("flow", Flow.allCases.map(\.rawValue)).flatMap(Flow.init) ?? flow
        try table.refuseUnknown()
    }
}
