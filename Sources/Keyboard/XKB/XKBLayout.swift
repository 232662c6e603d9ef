import CHardware

/// A national layout: text with dead keys and composition, and the keys of the terminal by the names that they have there.
public final class XKBLayout: KeyLayout {
    /// What the lock key does.
    public enum ShiftLock: String, CaseIterable, Sendable {
        /// What the layout says: mostly Caps Lock, for letters only.
        case layout
        /// As on a typewriter: all keys are shifted, until Shift lets go of it.
        case typewriter
    }

    private let keymap: XKBKeymap
    private let shiftLock: ShiftLock
    private var isShiftLocked = false
    /// Symbols that have not become a character yet.
    private var pending: [UInt32] = []
    /// What each key gave when it was pressed: that is what repeats, and is released.
    private var given: [UInt16: [Key]] = [:]

    /// - Throws: one line about the name that XKB does not know, or the data that is not there.
    public init(_ names: XKBNames, shiftLock: ShiftLock = .layout) throws(KeyboardError) {
        keymap = try XKBKeymap(names)
        self.shiftLock = shiftLock
        // The numbers of the numeric pad, not its arrows: a typewriter has no place to go to.
        keymap.press(UInt16(KEY_NUMLOCK))
        keymap.release(UInt16(KEY_NUMLOCK))
    }

    public var locks: KeyLocks { isShiftLocked ? keymap.locks.union(.capitals) : keymap.locks }

    public func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] {
        switch action {
        case .press: return press(code)
        case .repetition: return keymap.repeats(code) ? given[code] ?? [] : []
        case .release:
            keymap.release(code)
            return given.removeValue(forKey: code) ?? []
        }
    }

    private func press(_ code: UInt16) -> [Key] {
        var symbol = keymap.symbol(code)
        // Shift with Shift on may mean nothing: it is a modifier nevertheless.
        if symbol == 0, XKBSymbols.isModifier(keymap.plainSymbol(code)) { symbol = keymap.plainSymbol(code) }
        if shiftLock == .typewriter {
            switch Int32(bitPattern: symbol) {
            case XKB_KEY_Caps_Lock, XKB_KEY_Shift_Lock:
                lockShift(!isShiftLocked)
                return []
            case XKB_KEY_Shift_L, XKB_KEY_Shift_R: lockShift(false)
            default: break
            }
        }
        let keys = XKBSymbols.isModifier(symbol) ? [] : compose(symbol, code)
        keymap.press(code)
        given[code] = keys
        return keys
    }

    /// Holds a Shift key down for the typist.
    private func lockShift(_ isLocked: Bool) {
        guard isLocked != isShiftLocked else { return }
        isShiftLocked = isLocked
        if isLocked { keymap.press(UInt16(KEY_LEFTSHIFT)) } else { keymap.release(UInt16(KEY_LEFTSHIFT)) }
    }

    // MARK: Composition

    private func compose(_ symbol: UInt32, _ code: UInt16) -> [Key] {
        var composition = keymap.compose(symbol)
        if !keymap.composes {
            if XKBSymbols.isDead(symbol) {
                composition = .unfinished
            } else if !pending.isEmpty {
                composition = .cancelled
            }
        }
        switch composition {
        case .none:
            return meaning(symbol, code)
        case .unfinished:
            // Beyond any sequence there is; a table made by hand may have longer ones, and loses only what is shown on cancelling.
            if pending.count < 16 { pending.append(symbol) }
            return []
        case .finished(let text):
            pending = []
            return text.isEmpty ? [] : [.text(text)]
        case .cancelled:
            let symbols = pending
            pending = []
            let keys = meaning(symbol, code)
            if keys == [.erase] { return [] }  // It takes the accent away.
            guard case .text(let text)? = keys.first, keys.count == 1 else { return keys }
            return [.text(XKBSymbols.text(uncomposed: symbols, text))]
        }
    }

    // MARK: Meaning

    private func meaning(_ symbol: UInt32, _ code: UInt16) -> [Key] {
        let isControl = keymap.isActive(.control, besides: code)
        let isAlt = keymap.isActive(.alt, besides: code)
        if let key = XKBSymbols.key(symbol) {
            switch key {
            case .erase where isControl || isAlt: return [.eraseWord]
            case .return where isAlt: return [.text("\n")]
            default: return [key]
            }
        }
        if isAlt || keymap.isActive(.logo, besides: code) { return [] }
        let text = keymap.text(code)
        if let byte = text.utf8.first, text.utf8.count == 1, byte < 0x20 || byte == 0x7F {
            return byte == 0x1B ? [.escape] : EscapeSequences.controlCharacter(byte).map { [$0] } ?? []
        }
        // A layout without Latin letters still has its control keys where the Latin ones have them.
        if isControl { return Self.controlKey(code).map { [$0] } ?? [] }
        return text.isEmpty ? [.code(code)] : [.text(text)]
    }

    private static func controlKey(_ code: UInt16) -> Key? {
        switch Int32(code) {
        case KEY_C: .interrupt
        case KEY_D: .endOfText
        case KEY_H: .erase
        case KEY_L: .page
        case KEY_N: .newConversation
        case KEY_U: .eraseLine
        case KEY_W: .eraseWord
        default: nil
        }
    }
}
