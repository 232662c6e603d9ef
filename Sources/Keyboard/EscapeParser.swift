/// Bytes of a terminal or a serial line to keys: UTF-8, control characters, and the escape sequences of
/// ECMA-48 terminals as xterm sends them ("XTerm Control Sequences", PC-style function keys; bracketed paste).
///
/// Pure: time is handed in. A lone Esc is told from a sequence by silence after it. Malformed input gives
/// U+FFFD or nothing, never a trap, and no more than a sequence's few bytes are ever kept.
public struct EscapeParser: Sendable {
    /// Nanoseconds of silence after which an unfinished sequence was typed by hand.
    public let escapeTimeout: UInt64
    /// When `timeOut` wants to be called if no byte arrives before; nil while nothing is pending.
    public private(set) var deadline: UInt64?

    private var state = State.ground
    /// Of the sequence or character that is not complete.
    private var pending: [UInt8] = []
    private var expectedLength = 0
    private var isPasting = false
    private var isAfterReturn = false

    private enum State { case ground, character, escape, singleShift, control, overlong }

    /// More than any key's sequence has.
    private static let longestSequence = 32

    public init(escapeTimeout: UInt64 = 50_000_000) {
        self.escapeTimeout = escapeTimeout
    }

    /// Takes a byte that was read at `now` (nanoseconds of `CLOCK_MONOTONIC`), and appends the keys it completes.
    public mutating func feed(_ byte: UInt8, at now: UInt64, into keys: inout [Key]) {
        switch state {
        case .ground: ground(byte, &keys)
        case .character: character(byte, &keys)
        case .escape: escape(byte, &keys)
        case .singleShift:
            reset()
            if !isPasting, let key = EscapeSequences.singleShift(byte) { keys.append(key) }
        case .control, .overlong: control(byte, &keys)
        }
        let isInSequence = state != .ground && state != .character
        deadline = isInSequence ? now.addingReportingOverflow(escapeTimeout).partialValue : nil
    }

    /// Nothing has arrived up to `now`: what looked like the beginning of a sequence were keys, if its time is over.
    public mutating func timeOut(at now: UInt64, into keys: inout [Key]) {
        guard let deadline, now >= deadline else { return }
        giveUpSequence(&keys)
    }

    /// No more will arrive.
    public mutating func finish(into keys: inout [Key]) {
        if state == .character { keys.append(.text("\u{FFFD}")) }
        giveUpSequence(&keys)
        isPasting = false
    }

    private mutating func reset() {
        state = .ground
        pending.removeAll(keepingCapacity: true)
        deadline = nil
    }

    private mutating func giveUpSequence(_ keys: inout [Key]) {
        let prefix: String
        switch state {
        case .ground, .character: return reset()
        case .escape: prefix = ""
        case .singleShift: prefix = "O"
        case .control, .overlong: prefix = "["
        }
        if !isPasting {
            keys.append(.escape)
            for scalar in (prefix + String(decoding: pending, as: UTF8.self)).unicodeScalars {
                keys.append(.text(String(scalar)))
            }
        }
        reset()
    }

    private mutating func ground(_ byte: UInt8, _ keys: inout [Key]) {
        let wasAfterReturn = isAfterReturn
        isAfterReturn = byte == 0x0D
        switch byte {
        case 0x0A where wasAfterReturn: break
        case 0x1B: state = .escape
        case 0x20...0x7E: keys.append(.text(String(Unicode.Scalar(byte))))
        case 0xC2...0xDF: begin(byte, length: 2)
        case 0xE0...0xEF: begin(byte, length: 3)
        case 0xF0...0xF4: begin(byte, length: 4)
        case 0x80...0xFF: keys.append(.text("\u{FFFD}"))
        default: controlCharacter(byte, &keys)
        }
    }

    private mutating func controlCharacter(_ byte: UInt8, _ keys: inout [Key]) {
        if isPasting {
            switch byte {
            case 0x0A, 0x0D: keys.append(.text("\n"))
            case 0x09: keys.append(.text("\t"))
            case 0x03:  // A paste whose end got lost must not lock the keyboard.
                isPasting = false
                keys.append(.interrupt)
            default: break
            }
        } else if let key = EscapeSequences.controlCharacter(byte) {
            keys.append(key)
        }
    }

    private mutating func begin(_ byte: UInt8, length: Int) {
        state = .character
        pending.append(byte)
        expectedLength = length
    }

    private mutating func character(_ byte: UInt8, _ keys: inout [Key]) {
        guard 0x80...0xBF ~= byte else {
            reset()
            keys.append(.text("\u{FFFD}"))
            return ground(byte, &keys)
        }
        pending.append(byte)
        guard pending.count == expectedLength else { return }
        // Overlong forms and surrogates are malformed too; U+0080...U+009F are control characters.
        let text = String(validating: pending, as: UTF8.self) ?? "\u{FFFD}"
        reset()
        if text.unicodeScalars.first?.properties.generalCategory != .control { keys.append(.text(text)) }
    }

    private mutating func escape(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case UInt8(ascii: "["): state = .control
        case UInt8(ascii: "O"): state = .singleShift
        case 0x1B:
            if !isPasting { keys.append(.escape) }
        case _ where isPasting:
            reset()
            ground(byte, &keys)
        case 0x7F, 0x08:  // Alt-Backspace
            reset()
            keys.append(.eraseWord)
        case 0x0D, 0x0A:  // Alt-Return
            reset()
            keys.append(.text("\n"))
        default:
            // Esc and a key in one read: on a busy machine these are two keys, and neither may get lost.
            reset()
            keys.append(.escape)
            ground(byte, &keys)
        }
    }

    private mutating func control(_ byte: UInt8, _ keys: inout [Key]) {
        switch byte {
        case UInt8(ascii: "[") where pending.isEmpty, 0x20...0x3F:
            if pending.count < Self.longestSequence {
                pending.append(byte)
            } else {
                state = .overlong
            }
        case 0x40...0x7E:
            let (parameters, isOverlong) = (pending, state == .overlong)
            reset()
            if !isOverlong { dispatch(parameters, byte, &keys) }
        default:
            // A control character, or a byte above ASCII: the sequence was cut off.
            reset()
            ground(byte, &keys)
        }
    }

    private mutating func dispatch(_ parameters: [UInt8], _ final: UInt8, _ keys: inout [Key]) {
        switch (parameters, final) {
        case (Array("200".utf8), UInt8(ascii: "~")): isPasting = true
        case (Array("201".utf8), UInt8(ascii: "~")): isPasting = false
        case _ where isPasting: break
        default:
            if let key = EscapeSequences.control(parameters, final) { keys.append(key) }
        }
    }
}
