/// How a serial line transmits.
public struct SerialLine: Sendable, Equatable {
    public enum Parity: String, Sendable, CaseIterable {
        case none, even, odd, mark, space
    }

    public enum Flow: String, Sendable, CaseIterable {
        case none
        case xonXoff = "xon-xoff"
        case rtsCts = "rts-cts"
    }

    /// Bits a second.
    public var baud: Int
    /// 5 to 8.
    public var dataBits: Int
    public var parity: Parity
    /// 1 or 2.
    public var stopBits: Int
    public var flow: Flow

    public init(baud: Int = 9600, dataBits: Int = 8, parity: Parity = .none, stopBits: Int = 1, flow: Flow = .none) {
        self.baud = baud
        self.dataBits = dataBits
        self.parity = parity
        self.stopBits = stopBits
        self.flow = flow
    }
}
