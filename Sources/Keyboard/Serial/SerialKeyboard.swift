import CHardware

/// Keys from a serial line: a terminal, a teletype, a microcontroller in a typewriter.
///
/// The line may be absent: it is looked for four times a second until it is there, at the beginning and whenever it vanishes (an adapter
/// was unplugged). What had arrived before, half a character or the shift of a teletype, stays.
public final class SerialKeyboard: Keyboard {
    /// Speed and format of the line.
    public typealias LineSettings = pl_serial_settings

    /// Nanoseconds between two tries to open a line that is not there.
    private static let retryInterval: UInt64 = 250_000_000

    private let path: String
    private let settings: LineSettings
    private var line: SerialLine?
    private var decoder: SerialDecoder
    private var buffer = [UInt8](repeating: 0, count: 4096)
    /// When to open the line anew while it is not there.
    private var nextTry: UInt64 = 0

    /// - Parameters:
    ///   - path: of the line's device, such as /dev/ttyAMA0 or a link of /dev/serial/by-id, which finds the same adapter in any socket.
    ///   - unshiftsOnSpace: of Baudot encodings: a space goes back to letters.
    /// - Throws: when the device is there and is no line, may not be opened, or refuses the settings.
    public init(
        path: String, settings: LineSettings, encoding: SerialEncoding, unshiftsOnSpace: Bool = false
    ) throws(KeyboardError) {
        self.path = path
        self.settings = settings
        decoder = SerialDecoder(encoding, characterTime: settings.characterTime, unshiftsOnSpace: unshiftsOnSpace)
        line = try SerialLine.open(path, settings)
    }

    public var isConnected: Bool { descriptor != nil }

    public var descriptor: Int32? { line?.descriptor }

    public var deadline: UInt64? {
        guard line == nil else { return decoder.deadline }
        return min(nextTry, decoder.deadline ?? nextTry)
    }

    public func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        if line == nil, now >= nextTry {
            nextTry = now &+ Self.retryInterval
            // A device that has just appeared may not be ours yet, nor answer: that passes.
            line = try? SerialLine.open(path, settings)
        }
        var keys: [Key] = []
        switch line?.read(into: &buffer) {
        case .bytes(let count): decoder.feed(buffer[..<count], at: now, into: &keys)
        case .gone:
            line = nil
            nextTry = now &+ Self.retryInterval
        case .nothing, nil: break
        }
        decoder.timeOut(at: now, into: &keys)
        events += keys.map { KeyEvent(time: now, key: $0) }
    }
}

extension pl_serial_settings {
    /// Nanoseconds that a character takes, with its start, parity and stop bits.
    var characterTime: UInt64 {
        let bits = 1 + UInt64(data_bits) + (parity == UInt8(ascii: "N") ? 0 : 1) + UInt64(stop_bits)
        return bits * 1_000_000_000 / UInt64(max(baud, 1))
    }
}
