import CHardware

/// Turns glyphs into a printer's bytes, and knows which code page or shift the printer is in.
enum GlyphCoder: Sendable {
    case codePages(CodePageCoder)
    case baudot(BaudotCoder)

    /// What can be turned into bytes.
    var glyphs: Set<Character> {
        switch self {
        case .codePages(let coder): coder.glyphs
        case .baudot(let coder): coder.glyphs
        }
    }

    mutating func bytes(for glyph: Character) -> [UInt8] {
        switch self {
        case .codePages(var coder):
            defer { self = .codePages(coder) }
            return coder.bytes(for: glyph)
        case .baudot(var coder):
            defer { self = .baudot(coder) }
            return coder.bytes(for: glyph)
        }
    }

    /// The printer was initialized: what it is in is known no more.
    mutating func reset() {
        switch self {
        case .codePages(var coder):
            coder.current = nil
            self = .codePages(coder)
        case .baudot(var coder):
            coder.shift = nil
            self = .baudot(coder)
        }
    }
}

/// Bytes of code pages; a page is selected only when another one was.
struct CodePageCoder: Sendable {
    private let pages: [CodePage]
    /// Before a page's number; nil where the printer has but one.
    private let select: [UInt8]?
    fileprivate(set) var current: Int?

    init(_ pages: [CodePage], select: [UInt8]?) {
        self.pages = select == nil ? Array(pages.prefix(1)) : pages
        self.select = select
    }

    var glyphs: Set<Character> { Set(pages.flatMap(\.bytes.keys)) }

    mutating func bytes(for glyph: Character) -> [UInt8] {
        if let current, let byte = pages[current].bytes[glyph] { return [byte] }
        // ASCII is the same in all of them.
        if current == nil, let ascii = glyph.asciiValue, pages.allSatisfy({ $0.bytes[glyph] == ascii }) { return [ascii] }
        guard let index = pages.firstIndex(where: { $0.bytes[glyph] != nil }), let byte = pages[index].bytes[glyph] else { return [] }
        current = index
        return (select.map { $0 + [pages[index].number] } ?? []) + [byte]
    }
}

/// Five bits, and two shifts.
struct BaudotCoder: Sendable {
    enum Shift: Sendable { case letters, figures }

    private let codes: [Character: (code: UInt8, shift: Shift)]
    /// Nil when it is not known, at the start and after a space: some teletypes unshift on it, and some do not.
    fileprivate(set) var shift: Shift?

    init(_ alphabet: pl_baudot_alphabet) {
        var codes: [Character: (code: UInt8, shift: Shift)] = [:]
        for code in 0..<UInt8(32) {
            for (shift, isFigure) in [(Shift.figures, true), (Shift.letters, false)] {
                let character = pl_baudot_character(alphabet, code, isFigure)
                guard 0x20 < character, character < 0x7F else { continue }
                codes[Character(Unicode.Scalar(character))] = (code, shift)
            }
        }
        self.codes = codes
        bell = alphabet == PL_BAUDOT_USTTY ? 0x05 : 0x0B  // On S, and on J.
    }

    private let bell: UInt8

    var glyphs: Set<Character> { Set(codes.keys).union([" "]) }

    mutating func bytes(for glyph: Character) -> [UInt8] {
        if glyph == " " {
            if shift == .figures { shift = nil }
            return [UInt8(PL_BAUDOT_SPACE)]
        }
        guard let (code, shift) = codes[glyph] else { return [] }
        return select(shift) + [code]
    }

    mutating func bellBytes() -> [UInt8] { select(.figures) + [bell] }

    /// Behind the carriage return: two LTRS give it time, and unshift.
    mutating func lineEnd() -> [UInt8] {
        shift = .letters
        return [UInt8(PL_BAUDOT_RETURN), UInt8(PL_BAUDOT_LETTERS), UInt8(PL_BAUDOT_LETTERS), UInt8(PL_BAUDOT_LINE_FEED)]
    }

    /// Back to the line's beginning without a new line.
    mutating func carriageReturn() -> [UInt8] {
        shift = .letters
        return [UInt8(PL_BAUDOT_RETURN), UInt8(PL_BAUDOT_LETTERS), UInt8(PL_BAUDOT_LETTERS)]
    }

    private mutating func select(_ wanted: Shift) -> [UInt8] {
        guard shift != wanted else { return [] }
        shift = wanted
        return [UInt8(wanted == .letters ? PL_BAUDOT_LETTERS : PL_BAUDOT_FIGURES)]
    }
}
