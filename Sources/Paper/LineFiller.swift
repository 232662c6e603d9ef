/// Fills lines with words: the typewriter's carriage, margins and tab stops, and the one word that is held back.
///
/// Far from the margin a word is typed letter by letter, for somebody waits for it; near the margin it is held back until it is
/// known on which line it goes.
///
/// Everything happens scalar by scalar and depends on the text alone, so pieces of any size give the same page.
struct LineFiller: Sendable {
    private(set) var width: Int
    private(set) var leftMargin: Int
    private var tabWidth: Int
    private var hyphenates: Bool

    /// Where the next letter goes, counted from the left margin. Blank columns are struck only when a letter follows.
    private(set) var column = 0
    private(set) var line = 0
    /// Column where continued lines of this paragraph begin.
    private var hanging = 0
    /// Where the carriage stands, counted from the paper's edge.
    private var carriage = 0
    /// Spaces that came behind the last word.
    private var spaces = 0
    private var spaceStyle: Style = []
    private var word: [Cell] = []
    private var wordWidth = 0
    /// Decided when a word is first broken, for all of it.
    private var isAddress: Bool?
    /// The word's first letters are on paper: it cannot go to the next line as a whole.
    private var isBegun = false
    private var strikes: [Strike] = []

    init(_ settings: PageSettings, width: Int) {
        self.width = width
        leftMargin = settings.leftMargin
        tabWidth = settings.tabWidth
        hyphenates = settings.hyphenates
    }

    /// Takes other settings at a line's beginning; false elsewhere.
    mutating func change(_ settings: PageSettings, width: Int) -> Bool {
        guard column == 0, carriage == 0, word.isEmpty, spaces == 0 else { return false }
        (self.width, leftMargin, tabWidth, hyphenates) = (width, settings.leftMargin, settings.tabWidth, settings.hyphenates)
        return true
    }

    /// The strikes so far.
    mutating func take() -> [Strike] {
        defer { strikes = [] }
        return strikes
    }

    // MARK: Text

    mutating func put(_ scalar: Unicode.Scalar, _ style: Style, isVerbatim: Bool = false) {
        switch scalar {
        case " ", "\u{3000}":
            endWord()
            put(spaces: scalar.columnWidth, style)
        case "\t":
            endWord()
            put(spaces: tabWidth - (column + spaces) % tabWidth, [])
        default:
            if scalar.columnWidth == 0, let last = word.indices.last {
                word[last].add(mark: scalar)
                return
            }
            if let last = word.last, IdeographBreaks.allows(after: last, before: scalar) { endWord() }
            let cell = Cell(scalar, style, isVerbatim: isVerbatim)
            word.append(cell)
            wordWidth += cell.width
            begin()
            if isOverlong { fill(isWordComplete: false) }
        }
    }

    /// The word is complete: types it, here or on the next line.
    mutating func endWord() {
        fill(isWordComplete: true)
        (isAddress, isBegun) = (nil, false)
    }

    /// The text is complete: types what is held back, with the spaces behind it that fit.
    mutating func flush() {
        endWord()
        let blank = min(spaces, width - column)
        spaces = 0
        guard blank > 0 else { return }
        column += blank
        moveCarriage(spaceStyle)
    }

    mutating func newLine() {
        endWord()
        returnCarriage()
        hanging = 0
        column = 0
    }

    /// The paragraph that begins here starts at `first`, and its continued lines at `hanging`.
    /// At most half the line, so that there is room for text.
    mutating func indent(first: Int, hanging: Int) {
        endWord()
        if column < min(first, width / 2) { (column, spaces) = (min(first, width / 2), 0) }
        self.hanging = min(hanging, width / 2)
    }

    /// What is held back is forgotten.
    mutating func discard() {
        word = []
        (wordWidth, spaces, isAddress, isBegun) = (0, 0, nil, false)
    }

    private mutating func put(spaces count: Int, _ style: Style) {
        if spaces == 0 { spaceStyle = style }
        // More blank than a line is a new line anyway.
        spaces = min(spaces + count, width)
    }

    // MARK: Words

    /// Columns left on the line.
    private var room: Int { width - column - spaces }

    /// More of the word is known than its first line and a cut in it need.
    private var isOverlong: Bool { wordWidth > (isBegun ? room : width) + Hyphenation.lookahead }

    /// With so many columns before the margin a word is begun at once: hardly any is longer.
    private static let roomToBegin = 24
    /// So many are left for a good place to break, should the word be longer after all.
    private static let roomToBreak = 12

