/// Markdown for a typewriter, line by line as it arrives: headings in capitals or underlined, lists with a hanging
/// indent, quotations and code indented, rules as a row of hyphens.
///
/// Of CommonMark this leaves out what would need ink to be taken back (headings underlined on the next line), and keeps
/// line ends as they are: what a model breaks into lines (a poem, an address) it means. A line's leading white space is
/// its indent. Blank lines in a row become one, and those at the beginning and the end none.
struct Markdown: Sendable {
    private enum State { case lineStart, textStart, line, fenceInfo, codeStart, code }

    private var state = State.lineStart
    private var inline = InlineMarkdown()
    /// Depth of quotation of this line.
    private var quotes = 0
    /// Columns of leading white space.
    private var lead = 0
    /// The line's first characters while they may be the marker of a block.
    private var marker: [Unicode.Scalar] = []
    private var title: Unicode.Scalar?
    private var fence = Fence(character: "`", length: 3, lead: 0, quotes: 0)
    private var hasText = false
    private var blankLinePending = false

    private struct Fence {
        let character: Unicode.Scalar
        let length: Int
        let lead: Int
        let quotes: Int
    }

    /// Columns that a quotation and a block of code are indented by.
    private static let quoteIndent = 4
    /// A marker longer than this is text.
    private static let longestMarker = 200

    mutating func put(_ scalar: Unicode.Scalar, into output: inout [Markup]) {
        switch state {
        case .lineStart: lineStart(scalar, &output)
        case .textStart where scalar == " " || scalar == "\t": break
        case .textStart, .line:
            state = .line
            scalar == "\n" ? endLine(&output) : inline.put(scalar, into: &output)
        case .fenceInfo: fenceInfo(scalar, &output)
        case .codeStart: codeStart(scalar, &output)
        case .code: code(scalar, &output)
        }
    }

    /// The text is complete.
    mutating func finish(into output: inout [Markup]) {
        let isMarker = state == .lineStart && !marker.isEmpty || state == .codeStart && !marker.isEmpty
        if isMarker || state == .line || state == .textStart {
            put("\n", into: &output)
            if output.last == .newLine { output.removeLast() }
        }
        self = Markdown()
    }

    // MARK: The beginning of a line

    private mutating func lineStart(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        guard marker.isEmpty else { return continueMarker(scalar, &output) }
        switch scalar {
        case " ": lead = min(lead + 1, Self.longestMarker)
        case "\t": lead = min((lead / 4 + 1) * 4, Self.longestMarker)
        case "\n":
            blankLinePending = true
            nextLine()
        case ">":
            quotes = min(quotes + 1, 16)
            lead = -1  // The space behind it belongs to it.
        case "#", "-", "*", "_", "+", "`", "~", "0"..."9": marker = [scalar]
        default:
            beginParagraph(&output)
            inline.put(scalar, into: &output)
        }
    }

    private mutating func continueMarker(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        guard let first = marker.first, marker.count < Self.longestMarker else { return literal(scalar, &output) }
        let isSpace = scalar == " " || scalar == "\t"
        switch first {
        case "#" where scalar == "#" && marker.count < 6: marker.append(scalar)
        case "#" where isSpace: beginTitle(level: marker.count, &output)
        case "+" where isSpace: beginItem("+", &output)  // As a hyphen it would change a sum.
        case "-", "*", "_": continueRow(scalar, &output)
        case "`", "~": continueFence(scalar, &output)
        case "0"..."9":
            let isDelimited = marker.last == "." || marker.last == ")"
            switch scalar {
            case "0"..."9" where !isDelimited && marker.count < 9: marker.append(scalar)
            case "." where !isDelimited, ")" where !isDelimited: marker.append(scalar)
            case _ where isSpace && isDelimited: beginItem(String(String.UnicodeScalarView(marker)), &output)
            default: literal(scalar, &output)
            }
        default: literal(scalar, &output)
        }
    }

