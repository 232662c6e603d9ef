/// Which bytes stand for which key. From "XTerm Control Sequences" (Thomas E. Dickey), "PC-Style Function Keys" and
/// "VT220-Style Function Keys", the rxvt and Linux console variants from terminfo, and the usual control keys of a tty.
enum EscapeSequences {
    static func controlCharacter(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x03: .interrupt  // Ctrl-C
        case 0x04: .endOfText  // Ctrl-D
        case 0x08, 0x7F: .erase  // Ctrl-H, DEL
        case 0x09: .tab
        case 0x0A, 0x0D: .return
        case 0x0C: .page  // Ctrl-L
        case 0x0E: .newConversation  // Ctrl-N
        case 0x15: .eraseLine  // Ctrl-U
        case 0x17: .eraseWord  // Ctrl-W
        default: nil
        }
    }

    /// `ESC O` and a byte: cursor keys in application mode, F1 to F4, the numeric pad.
    static func singleShift(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "M"): .return
        case UInt8(ascii: "X"): .text("=")
        case UInt8(ascii: "j")...UInt8(ascii: "y"):
            .text(String(Unicode.Scalar(byte - UInt8(ascii: "j") + UInt8(ascii: "*"))))
        default: cursorKey(byte)
        }
    }

    /// `ESC [`, parameters and a final byte. Modifiers (`1;5C` is Ctrl-Right) do not change a key's name.
    static func control(_ parameters: [UInt8], _ final: UInt8) -> Key? {
        if parameters == [UInt8(ascii: "[")] {  // The Linux console's F1 to F5.
            guard UInt8(ascii: "A")...UInt8(ascii: "E") ~= final else { return nil }
            return .function(Int(final - UInt8(ascii: "A")) + 1)
        }
        // Private sequences (`ESC [ ?` ...) are answers of the terminal, not keys.
        guard parameters.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: ";") ~= $0 }) else { return nil }
        guard final == UInt8(ascii: "~") else { return cursorKey(final) }
        let number = Int(String(decoding: parameters.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)) ?? 0
        switch number {
        case 1, 7: return .home
        case 2: return .insert
        case 3: return .delete
        case 4, 8: return .end
        case 5: return .pageUp
        case 6: return .pageDown
        // The VT220 left gaps in the numbers between its groups of function keys.
        case 11...15: return .function(number - 10)
        case 17...21: return .function(number - 11)
        case 23...26: return .function(number - 12)
        case 28, 29: return .function(number - 13)
        case 31...34: return .function(number - 14)
        default: return nil
        }
    }

    private static func cursorKey(_ final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "P")) + 1)
        default: nil
        }
    }
}
