import CHardware

/// Turns steps into a printer's bytes, and keeps what state the printer is in: style, code page or shift, column.
///
/// A value: where bytes did not arrive, the state before them is still at hand.
struct PrinterLanguage: Sendable {
    let repertoire: Repertoire
    let commands: PrinterCommands
    let canBold: Bool
    let canUnderline: Bool
    /// Draws lines that have something else than the printer's own characters; nil where it cannot.
    let raster: LineRaster?
    private let features: Set<PrinterProfile.Feature>
    private let initialization: [UInt8]
    /// Of a column, in 1/120 inch.
    private let units: UInt8
    private var coder: GlyphCoder
    private var style: Style = []
    /// Where the carriage stands.
    private(set) var column = 0

    init(_ profile: PrinterProfile) {
        let pages = profile.codePages.isEmpty ? [CodePage.ascii] : profile.codePages
        var commands: PrinterCommands = switch profile.language {
        case .plain: .plain
        case .escp: .escp
        case .escpos: .escpos
        case .diablo: .diablo
        case .asr33: .asr33
        case .ita2, .ustty: .plain
        }
        let draws = profile.features.contains(.raster) && commands.image != nil && Canvas.obstacle == nil
        raster = draws ? LineRaster(columnDots: profile.columnDots, columns: profile.columns ?? 0) : nil
        // As many as the longest image has, for one that was cut off.
        if draws { commands.settle = [UInt8](repeating: 0, count: 5 + (profile.columns ?? 80) * profile.columnDots * LineImage.bytesOfColumn) }
        self.commands = commands
        switch profile.language {
        case .ita2: coder = .baudot(BaudotCoder(PL_BAUDOT_ITA2))
        case .ustty: coder = .baudot(BaudotCoder(PL_BAUDOT_USTTY))
        case .asr33: coder = .codePages(CodePageCoder([.model33], select: nil))
        default: coder = .codePages(CodePageCoder(pages, select: commands.selectCodePage))
        }
        features = profile.features
        initialization = profile.initialization
        units = UInt8(clamping: 120 / max(profile.pitch, 1))
        let glyphs = coder.glyphs
        let canOverstrike = features.contains(.backspace)
        repertoire = Repertoire(
            profile.glyphs.map { glyphs.intersection($0) } ?? glyphs, canOverstrike: canOverstrike, draws: draws, aliases: profile.aliases,
            substitute: profile.substitute)
        canBold = features.contains(.bold) && commands.bold != nil || canOverstrike
        canUnderline = features.contains(.underline) && commands.underline != nil || canOverstrike && repertoire.glyphs.contains("_")
    }

    // MARK: States

    /// Puts the printer in a known state.
    /// - Parameter column: Where the carriage is wanted, for a printer that was interrupted; nil for the first time.
    mutating func start(at column: Int?) -> [UInt8] {
        var bytes = commands.initialize + initialization
        coder.reset()
        (style, self.column) = ([], 0)
        guard let column, !commands.typesWholeLines else { return bytes + unshift() }
        bytes += carriageReturn()
        for _ in 0..<column { bytes += self.bytes(for: .cell([" "], [])) }
        return bytes
    }

    /// Puts an end to styles and shifts.
    mutating func rest() -> [UInt8] { change(to: []) }

    /// A teletype begins with letters, whatever it was in.
    private mutating func unshift() -> [UInt8] {
        guard case .baudot(var coder) = coder else { return [] }
        let bytes = coder.carriageReturn()
        self.coder = .baudot(coder)
        return bytes
    }

    private mutating func carriageReturn() -> [UInt8] {
        column = 0
        if case .baudot = coder { return unshift() }
        return commands.carriageReturn
    }

    private mutating func lineEnd() -> [UInt8] {
        column = 0
        guard case .baudot(var coder) = coder else { return commands.carriageReturn + commands.lineFeed }
        let bytes = coder.lineEnd()
        self.coder = .baudot(coder)
        return bytes
    }

    // MARK: Steps

