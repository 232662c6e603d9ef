/// The keys of a United States keyboard without dead keys: the layout of a machine that names no other.
public struct USLayout: KeyLayout {
    private var shifts: Set<UInt16> = []
    private var controls: Set<UInt16> = []
    /// Shift lock, as a typewriter has it: it holds all keys shifted, not the letters alone, until Shift lets go of it.
    private var isLocked = false

    public init() {}

    public mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] {
        switch code {
        case 42, 54:  // KEY_LEFTSHIFT, KEY_RIGHTSHIFT
            Self.hold(code, action, in: &shifts)
            if action == .press { isLocked = false }
            return []
        case 29, 97:  // KEY_LEFTCTRL, KEY_RIGHTCTRL
            Self.hold(code, action, in: &controls)
            return []
        case 58:  // KEY_CAPSLOCK
            if action == .press { isLocked.toggle() }
            return []
        default:
            guard action != .release else { return [] }
            return [key(code)]
        }
    }

    private static func hold(_ code: UInt16, _ action: KeyEvent.Action, in codes: inout Set<UInt16>) {
        if action == .release { codes.remove(code) } else { codes.insert(code) }
    }

    private func key(_ code: UInt16) -> Key {
        if let key = Self.named[code] { return key }
        guard let pair = Self.characters[code] else { return .code(code) }
        if !controls.isEmpty {
            // As a terminal does it: the letter's last five bits.
            guard UInt8(ascii: "a")...UInt8(ascii: "z") ~= pair.plain else { return .code(code) }
            return EscapeSequences.controlCharacter(pair.plain & 0x1F) ?? .code(code)
        }
        let byte = shifts.isEmpty && !isLocked ? pair.plain : pair.shifted
        return .text(String(Unicode.Scalar(byte)))
    }

    private static let named: [UInt16: Key] = [
        1: .escape, 128: .escape,  // KEY_ESC, KEY_STOP
        14: .erase, 15: .tab, 28: .return, 96: .return,  // KEY_BACKSPACE, KEY_TAB, KEY_ENTER, KEY_KPENTER
        103: .up, 105: .left, 106: .right, 108: .down,
        102: .home, 104: .pageUp, 107: .end, 109: .pageDown, 110: .insert, 111: .delete,
    ].merging((1...10).map { (UInt16(58 + $0), .function($0)) } + [(87, .function(11)), (88, .function(12))]) { $1 }

    /// The four rows of keys have successive codes.
    private static let characters: [UInt16: (plain: UInt8, shifted: UInt8)] = {
        let runs: [(first: UInt16, plain: StaticString, shifted: StaticString)] = [
            (2, "1234567890-=", "!@#$%^&*()_+"),  // from KEY_1
            (16, "qwertyuiop[]", "QWERTYUIOP{}"),  // from KEY_Q
            (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),  // from KEY_A
            (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),  // from KEY_BACKSLASH
            (57, " ", " "),  // KEY_SPACE
            (86, "<", ">"),  // KEY_102ND
        ]
        var characters: [UInt16: (plain: UInt8, shifted: UInt8)] = [:]
        for run in runs {
            for index in 0..<run.plain.utf8CodeUnitCount {
                characters[run.first + UInt16(index)] = (run.plain.utf8Start[index], run.shifted.utf8Start[index])
            }
        }
        return characters
    }()
}
