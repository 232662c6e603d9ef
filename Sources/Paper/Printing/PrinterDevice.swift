import Glibc

/// A printer: a language over a port. Waits for whatever keeps it from printing, and goes on where it stopped.
///
/// What a port accepted counts as printed, unless the printer acknowledges: then only what it acknowledged does. A printer that
/// types whole lines forgets the line when it is initialized, so an interrupted line is sent again from its beginning.
public final class PrinterDevice: PaperDevice, @unchecked Sendable {
    public let capabilities: PaperCapabilities
    private let port: any PrinterPort
    private let blockSize: Int?
    private let asksForStatus: Bool
    private let retryMilliseconds: Int32
    private let report: @Sendable (PrinterReport) -> Void
    /// Even what cannot pass by itself, such as a missing permission, is waited for.
    private let isPatient: Bool

    // One thread at a time prints.
    private var language: PrinterLanguage
    private var isOpen = false
    /// The printer got something already: it is not initialized, but resumed.
    private var wasReached = false
    /// The printer is in the state that `language` says.
    private var isKnown = false
    /// Steps of the line in the making, for a printer that types whole lines.
    private var line: [PrinterStep] = []
    /// Of a printer that draws what it cannot type.
    private var drawnLines: DrawnLines?
    /// The printer gave an answer to a question about its state, or has not been asked.
    private var answersStatus = true
    private var lastReport: String?

    /// Bytes between two looks at the stop signal and at what was accepted; few, so that a slow line does not buffer pages.
    private static let pieceSize = 64

    init(
        _ profile: PrinterProfile, port: any PrinterPort, retryMilliseconds: Int32 = 500, isPatient: Bool = false,
        report: @escaping @Sendable (PrinterReport) -> Void = { _ in }
    ) {
        language = PrinterLanguage(profile)
        drawnLines = language.raster.map { [repertoire = language.repertoire] in DrawnLines($0, repertoire) }
        self.port = port
        blockSize = profile.blockSize
        asksForStatus = profile.features.contains(.status) && language.commands.hasStatus
        self.retryMilliseconds = retryMilliseconds
        self.report = report
        self.isPatient = isPatient
        capabilities = PaperCapabilities(profile, language)
    }

