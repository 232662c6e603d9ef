/// Turns keys into edits of one line of text. Pure: the page and the session do what the edits say.
///
/// As on a typewriter, the only place to write is the end. A character is what a reader takes for one (a letter
/// with its accents, an emoji of several code points), so one erase takes all of it.
public struct LineEditor: Sendable {
    /// Characters that the line may hold.
    public let limit: Int
    /// Ctrl-D and Ctrl-C end it. Elsewhere only the end of the input does.
    public let endsByKey: Bool
    public private(set) var text = ""
    /// `text.count`, which costs a walk through the text.
    private var count = 0

    public init(limit: Int = 4096, endsByKey: Bool = true) {
        self.limit = max(1, limit)
        self.endsByKey = endsByKey
    }

    /// Forgets the line.
    public mutating func clear() { (text, count) = ("", 0) }

    /// What this event changes. Releases and keys without a meaning here change nothing.
    public mutating func edit(_ event: KeyEvent) -> [LineEdit] {
        guard event.action != .release else { return [] }
        switch event.key {
        case .text(let new): return insert(new)
        case .tab: return insert("\t")
        case .erase: return erase(text.suffix(1))
        case .eraseWord: return erase(lastWord)
        case .eraseLine: return erase(text[...])
        case .return: return [.submitted(takeLine())]
        case .escape: return [.stopped]
        case .newConversation: return [.newConversation]
        case .page: return [.page]
        case .modelOff: return [.model(isOn: false)]
        case .modelOn: return [.model(isOn: true)]
        case .endOfText: return endsByKey && text.isEmpty ? [.ended] : [.bell]
        case .interrupt: return endsByKey ? [.ended] : erase(text[...])
        case .endOfInput: return text.isEmpty ? [.ended] : [.submitted(takeLine()), .ended]
        case .code, .noPaper, .delete, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .function: return []
        }
    }

    private mutating func takeLine() -> String {
        defer { clear() }
        return text
    }

    private mutating func insert(_ new: String) -> [LineEdit] {
        var inserted = ""
        var isFull = false
        for scalar in new.unicodeScalars where scalar.isText {
            // A scalar may join the character before it (an accent), so the end is counted anew.
            let end = String(text.suffix(1))
            let longer = count - end.count + (end + String(scalar)).count
            guard longer <= limit else {
                isFull = true
                break
            }
            text.unicodeScalars.append(scalar)
            inserted.unicodeScalars.append(scalar)
            count = longer
        }
        return (inserted.isEmpty ? [] : [.inserted(inserted)]) + (isFull ? [.bell] : [])
    }

    private mutating func erase(_ end: Substring) -> [LineEdit] {
        guard !end.isEmpty else { return [.bell] }
        let erased = String(end)
        text.removeLast(erased.count)
        count -= erased.count
        return [.erased(erased)]
    }

    /// The last word and the white space behind it.
    private var lastWord: Substring {
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return text[...] }
        guard let space = text[...end].lastIndex(where: \.isWhitespace) else { return text[...] }
        return text[text.index(after: space)...]
    }
}

extension Unicode.Scalar {
    /// Anything but a control character; tab and line feed are text.
    fileprivate var isText: Bool {
        self == "\t" || self == "\n" || properties.generalCategory != .control
    }
}
