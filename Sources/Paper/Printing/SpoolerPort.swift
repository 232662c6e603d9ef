import Glibc

/// A printer that CUPS knows, through `lp`: bytes are kept until a job is complete, and taken by `lp`.
final class SpoolerPort: PrinterPort, @unchecked Sendable {
    let name: String
    private let arguments: [String]
    private var job: [UInt8] = []
    /// Nanoseconds that handing over a job may take, before it is tried again.
    private let patience: UInt64

    /// - Parameters:
    ///   - queue: The printer's name; empty for the default one.
    ///   - isRaw: The bytes are in the printer's own language: CUPS must not touch them.
    ///   - program, patience: For tests.
    init(queue: String, isRaw: Bool, program: String = "lp", patience: UInt64 = 60_000_000_000) {
        self.patience = patience
        name = queue.isEmpty ? "lp" : "lp -d \(queue)"
        // `lp` ends its own options at `--`, so that no name can be one.
        arguments = [program, "-s"] + (queue.isEmpty ? [] : ["-d", queue]) + (isRaw ? ["-o", "raw"] : []) + ["--"]
    }

    func open() throws(PaperError) -> String? { nil }

    func close() {}

    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite {
        job += bytes
        return PortWrite(count: bytes.count, end: .done)
    }

    func finishJob(_ stop: StopSignal) -> String? {
        guard !job.isEmpty, !stop.isRaised else { return nil }
        do {
            var program = try ChildProgram.start(arguments)
            let deadline = SystemPrintClock().now() + patience
            if program.feed(job, until: deadline, stop: stop), program.end(until: deadline, stop: stop) == 0 {
                job = []
                return nil
            }
            return stop.isRaised ? nil : "\(arguments[0]) did not take the job; ask `lpstat -p`"
        } catch {
            return "\(arguments[0]): \(error)"
        }
    }
}
