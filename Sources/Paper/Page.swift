/// The sheet in the machine: text comes in, in pieces of any size, and strikes for the device come out.
///
/// A typewriter cannot take ink back, so of what is written at most one word (or one marked phrase of markdown) is
/// held back until it is known where it goes; `flush` ends a text. What is typed appears at once.
/// However a text is cut into pieces, the page comes out the same.
public struct Page: Sendable {
    private(set) var settings: PageSettings
    let device: PaperCapabilities
    var filler: LineFiller
    var renderer: CharacterRenderer
    private var filter = TextFilter()
    private var markdown = Markdown()
    private var markup: [Markup] = []
    /// What was typed since the carriage was last moved by something else.
    var typed: [TypedScalar] = []
    var typedFilter = TextFilter()

    /// - Throws: a line that names the setting which cannot be.
    public init(_ settings: PageSettings = PageSettings(), for device: PaperCapabilities) throws(PaperError) {
        let width = try settings.textWidth(on: device)
        self.settings = settings
        self.device = device
        filler = LineFiller(settings, width: width)
        renderer = CharacterRenderer(device.repertoire)
    }

    /// Takes other settings, if the carriage stands at a line's beginning.
    /// - Returns: whether it did.
    /// - Throws: a line that names the setting which cannot be; then the old ones stay.
    public mutating func change(_ settings: PageSettings) throws(PaperError) -> Bool {
        let width = try settings.textWidth(on: device)
        guard filler.change(settings, width: width) else { return false }
        self.settings = settings
        return true
    }

    /// Columns between the margins.
    public var width: Int { filler.width }
    /// Where the next letter goes, counted from the left margin.
    public var column: Int { filler.column }
    /// Lines ended so far.
    public var line: Int { filler.line }

    /// Lays out a piece of an answer.
    public mutating func write(_ text: String) -> [Strike] {
        typed = []
        for scalar in text.unicodeScalars {
            guard let scalar = filter.filter(scalar) else { continue }
            if settings.markdown {
                markdown.put(scalar, into: &markup)
                layOut()
            } else if scalar == "\n" {
                filler.newLine()
            } else {
                put(scalar, [])
            }
        }
        return filler.take()
    }

    /// The text ends here: types what was held back. The carriage stays behind the last letter.
    public mutating func flush() -> [Strike] {
        endText()
        return filler.take()
    }

    /// Ends the text and the line, whether or not there is anything on it.
    public mutating func newLine() -> [Strike] {
        endText()
        filler.newLine()
        return filler.take()
    }

    /// Ends the text, and the line if there is anything on it.
    public mutating func startLine() -> [Strike] {
        endText()
        if filler.column > 0 { filler.newLine() }
        return filler.take()
    }

    /// The text is stopped, and the device printed all it got: forgets what was held back.
    public mutating func discard() {
        (markdown, filter, markup) = (Markdown(), TextFilter(), [])
        filler.discard()
    }

    /// The text is stopped, and the device dropped strikes: forgets what was held back, and begins a line, because
    /// where the carriage stands is not known.
    public mutating func stopped() -> [Strike] {
        discard()
        typed = []
        filler.newLine()
        return filler.take()
    }

    public mutating func bell() -> [Strike] { [.bell] }

    /// What was typed as something else since this was asked last, because the device lacks it.
    public mutating func takeSubstitutions() -> Substitutions { renderer.takeSubstitutions() }

    mutating func endText() {
        markdown.finish(into: &markup)
        layOut()
        filler.flush()
        (filter, typed) = (TextFilter(), [])
    }

    private mutating func layOut() {
        for item in markup {
            switch item {
            case .character(let scalar, let style, let isVerbatim): put(scalar, style, isVerbatim: isVerbatim)
            case .newLine: filler.newLine()
            case .indent(let first, let hanging): filler.indent(first: first, hanging: hanging)
            case .rule(let scalar): row(of: scalar, columns: width - filler.column)
            case .underlineTitle(let scalar):
                filler.endWord()
                let columns = filler.column
                guard !device.underline, columns > 0 else { break }
                filler.newLine()
                row(of: scalar, columns: columns)
            }
        }
        markup.removeAll(keepingCapacity: true)
    }

    private mutating func put(_ scalar: Unicode.Scalar, _ style: Style, isVerbatim: Bool = false) {
        renderer.render(scalar) { filler.put($0, style, isVerbatim: isVerbatim) }
    }

    private mutating func row(of scalar: Unicode.Scalar, columns: Int) {
        let isTyped = device.repertoire?.glyphs.contains(Character(scalar)) ?? true
        let scalar: Unicode.Scalar = isTyped ? scalar : "-"
        for _ in 0..<max(0, columns) { filler.put(scalar, [], isVerbatim: true) }
    }
}