    /// Types of the word in the making all but its last cell, which may still get an accent.
    private mutating func begin() {
        if !isBegun {
            guard room >= Self.roomToBegin, let first = word.first, !first.isVerbatim, !mayBecomeAddress else { return }
            isBegun = true
        }
        guard word.count > 1, let last = word.last, room - (wordWidth - last.width) >= Self.roomToBreak else { return }
        strike(word.count - 1)
    }

    /// An address is long, and better whole on the next line.
    private var mayBecomeAddress: Bool {
        let text = word.map(\.text).joined()
        return ["http", "www.", "/"].contains { text.hasPrefix($0) || $0.hasPrefix(text) }
    }

    private mutating func fill(isWordComplete: Bool) {
        while !word.isEmpty, isWordComplete || isOverlong {
            let room = room
            if wordWidth <= room {
                strike(word.count)
            } else if isBreakable, let joint = Hyphenation.joint(in: word[...], room: room) {
                strike(joint)
                continueLine()
            } else if wordWidth <= width - hanging, !isBegun {
                startOver()
            } else {
                breakWord(room: room)
            }
        }
    }

    /// Whether the word's own hyphens and slashes are places to break: not in addresses, and not in code.
    private var isBreakable: Bool { !(isAddress ?? looksLikeAddress) }

    private var looksLikeAddress: Bool {
        let text = word.map(\.text).joined()
        return text.contains("://") || text.hasPrefix("www.") || text.hasPrefix("/")
    }

    /// No line can hold the word, or it is begun on this one.
    private mutating func breakWord(room: Int) {
        let isAddress = self.isAddress ?? looksLikeAddress
        self.isAddress = isAddress
        let cut = Hyphenation.cut(word[...], room: room, isAddress: isAddress, hyphenates: hyphenates)
        if isLineEmpty && spaces == 0 || room >= 8, let cut {
            let style = word[cut.count - 1].style
            strike(cut.count)
            if cut.addsHyphen { strike("-", 1, style) }
            continueLine()
        } else {
            startOver()
        }
    }

    /// The word goes to the beginning of a line.
    private mutating func startOver() {
        if isLineEmpty {
            // An indent too deep for the word.
            (column, spaces) = (min(column, hanging), 0)
        } else {
            continueLine()
        }
    }

    private mutating func continueLine() {
        returnCarriage()
        column = hanging
    }

    // MARK: Typing

    /// Types this at once. The caller has seen that it fits.
    mutating func echo(_ text: String, columns: Int) {
        strike(text, columns, [])
    }

    mutating func bell() { strikes.append(.bell) }

    /// Takes away what stands behind `target` on this line.
    mutating func erase(to target: Int) {
        guard column > target else { return }
        strikes.append(.erase(columns: column - target, to: leftMargin + target))
        column = target
        carriage = leftMargin + target
    }

    /// Back to where the line before was broken.
    mutating func goUp(to target: Int) {
        strikes.append(.lineUp(to: leftMargin + target))
        line -= 1
        column = target
        carriage = leftMargin + target
    }

    /// Puts a mark on every column of this line from there on. What stands behind the erased text was struck over
    /// before; striking it again moves right over it, which a space would not leave as it is on every device.
    mutating func strikeOver(from start: Int) {
        guard start < column else { return }
        strikes.append(.back(columns: column - start))
        add(String(repeating: "x", count: column - start), [])
    }

    // MARK: Carriage

    private var isLineEmpty: Bool { column <= hanging || carriage == 0 }

    private mutating func returnCarriage() {
        strikes.append(.newLine)
        line += 1
        (carriage, spaces) = (0, 0)
    }

    /// Types the word's first cells, after the spaces before them.
    private mutating func strike(_ count: Int) {
        column += spaces
        spaces = 0
        for cell in word[..<count] {
            strike(cell.text, cell.width, cell.style)
            wordWidth -= cell.width
        }
        word.removeFirst(count)
    }

    private mutating func strike(_ text: String, _ columns: Int, _ style: Style) {
        moveCarriage(spaceStyle)
        add(text, style)
        column += columns
        carriage += columns
        spaceStyle = []
    }

    /// Moves right to the column, by spaces.
    private mutating func moveCarriage(_ style: Style) {
        let target = leftMargin + column
        guard carriage < target else { return }
        let isMargin = carriage < leftMargin || carriage == 0
        add(String(repeating: " ", count: target - carriage), isMargin ? [] : style)
        carriage = target
    }

    private mutating func add(_ text: String, _ style: Style) {
        guard !text.isEmpty else { return }
        if case .text(let before, style)? = strikes.last {
            strikes[strikes.count - 1] = .text(before + text, style)
        } else {
            strikes.append(.text(text, style))
        }
    }
}
