import Keyboard

extension Settings {
    public struct KeyboardSection: Sendable, Equatable {
        /// A `KeyboardKind`.
        public var kind = KeyboardKind.terminal.rawValue
        /// A profile's name or path, for a kind that has any.
        public var profile = ""
        /// A serial line's path; an input device's path or name, or `all`.
        public var device = ""
        public var line = LineSection()
        /// A `SerialEncoding`.
        public var encoding = SerialEncoding.utf8.rawValue
        public var unshiftsOnSpace = false
        /// Of physical keys. Without a layout's name, that of the United States.
        public var layout = XKBNames(layout: "")
        /// An `XKBLayout.ShiftLock`, or `auto`: a matrix is a typewriter's, an input device is not.
        public var shiftLock = Settings.automatic
        /// Nobody else gets the keys of an input device.
        public var grabs = true
    }

    /// Speed and format of a serial line.
    public struct LineSection: Sendable, Equatable {
        public var baud = 9600
        public var dataBits = 8
        /// One of `parities`.
        public var parity = parities[0]
        public var stopBits = 1
        /// One of `flows`.
        public var flow = flows[0]

        static let parities = ["none", "even", "odd", "mark", "space"]
        static let flows = ["none", "xon_xoff", "rts_cts"]
    }
}

extension Settings.LineSection {
    var forKeyboard: SerialKeyboard.LineSettings {
        SerialKeyboard.LineSettings(
            baud: UInt32(clamping: baud), data_bits: UInt8(clamping: dataBits),
            // The first letter, as a capital.
            parity: (parity.utf8.first ?? 0) & 0xDF, stop_bits: UInt8(clamping: stopBits),
            has_xon_xoff: flow == Self.flows[1], has_rts_cts: flow == Self.flows[2])
    }
}

extension Settings.KeyboardSection {
    /// For messages.
    package var description: String { "keyboard \(device.isEmpty ? kind : device)" }

    /// What physical keys mean.
    /// - Parameter lock: what the lock key does unless the settings say.
    func keyLayout(_ lock: XKBLayout.ShiftLock) throws(TypewriterError) -> any KeyLayout {
        // The one of the United States is built in, so that a typewriter needs no layouts of XKB.
        if layout == XKBNames(layout: ""), shiftLock == Settings.automatic, lock == .typewriter { return USLayout() }
        var names = layout
        if names.layout.isEmpty { names.layout = "us" }
        do {
            return try XKBLayout(names, shiftLock: XKBLayout.ShiftLock(rawValue: shiftLock) ?? lock)
        } catch {
            throw TypewriterError(error.description, status: .configuration)
        }
    }
}
