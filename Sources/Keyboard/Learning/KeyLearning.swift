/// Learns which contact each key has, one key after another. Pure: looks at the wiring are handed in, what to tell comes out.
public struct KeyLearning: Sendable {
    public enum Event: Sendable, Hashable {
        /// The key that was asked for has this contact.
        case learned(String, WiringLook.Contact)
        /// This key's contact was pressed again instead.
        case known(String)
        /// Several contacts are closed: of several keys, or of one that no matrix has.
        case several(Int)
    }

    /// Successive looks that must agree.
    private static let agreement = 3

    private let names: [String]
    private let atRest: WiringLook
    private var next = 0
    private var contacts: [String: WiringLook.Contact] = [:]
    private var last: [WiringLook.Contact] = []
    private var agreed = 0
    /// A key was taken, or complained about; nothing else is until all are up.
    private var waitsForRelease = false

    /// - Parameters:
    ///   - names: What to ask for, in this order.
    ///   - atRest: How it looks while no key is down.
    public init(_ names: [String], atRest: WiringLook) {
        (self.names, self.atRest) = (names, atRest)
    }

    /// The key that is asked for; nil after the last.
    public var asked: String? { next < names.count ? names[next] : nil }

    /// What was learned, in the order of the names.
    public var learned: [(name: String, contact: WiringLook.Contact)] {
        names.compactMap { name in contacts[name].map { (name, $0) } }
    }

    public mutating func look(_ look: WiringLook) -> Event? {
        let closed = look.contacts(since: atRest)
        agreed = closed == last ? agreed + 1 : 1
        last = closed
        guard agreed >= Self.agreement, let asked else { return nil }
        guard !closed.isEmpty else {
            waitsForRelease = false
            return nil
        }
        guard !waitsForRelease else { return nil }
        waitsForRelease = true
        guard closed.count == 1 else { return .several(closed.count) }
        if let known = contacts.first(where: { $0.value == closed[0] }) { return .known(known.key) }
        contacts[asked] = closed[0]
        next += 1
        return .learned(asked, closed[0])
    }

    /// This keyboard lacks the key that is asked for.
    public mutating func skip() {
        if let asked { contacts[asked] = nil }
        next = min(next + 1, names.count)
    }

    /// Asks for the key before again, and forgets it.
    public mutating func goBack() {
        next = max(0, next - 1)
        if let asked { contacts[asked] = nil }
    }
}

extension KeyLearning {
    /// The keys that a typewriter may have, in the order in which a hand finds them.
    public static let usualKeys: [String] = {
        let rows = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"]
        let ends = [
            ["KEY_MINUS", "KEY_EQUAL", "KEY_BACKSPACE"], ["KEY_LEFTBRACE", "KEY_RIGHTBRACE", "KEY_ENTER"],
            ["KEY_SEMICOLON", "KEY_APOSTROPHE", "KEY_BACKSLASH"], ["KEY_COMMA", "KEY_DOT", "KEY_SLASH"],
        ]
        let letters = zip(rows, ends).flatMap { row, end in row.map { "KEY_\($0)" } + end }
        return ["KEY_ESC", "KEY_GRAVE"] + letters + [
            "KEY_SPACE", "KEY_LEFTSHIFT", "KEY_RIGHTSHIFT", "KEY_CAPSLOCK", "KEY_TAB", "KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_RIGHTALT",
            "KEY_102ND", "KEY_DELETE", "KEY_UP", "KEY_DOWN", "KEY_LEFT", "KEY_RIGHT", "stop", "page", "new",
        ]
    }()
}