    /// - Parameters:
    ///   - address: Where the printer is.
    ///   - isPatient: Nobody is there to be told at once what can never work: it is waited for like all else.
    ///   - report: Hears what printing waits for, and that it goes on.
    public convenience init(
        _ profile: PrinterProfile, at address: PrinterAddress, isPatient: Bool = false, report: @escaping @Sendable (PrinterReport) -> Void = { _ in }
    ) throws(PaperError) {
        self.init(profile, port: address.port(for: profile), isPatient: isPatient, report: report)
        // What can never work is said at once; what is only not there yet is waited for when there is something to print.
        if let reason = try port.open(isPatient: isPatient) { tell(reason) } else { isOpen = true }
    }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        let allSteps = strikes.flatMap { PrinterStep.steps(of: $0, language.repertoire) }
        let earlier = drawnLines
        var steps = try (drawnLines?.take(allSteps) ?? allSteps)[...]
        let count = steps.count
        // What a stop drops is no part of any line. What was kept before is, until it is sent.
        defer { if stop.isRaised { drawnLines = steps.count == count ? earlier : drawnLines?.empty } }
        while !steps.isEmpty {
            guard try makeReady(stop) else { return false }
            let piece = nextPiece(steps)
            let result = send(piece, stop)
            note(steps.prefix(result.count))
            steps = steps.dropFirst(result.count)
            switch result.end {
            case .done: break
            case .stopped:
                leaveOff()
                return false
            case .lost(let reason): lose(reason)
            }
        }
        return !stop.isRaised
    }

    /// A printer that is plugged in is no longer waited for, before there is something to print. One that is asked for its state is asked then.
    public func attend() -> UInt64? {
        let wasOpen = isOpen
        guard lastReport != nil, !wasOpen || !asksForStatus, let obstacle = try? portObstacle() ?? "" else { return nil }
        tell(obstacle.isEmpty ? nil : obstacle)
        return obstacle.isEmpty ? nil : UInt64(retryMilliseconds) * 1_000_000
    }

    // MARK: Pieces

    /// Steps that are sent together, the bytes for all of them, and for each the state after it and where its bytes end.
    private struct Piece {
        var bytes: [UInt8] = []
        /// What is done once so many bytes are accepted; behind it there may be pauses for the carriage, up to `byte`.
        var ends: [(language: PrinterLanguage, done: Int, byte: Int)] = []
        var endsJob = false
    }

    private func nextPiece(_ steps: ArraySlice<PrinterStep>) -> Piece {
        var (piece, language) = (Piece(), language)
        let size = min(blockSize ?? Self.pieceSize, Self.pieceSize)
        for step in steps {
            // Of an acknowledged block it must be clear whether it ended the line.
            if step == .newLine, blockSize != nil, !piece.ends.isEmpty { break }
            let bytes = language.bytes(for: step)
            if !piece.ends.isEmpty, piece.bytes.count + bytes.count > size { break }
            piece.bytes += bytes
            let pauses = step == .newLine ? bytes.reversed().prefix { $0 == 0 }.count : 0
            piece.ends.append((language, piece.bytes.count - pauses, piece.bytes.count))
            piece.endsJob = step == .tearOff
            if step == .newLine || step == .tearOff { break }
        }
        return piece
    }

    /// - Returns: how many steps are done.
    private func send(_ piece: Piece, _ stop: StopSignal) -> PortWrite {
        var result = port.write(piece.bytes[...], stop: stop)
        if result.count > 0 { wasReached = true }
        if result.end == .stopped, let end = piece.ends.first(where: { $0.byte > result.count })?.byte, !isBoundary(result.count, piece) {
            // A step is never left in its middle: the printer would take what follows for the rest of it.
            let rest = port.write(piece.bytes[result.count..<end], stop: nil)
            result = PortWrite(count: result.count + rest.count, end: rest.end == .done ? .stopped : .lost("it stands still"))
        }
        if result.end == .done, blockSize != nil, !piece.bytes.isEmpty {
            let answer = acknowledgement(stop)
            if answer != .done { return PortWrite(count: answer == .stopped ? complete(piece, result.count) : 0, end: answer) }
        } else if blockSize != nil, case .lost = result.end {
            result.count = 0
        }
        let count = complete(piece, result.count)
        if result.end == .done, piece.endsJob {
            guard finishJob(stop) else { return PortWrite(count: count, end: .stopped) }
        }
        return PortWrite(count: count, end: result.end)
    }

    /// Hands the job over, however long nobody takes it. False when stopped.
    private func finishJob(_ stop: StopSignal) -> Bool {
        while let refusal = port.finishJob(stop) {
            tell(refusal)
            guard pause(stop) else { return false }
        }
        guard !stop.isRaised else { return false }
        tell(nil)
        return true
    }

    private func isBoundary(_ byte: Int, _ piece: Piece) -> Bool { byte == 0 || piece.ends.contains { $0.byte == byte } }

    /// Takes over the state behind the steps whose bytes were all accepted.
    private func complete(_ piece: Piece, _ accepted: Int) -> Int {
        let count = piece.ends.prefix { $0.done <= accepted }.count
        if count > 0 { language = piece.ends[count - 1].language }
        return count
    }

    /// Asks with ETX, which never stands within a sequence here, and waits for ACK.
    private func acknowledgement(_ stop: StopSignal) -> PortWrite.End {
        let question = port.write([0x03], stop: stop)
        guard question.end == .done else { return question.end }
        while true {
            switch port.read(milliseconds: -1, stop: stop) {
            case .byte(0x06): return .done
            case .byte, .nothing: continue
            case .stopped: return .stopped
            case .lost(let reason): return .lost(reason)
            }
        }
    }

    private func note(_ steps: ArraySlice<PrinterStep>) {
        guard language.commands.typesWholeLines else { return }
        for step in steps {
            if step == .newLine || step == .tearOff { line = [] } else { line.append(step) }
        }
    }

    // MARK: Stopping

    /// Drops what the line still holds, and leaves the printer in a plain style.
    private func leaveOff() {
        if port.dropUnsent() {
            isKnown = false
            line = []
        } else if isKnown {
            _ = write(language.rest(), nil)
        }
    }

    // MARK: Readiness

    /// Opens the port, initializes the printer, and waits until nothing keeps it from printing. False when stopped.
    private func makeReady(_ stop: StopSignal) throws(PaperError) -> Bool {
        while !stop.isRaised {
            if let obstacle = try obstacle(stop) {
                tell(obstacle)
                guard pause(stop) else { return false }
                continue
            }
            if stop.isRaised { break }
            tell(nil)
            if isKnown { return true }
            switch write(start(), stop) {
            case .done:
                isKnown = true
                return true
            case .stopped: return false
            case .lost(let reason): lose(reason)
            }
        }
        return false
    }

    private func start() -> [UInt8] {
        var bytes = language.start(at: wasReached ? language.column : nil)
        for step in line { bytes += language.bytes(for: step) }
        return bytes
    }

    /// What keeps the printer from printing.
    private func obstacle(_ stop: StopSignal) throws(PaperError) -> String? {
        if let obstacle = try portObstacle() { return obstacle }
        // Before the first step of a line is early enough, and does not slow the others.
        if !isKnown, wasReached, case .lost(let reason) = write(language.commands.settle, stop) {
            lose(reason)
            return reason
        }
        guard asksForStatus, answersStatus, port.canAnswer, line.isEmpty else { return nil }
        return statusObstacle(stop)
    }

    /// What the way to the printer knows, opened if it is not open.
    private func portObstacle() throws(PaperError) -> String? {
        if !isOpen {
            if let reason = try port.open(isPatient: isPatient) { return reason }
            (isOpen, isKnown, answersStatus) = (true, false, true)
        }
        return port.obstacle()
    }

    private func write(_ bytes: [UInt8], _ stop: StopSignal?) -> PortWrite.End {
        let result = port.write(bytes[...], stop: stop)
        if result.count > 0 { wasReached = true }
        // Who knows in the middle of which sequence.
        if result.count < bytes.count { isKnown = false }
        return result.end
    }

    /// ESC/POS: DLE EOT 2 asks why the printer is off line (bit 2: the cover is open), DLE EOT 4 for the paper (bits 5 and 6: none). In each
    /// answer bits 1 and 4 are set, 0 and 7 are not (Epson TM-T88II/T88III Technical Reference Guide).
    private func statusObstacle(_ stop: StopSignal) -> String? {
        for (question, mask, meaning) in [(UInt8(2), UInt8(0x04), "the cover is open"), (4, 0x60, "out of paper")] {
            // An answer that came too late is none to this question.
            while case .byte = port.read(milliseconds: 0, stop: stop) {}
            switch write([0x10, 0x04, question], stop) {
            case .done: break
            case .stopped: return nil
            case .lost(let reason):
                lose(reason)
                return reason
            }
            switch port.read(milliseconds: 300, stop: stop) {
            case .byte(let answer) where answer & 0x93 == 0x12:
                if answer & mask != 0 { return meaning }
            case .lost(let reason):
                lose(reason)
                return reason
            case .stopped: return nil
            case .byte, .nothing:
                // Not a printer that answers, or a line that only goes one way.
                answersStatus = false
                return nil
            }
        }
        return nil
    }

    private func lose(_ reason: String) {
        port.close()
        (isOpen, isKnown) = (false, false)
        tell(reason)
    }

    private func tell(_ obstacle: String?) {
        guard obstacle != lastReport else { return }
        lastReport = obstacle
        report(obstacle.map { .waits(printer: port.name, why: $0) } ?? .goesOn(printer: port.name))
    }

    private func pause(_ stop: StopSignal) -> Bool {
        var query = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&query, 1, retryMilliseconds) <= 0
    }
}
