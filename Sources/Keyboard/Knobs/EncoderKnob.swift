import CHardware
import Glibc

/// A rotary encoder, which the kernel's `rotary-encoder` driver makes an input device with a relative axis. A keyboard without keys:
/// its turns are taken as they come, for the kernel keeps only a few.
///
/// It begins in the middle, and has no position before it was turned.
public final class EncoderKnob: Knob, Keyboard {
    public private(set) var descriptor: Int32?
    public let deadline: UInt64? = nil
    public let givesKeys = false
    private let steps: Int
    /// Steps from the left end.
    private var step: Int?

    /// - Parameters:
    ///   - path: Of the device, such as `/dev/input/by-path/platform-rotary@17-event`.
    ///   - steps: From one end to the other.
    public init(path: String, steps: Int) throws(KeyboardError) {
        let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw KeyboardError("cannot open the knob \(path): \(String(cString: strerror(errno)))") }
        descriptor = opened
        self.steps = max(1, steps)
    }

    public var position: Double? { step.map { Double($0) / Double(steps) } }

    deinit {
        if let descriptor { close(descriptor) }
    }

    public func read(at now: UInt64, into events: inout [KeyEvent]) {
        guard let descriptor else { return }
        var reports = [input_event](repeating: input_event(), count: 64)
        let size = MemoryLayout<input_event>.stride
        while true {
            let count = reports.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                // Nothing more for now, or the device is gone: the knob stays where it is then.
                if count < 0, errno == EINTR { continue }
                if count == 0 || errno != EAGAIN {
                    close(descriptor)
                    self.descriptor = nil
                }
                return
            }
            for report in reports[..<(count / size)] where Int32(report.type) == EV_REL {
                step = min(steps, max(0, (step ?? steps / 2) + Int(report.value)))
            }
        }
    }
}
