/// Markdown within a line: emphasis, code, links, escapes, by CommonMark's rules cut down to what a typewriter needs.
///
/// A marker is held back until its partner comes, the line ends, or the phrase gets too long; without a partner it is
/// typed as it is. Emphasis beside letters on the outer side (`2*3*4`, `snake_case`) is none.
struct InlineMarkdown: Sendable {
    /// Style of the whole line: a heading's.
    var style: Style = []
    var isCapital = false
    /// From a marker on, what is not decided yet.
    private var held: [Unicode.Scalar] = []
    /// The last character that was let go.
    private var previous: Unicode.Scalar?

    /// Scalars that a marker is held for.
    static let longestPhrase = 240

    mutating func put(_ scalar: Unicode.Scalar, into output: inout [Markup]) {
        if held.isEmpty, !Self.isMarker(scalar) {
            emit(scalar, style, &output)
        } else {
            held.append(scalar)
            resolve(isLineComplete: false, &output)
        }
    }

    /// The line ends here.
    mutating func finish(into output: inout [Markup]) {
        resolve(isLineComplete: true, &output)
        self = InlineMarkdown()
    }

    private static func isMarker(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "*", "_", "`", "[", "!", "\\": true
        default: false
        }
    }

    private mutating func resolve(isLineComplete: Bool, _ output: inout [Markup]) {
        var position = 0
        while position < held.count {
            guard Self.isMarker(held[position]) else {
                emit(held[position], style, &output)
                position += 1
                continue
            }
            let rest = held[position...]
            switch Phrase.read(rest, after: previous, isLineComplete: isLineComplete) {
            case .phrase(let phrase):
                emit(phrase, style, &output)
                position += phrase.length
            case .undecided where rest.count <= Self.longestPhrase:
                held.removeFirst(position)
                return
            case .undecided:
                emitLiteral(run(at: position), &output, &position)
            case .literal(let count):
                emitLiteral(count, &output, &position)
            }
        }
        held.removeAll(keepingCapacity: true)
    }

    private func run(at position: Int) -> Int {
        held[position...].prefix { $0 == held[position] }.count
    }

    private mutating func emitLiteral(_ count: Int, _ output: inout [Markup], _ position: inout Int) {
        for scalar in held[position..<position + count] { emit(scalar, style, &output) }
        position += count
    }

    private mutating func emit(_ phrase: Phrase, _ style: Style, _ output: inout [Markup]) {
        switch phrase.content {
        case .plain(let text): for scalar in text { emit(scalar, style, &output) }
        case .code(let text): for scalar in text { emit(scalar, style, isVerbatim: true, &output) }
        case .emphasis(let text, let added): emitNested(text, style.union(added), &output)
        case .link(let text, let address):
            if !text.elementsEqual(address) {
                emitNested(text, style, &output)
                guard !address.isEmpty else { break }
                for scalar in " (".unicodeScalars { emit(scalar, style, &output) }
            }
            for scalar in address { emit(scalar, style, isVerbatim: true, &output) }
            if !text.elementsEqual(address) { emit(")", style, &output) }
        }
        // What stood there in the text counts for what may follow, not what was typed.
        previous = phrase.last
    }

    /// Markdown inside markdown. Each level is shorter than the one around it.
    private mutating func emitNested(_ text: ArraySlice<Unicode.Scalar>, _ style: Style, _ output: inout [Markup]) {
        var inner = InlineMarkdown()
        inner.style = style
        inner.isCapital = isCapital
        inner.held = Array(text)
        inner.resolve(isLineComplete: true, &output)
    }

    private mutating func emit(
        _ scalar: Unicode.Scalar, _ style: Style, isVerbatim: Bool = false, _ output: inout [Markup]
    ) {
        if isCapital, !isVerbatim {
            for capital in scalar.properties.uppercaseMapping.unicodeScalars {
                output.append(.character(capital, style, isVerbatim: false))
            }
        } else {
            output.append(.character(scalar, style, isVerbatim: isVerbatim))
        }
        previous = scalar
    }
}