    mutating func bytes(for step: PrinterStep) -> [UInt8] {
        switch step {
        case .cell(let glyphs, let style):
            let bytes = change(to: style) + strike(glyphs, style)
            column += 1
            return bytes
        case .over(let glyph):
            guard column > 0, features.contains(.backspace) else { return [] }
            return commands.backspace + coder.bytes(for: glyph)
        case .image(let image):
            guard let command = commands.image else { return [] }
            let width = UInt16(clamping: image.width)
            return change(to: []) + command + [UInt8(width & 0xFF), UInt8(width >> 8)] + image.bytes
        case .newLine:
            // Off before the carriage returns, where it ends styles anyway, so that a page does not begin with one.
            return change(to: []) + lineEnd()
        case .bell:
            guard case .baudot(var coder) = coder else { return commands.bell }
            let bytes = coder.bellBytes()
            self.coder = .baudot(coder)
            return bytes
        case .back(let columns):
            return goBack(min(columns, column))
        case .tearOff:
            return features.contains(.cut) ? change(to: []) + commands.cut : []
        }
    }

    private mutating func goBack(_ columns: Int) -> [UInt8] {
        guard columns > 0 else { return [] }
        let target = column - columns
        if features.contains(.backspace) {
            column = target
            return [[UInt8]](repeating: commands.backspace, count: columns).flatMap(\.self)
        }
        // To the line's beginning, and right again. What only prints whole lines cannot.
        guard !commands.typesWholeLines else { return [] }
        var bytes = change(to: []) + carriageReturn()
        for _ in 0..<target { bytes += self.bytes(for: .cell([" "], [])) }
        return bytes
    }

    private mutating func strike(_ glyphs: [Character], _ style: Style) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, glyph) in glyphs.enumerated() { bytes += (index > 0 ? commands.backspace : []) + coder.bytes(for: glyph) }
        guard features.contains(.backspace) else { return bytes }
        if style.contains(.bold), !hasCommand(.bold), glyphs != [" "] { bytes += again(glyphs) }
        if style.contains(.underline), !hasCommand(.underline), repertoire.glyphs.contains("_") {
            bytes += commands.backspace + coder.bytes(for: "_")
        }
        return bytes
    }

    /// Strikes a second time, for bold: by the printer's smallest step to the right, where it has one.
    private mutating func again(_ glyphs: [Character]) -> [UInt8] {
        let shadow = glyphs.flatMap { coder.bytes(for: $0) }
        guard features.contains(.microspace), glyphs.count == 1, let width = commands.columnWidth, units > 1 else {
            return glyphs.flatMap { commands.backspace + coder.bytes(for: $0) }
        }
        // A narrower column is a shorter way back; the last unit is taken back behind the second strike.
        return width + [units] + commands.backspace + width + [units + 1] + shadow + commands.backUnit
    }

    // MARK: Styles

    private func hasCommand(_ feature: PrinterProfile.Feature) -> Bool {
        switch feature {
        case .bold: features.contains(.bold) && commands.bold != nil
        case .underline: features.contains(.underline) && commands.underline != nil
        default: false
        }
    }

    private mutating func change(to wanted: Style) -> [UInt8] {
        var bytes: [UInt8] = []
        if hasCommand(.bold), let bold = commands.bold, style.contains(.bold) != wanted.contains(.bold) {
            bytes += wanted.contains(.bold) ? bold.on : bold.off
        }
        if hasCommand(.underline), let underline = commands.underline, style.contains(.underline) != wanted.contains(.underline) {
            bytes += wanted.contains(.underline) ? underline.on : underline.off
        }
        style = wanted
        return bytes
    }
}

extension PaperCapabilities {
    /// Of a printer, whether or not it is there.
    public init(_ profile: PrinterProfile) { self.init(profile, PrinterLanguage(profile)) }

    init(_ profile: PrinterProfile, _ language: PrinterLanguage) {
        self.init(columns: profile.columns, bold: language.canBold, underline: language.canUnderline, repertoire: language.repertoire)
    }
}

extension CodePage {
    /// ASCII of 1963, as Teletype's Model 33 types it: capitals, and arrows where later there are a circumflex and a low line.
    fileprivate static let model33 = CodePage(
        name: "ASCII-1963",
        bytes: Dictionary(uniqueKeysWithValues: (0x20..<0x5E as Range<UInt8>).map { (Character(Unicode.Scalar($0)), $0) } + [("↑", 0x5E), ("←", 0x5F)]))
}
