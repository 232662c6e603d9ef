/// A marked phrase of a line of markdown, from its opening marker to its closing one.
struct Phrase {
    enum Content {
        case plain(ArraySlice<Unicode.Scalar>)
        case code(ArraySlice<Unicode.Scalar>)
        case emphasis(ArraySlice<Unicode.Scalar>, Style)
        case link(ArraySlice<Unicode.Scalar>, address: ArraySlice<Unicode.Scalar>)
    }

    enum Reading {
        case phrase(Phrase)
        /// The marker, of so many scalars, marks nothing.
        case literal(Int)
        case undecided
    }

    let content: Content
    /// Scalars of the source, markers included.
    let length: Int
    /// The last of them.
    let last: Unicode.Scalar

    typealias Text = ArraySlice<Unicode.Scalar>

    /// What the marker at the text's beginning marks.
    /// - Parameters:
    ///   - previous: what stands before it, nil at the line's beginning.
    ///   - isLineComplete: no more will follow.
    static func read(_ text: Text, after previous: Unicode.Scalar?, isLineComplete: Bool) -> Reading {
        let reading: Reading =
            switch text.first {
            case "\\": escape(text)
            case "`": code(text, isLineComplete)
            case "*", "_": emphasis(text, previous, isLineComplete)
            case "[": link(text, marker: 1)
            case "!": text.dropFirst().first == "[" ? link(text, marker: 2) : text.count > 1 ? .literal(1) : .undecided
            default: .literal(1)
            }
        if case .undecided = reading, isLineComplete { return .literal(run(text)) }
        return reading
    }

    private static func phrase(_ content: Content, in text: Text, upTo end: Int) -> Reading {
        .phrase(Phrase(content: content, length: end - text.startIndex, last: text[end - 1]))
    }

    /// How many of the first scalar stand there in a row.
    private static func run(_ text: Text) -> Int { text.prefix { $0 == text.first }.count }

    private static func escape(_ text: Text) -> Reading {
        guard let second = text.dropFirst().first else { return .undecided }
        guard second.isASCII, second.properties.generalCategory.isPunctuationOrSymbol else { return .literal(1) }
        return phrase(.plain(text.dropFirst().prefix(1)), in: text, upTo: text.startIndex + 2)
    }

    private static func code(_ text: Text, _ isLineComplete: Bool) -> Reading {
        let count = run(text)
        guard let end = endOfCode(text, isLineComplete) else { return .undecided }
        var content = text[(text.startIndex + count)..<(end - count)]
        if content.count > 2, content.first == " ", content.last == " ", content.contains(where: { $0 != " " }) {
            content = content.dropFirst().dropLast()
        }
        return phrase(.code(content), in: text, upTo: end)
    }

    /// The index behind a code span: a run of as many backticks as at its beginning.
    private static func endOfCode(_ text: Text, _ isLineComplete: Bool) -> Int? {
        let count = run(text)
        var index = text.startIndex + count
        while index < text.endIndex {
            guard text[index] == "`" else {
                index += 1
                continue
            }
            let length = run(text[index...])
            index += length
            if index == text.endIndex, !isLineComplete { return nil }
            if length == count { return index }
        }
        return nil
    }

    private static func emphasis(_ text: Text, _ previous: Unicode.Scalar?, _ isLineComplete: Bool) -> Reading {
        let (marker, count) = (text[text.startIndex], run(text))
        if let previous, previous.bindsToMarker { return .literal(count) }
        guard count <= 3 else { return .literal(count) }
        let start = text.startIndex + count
        guard start < text.endIndex else { return .undecided }
        guard !text[start].properties.isWhitespace else { return .literal(count) }
        var index = start
        while index < text.endIndex {
            switch text[index] {
            case "\\": index += 2
            case "`": index = endOfCode(text[index...], isLineComplete) ?? index + run(text[index...])
            case marker:
                let length = run(text[index...])
                let end = index + length
                if end == text.endIndex, !isLineComplete { return .undecided }
                let closes = !text[index - 1].properties.isWhitespace && (end == text.endIndex || !text[end].bindsToMarker)
                if length == count, closes {
                    return phrase(.emphasis(text[start..<index], style(count)), in: text, upTo: end)
                }
                index = end
            default: index += 1
            }
        }
        return .undecided
    }

    /// `*` is emphasis, which a typewriter underlines; `**` is strong, which it strikes twice.
    private static func style(_ count: Int) -> Style {
        switch count {
        case 1: .underline
        case 2: .bold
        default: [.bold, .underline]
        }
    }

    private static func link(_ text: Text, marker: Int) -> Reading {
        let start = text.startIndex + marker
        guard let close = text[start...].firstIndex(of: "]") else { return .undecided }
        guard close + 1 < text.endIndex else { return .undecided }
        guard text[close + 1] == "(", close > start else { return .literal(marker) }
        var depth = 1
        for index in (close + 2)..<text.endIndex {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case _ where text[index].properties.isWhitespace: return .literal(marker)
            default: break
            }
            if depth == 0 {
                return phrase(.link(text[start..<close], address: text[(close + 2)..<index]), in: text, upTo: index + 1)
            }
        }
        return .undecided
    }
}

extension Unicode.Scalar {
    /// A letter or digit on a marker's outer side makes it none; ideographs, which have no spaces around them, do not.
    fileprivate var bindsToMarker: Bool { isLetterOrDigit && columnWidth < 2 }
}

extension Unicode.GeneralCategory {
    fileprivate var isPunctuationOrSymbol: Bool {
        switch self {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
