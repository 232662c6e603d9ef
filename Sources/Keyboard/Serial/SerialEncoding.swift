/// What the bytes of a serial line mean.
public enum SerialEncoding: String, CaseIterable, Sendable {
    /// UTF-8 and the escape sequences of terminals.
    case utf8 = "utf-8"
    /// The same in seven bits; the eighth, which some machines use as parity of their own, does not count.
    case ascii
    /// Teletypes of five bits: the international and the American alphabet.
    case ita2, ustty

    /// Five bits a character, and shifts.
    public var isBaudot: Bool { self == .ita2 || self == .ustty }
}

/// Bytes of a serial line to keys, in whatever encoding. Pure: time is handed in.
struct SerialDecoder: Sendable {
    private enum Decoder: Sendable {
        case escapes(EscapeParser, mask: UInt8)
        case baudot(BaudotDecoder)
    }

    private var decoder: Decoder

    /// - Parameters:
    ///   - characterTime: nanoseconds that a character takes on the line.
    ///   - unshiftsOnSpace: see `BaudotDecoder`.
    init(_ encoding: SerialEncoding, characterTime: UInt64, unshiftsOnSpace: Bool) {
        // Those of a sequence come one after the other, each as long as the line takes, and the kernel may hold one back.
        let parser = EscapeParser(escapeTimeout: 50_000_000 + 2 * characterTime)
        decoder =
            switch encoding {
            case .utf8: .escapes(parser, mask: 0xFF)
            case .ascii: .escapes(parser, mask: 0x7F)
            case .ita2: .baudot(BaudotDecoder(.ita2, unshiftsOnSpace: unshiftsOnSpace))
            case .ustty: .baudot(BaudotDecoder(.ustty, unshiftsOnSpace: unshiftsOnSpace))
            }
    }

    /// When `timeOut` wants to be called if no byte arrives before.
    var deadline: UInt64? {
        if case .escapes(let parser, _) = decoder { parser.deadline } else { nil }
    }

    /// Takes bytes that were read at `now` (nanoseconds of `CLOCK_MONOTONIC`), and appends the keys they complete.
    mutating func feed(_ bytes: ArraySlice<UInt8>, at now: UInt64, into keys: inout [Key]) {
        switch decoder {
        case .escapes(var parser, let mask):
            for byte in bytes { parser.feed(byte & mask, at: now, into: &keys) }
            decoder = .escapes(parser, mask: mask)
        case .baudot(var baudot):
            for byte in bytes { baudot.feed(byte, into: &keys) }
            decoder = .baudot(baudot)
        }
    }

    /// Nothing has arrived up to `now`.
    mutating func timeOut(at now: UInt64, into keys: inout [Key]) {
        guard case .escapes(var parser, let mask) = decoder else { return }
        parser.timeOut(at: now, into: &keys)
        decoder = .escapes(parser, mask: mask)
    }
}
