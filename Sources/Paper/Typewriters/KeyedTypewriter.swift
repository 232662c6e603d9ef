/// An electronic typewriter that is typed on through its own keyboard, as if by fingers.
///
/// It says nothing back: where its carriage stands and what is locked is known by having typed it all.
public final class KeyedTypewriter: PaperDevice {
    public let capabilities: PaperCapabilities
    private let keys: TypewriterKeys
    private let repertoire: Repertoire
    // Touched by the printing thread alone.
    nonisolated(unsafe) private var typist: Typist
    nonisolated(unsafe) private var column = 0
    nonisolated(unsafe) private var isStarted = false

    /// - Parameter columns: of the carriage.
    public init(
        _ keys: TypewriterKeys, _ timing: TypewriterTiming, columns: Int, presser: any KeyPresser, clock: any PrintClock = SystemPrintClock()
    ) throws(PaperError) {
        self.keys = keys
        repertoire = keys.repertoire
        typist = try Typist(keys, timing, presser, clock)
        capabilities = PaperCapabilities(keys, columns: columns)
    }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        if !isStarted {
            try typist.start()
            isStarted = true
        }
        let isPrinted = try type(strikes, stop)
        try typist.rest()
        return isPrinted
    }

    private func type(_ strikes: [Strike], _ stop: StopSignal) throws(PaperError) -> Bool {
        for strike in strikes {
            switch strike {
            case .text(let text, let style):
                for character in text {
                    guard typist.isReady(stop) else { return false }
                    try type(character, style)
                }
            case .newLine:
                guard typist.isReady(stop) else { return false }
                try typist.returnCarriage(from: column)
                column = 0
            case .back(let columns):
                guard let backspace = keys.backspace else { continue }
                for _ in 0..<min(columns, column) {
                    try typist.press(backspace)
                    column -= 1
                }
            case .bell, .erase, .lineUp, .tearOff:
                break // It has no bell that a key rings, and cannot take ink back.
            }
        }
        return !stop.isRaised
    }

    /// Types a character, glyph by glyph on the same place where it needs several, and stops nowhere between.
    private func type(_ character: Character, _ style: Style) throws(PaperError) {
        let isBold = style.contains(.bold) && capabilities.bold
        try typist.setBold(isBold && keys.bold != nil)
        for cell in repertoire.rendering(of: character).cells {
            var glyphs = cell
            if isBold, keys.bold == nil, cell != [" "] { glyphs += cell }
            if style.contains(.underline), capabilities.underline { glyphs.append("_") }
            for (index, glyph) in glyphs.enumerated() {
                if index > 0, let backspace = keys.backspace { try typist.press(backspace) }
                if glyph == " " {
                    try typist.press(keys.space)
                } else if let stroke = keys.strokes[glyph] {
                    try typist.type(stroke)
                }
            }
            column += 1
        }
    }
}

extension PaperCapabilities {
    /// Of a typewriter, whether or not it is there.
    public init(_ keys: TypewriterKeys, columns: Int) {
        let canOverstrike = keys.backspace != nil
        self.init(
            columns: columns, bold: keys.bold != nil || canOverstrike, underline: canOverstrike && keys.strokes["_"] != nil,
            repertoire: keys.repertoire)
    }
}
