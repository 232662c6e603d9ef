/// A device's own printing thread, with a queue before it: whoever has strikes to print never waits.
public final class Printer: Sendable {
    public init(_ device: any PaperDevice) throws(PaperError) { self.device = device }

    public let device: any PaperDevice

    /// Queues strikes, and returns at once.
    /// - Throws: what the device threw when it printed earlier strikes; nothing is printed any more.
    public func print(_ strikes: [Strike]) throws(PaperError) {}

    /// Drops what is queued, and stops what is being printed. Returns when the device is silent.
    /// - Returns: whether anything was dropped; then `Page.stopped()` must hear of it.
    public func stop() -> Bool { false }

    /// Returns when everything queued is on paper or dropped.
    /// - Throws: what the device threw.
    public func drain() throws(PaperError) {}

    public var isIdle: Bool { true }
}
