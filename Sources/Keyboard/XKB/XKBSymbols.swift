import CHardware

/// What X11's key symbols mean here. Numbers from `xkbcommon-keysyms.h`.
enum XKBSymbols {
    /// Shift, Ctrl, locks and switches between groups and levels: they type nothing.
    static func isModifier(_ symbol: UInt32) -> Bool {
        switch Int32(bitPattern: symbol) {
        case XKB_KEY_Shift_L...XKB_KEY_Hyper_R, XKB_KEY_ISO_Lock..<XKB_KEY_ISO_Left_Tab, XKB_KEY_Mode_switch, XKB_KEY_Num_Lock, XKB_KEY_Scroll_Lock:
            true
        default: false
        }
    }

    /// The keys that have a name.
    static func key(_ symbol: UInt32) -> Key? {
        switch Int32(bitPattern: symbol) {
        case XKB_KEY_Return, XKB_KEY_KP_Enter, XKB_KEY_Linefeed: .return
        case XKB_KEY_Tab, XKB_KEY_KP_Tab, XKB_KEY_ISO_Left_Tab: .tab
        case XKB_KEY_BackSpace: .erase
        case XKB_KEY_Escape, XKB_KEY_Cancel: .escape
        case XKB_KEY_Delete, XKB_KEY_KP_Delete: .delete
        case XKB_KEY_Up, XKB_KEY_KP_Up: .up
        case XKB_KEY_Down, XKB_KEY_KP_Down: .down
        case XKB_KEY_Left, XKB_KEY_KP_Left: .left
        case XKB_KEY_Right, XKB_KEY_KP_Right: .right
        case XKB_KEY_Home, XKB_KEY_KP_Home: .home
        case XKB_KEY_End, XKB_KEY_KP_End: .end
        case XKB_KEY_Prior, XKB_KEY_KP_Prior: .pageUp
        case XKB_KEY_Next, XKB_KEY_KP_Next: .pageDown
        case XKB_KEY_Insert, XKB_KEY_KP_Insert: .insert
        case XKB_KEY_F1...XKB_KEY_F35: .function(Int(symbol) - Int(XKB_KEY_F1) + 1)
        default: nil
        }
    }

    // MARK: Dead keys

    static func isDead(_ symbol: UInt32) -> Bool {
        XKB_KEY_dead_grave...XKB_KEY_dead_longsolidusoverlay ~= Int32(bitPattern: symbol)
    }

    /// What was typed without becoming a character, and the text of the key that ended it: an accent, which came before its letter, is
    /// a combining mark after it.
    static func text(uncomposed symbols: [UInt32], _ last: String) -> String {
        var (text, marks) = ("", "")
        for symbol in symbols {
            if let mark = mark(symbol) {
                marks.unicodeScalars.append(mark)
            } else {
                text += XKBKeymap.text(ofSymbol: symbol) + marks
                marks = ""
            }
        }
        return text + last + marks
    }

    private static func mark(_ symbol: UInt32) -> Unicode.Scalar? {
        let index = Int(symbol) - Int(XKB_KEY_dead_grave)
        return marks.indices.contains(index) ? marks[index] : nil
    }

    /// From dead_grave on, in the order of the symbols.
    private static let marks: [Unicode.Scalar] = [
        "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{304}", "\u{306}", "\u{307}", "\u{308}", "\u{30A}", "\u{30B}", "\u{30C}",
        "\u{327}", "\u{328}", "\u{345}", "\u{3099}", "\u{309A}", "\u{323}", "\u{309}", "\u{31B}", "\u{335}", "\u{313}", "\u{314}",
        "\u{30F}", "\u{325}", "\u{331}", "\u{32D}", "\u{330}", "\u{32E}", "\u{324}", "\u{311}", "\u{326}",
    ]
}