    /// `-`, `*` or `_`: an item of a list, a rule, or emphasis.
    private mutating func continueRow(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        let first = marker[0]
        let isItem = first != "_" && (marker.count == 1 || marker[1] == " ")
        switch scalar {
        case first, " ": marker.append(scalar)
        case "\n" where marker.count(where: { $0 == first }) >= 3:
            beginBlock(&output)
            output.append(.rule("-"))
            endLine(&output)
        case "\n" where isItem, "\t" where isItem, _ where isItem && marker.count > 1:
            let rest = marker.dropFirst(2)
            beginItem("-", &output)
            for character in rest { put(character, into: &output) }
            put(scalar, into: &output)
        default: literal(scalar, &output)
        }
    }

    /// What looked like a marker is text.
    private mutating func literal(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        let text = marker
        beginParagraph(&output)
        for character in text { inline.put(character, into: &output) }
        put(scalar, into: &output)
    }

    // MARK: Blocks

    private var indent: Int { quotes * Self.quoteIndent + max(0, lead) }

    private mutating func beginBlock(_ output: inout [Markup]) {
        if blankLinePending, hasText { output.append(.newLine) }
        (blankLinePending, hasText) = (false, true)
        marker = []
    }

    private mutating func beginParagraph(_ output: inout [Markup]) {
        beginBlock(&output)
        if indent > 0 { output.append(.indent(first: indent, hanging: indent)) }
        state = .line
    }

    private mutating func beginTitle(level: Int, _ output: inout [Markup]) {
        beginParagraph(&output)
        state = .textStart
        inline.isCapital = level == 1
        inline.style = level <= 2 ? .underline : .bold
        title = level == 1 ? "=" : level == 2 ? "-" : nil
    }

    private mutating func beginItem(_ label: String, _ output: inout [Markup]) {
        beginBlock(&output)
        let hanging = indent + label.unicodeScalars.count + 1
        output.append(.indent(first: indent, hanging: hanging))
        for scalar in (label + " ").unicodeScalars { output.append(.character(scalar, [], isVerbatim: true)) }
        output.append(.indent(first: hanging, hanging: hanging))
        state = .textStart
    }

    private mutating func endLine(_ output: inout [Markup]) {
        inline.finish(into: &output)
        if let title { output.append(.underlineTitle(title)) }
        output.append(.newLine)
        nextLine()
    }

    private mutating func nextLine() {
        state = .lineStart
        (lead, quotes, marker, title) = (0, 0, [], nil)
    }

    // MARK: Code

    private mutating func continueFence(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        if scalar == marker[0] {
            marker.append(scalar)
        } else if marker.count < 3 {
            literal(scalar, &output)
        } else {
            fence = Fence(character: marker[0], length: marker.count, lead: max(0, lead), quotes: quotes)
            state = .fenceInfo
            fenceInfo(scalar, &output)
        }
    }

    /// Behind the opening fence: the language's name, which is not typed.
    private mutating func fenceInfo(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        if scalar == "\n" {
            (state, marker, lead) = (.codeStart, [], 0)
        } else if scalar == "`" && fence.character == "`" || marker.count >= Self.longestMarker {
            literal(scalar, &output)  // It was code within a line.
        } else {
            marker.append(scalar)
        }
    }

    /// The beginning of a line of code, or the closing fence.
    private mutating func codeStart(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        switch scalar {
        case " " where marker.isEmpty && lead < Self.longestMarker: lead += 1
        case ">" where marker.isEmpty && quotes < fence.quotes:
            quotes += 1
            lead = -1
        case fence.character where marker.count < Self.longestMarker: marker.append(scalar)
        case "\n" where marker.count >= fence.length: nextLine()
        case "\n" where marker.isEmpty:
            if hasText { output.append(.newLine) }
            (lead, quotes) = (0, 0)
        default:
            let (text, spaces) = (marker, max(0, lead - fence.lead))
            (quotes, lead) = (fence.quotes, fence.lead)
            beginBlock(&output)
            let first = indent + Self.quoteIndent
            output.append(.indent(first: first + spaces, hanging: first + spaces))
            state = .code
            for character in text { code(character, &output) }
            code(scalar, &output)
        }
    }

    private mutating func code(_ scalar: Unicode.Scalar, _ output: inout [Markup]) {
        if scalar == "\n" {
            output.append(.newLine)
            (state, lead, quotes, marker) = (.codeStart, 0, 0, [])
        } else {
            output.append(.character(scalar, [], isVerbatim: true))
        }
    }
}
