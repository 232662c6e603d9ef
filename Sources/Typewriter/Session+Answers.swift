import Conversation
import Paper

/// From a question to the empty line under its answer.
extension Session {
    /// Silence after Return before the page shows that the machine thinks, in nanoseconds.
    private static let patience: UInt64 = 500_000_000
    private static let thinkingSign = "..."

    func ask(_ prompt: String) {
        let cancellation = Cancellation()
        activity = .answering(cancellation)
        isStopped = false
        observer(.asked(prompt))
        model.ask(prompt, adjustments(), cancellation)
        if isInteractive, canErase { signDue = now() + Self.patience }
    }

    func handle(_ event: ModelThread.Event) throws(TypewriterError) {
        switch event {
        case .text(let text):
            try removeSign()
            guard !isStopped else { break }
            observer(.text(text, line: page.line))
            try print(page.write(text))
        case .finished(let result):
            observer(.finished(result))
            try removeSign()
            if case .failure(let error) = result {
                logger.warning("\(error)")
                if !isStopped { try print(page.write("(\(error))")) }
            }
            if !isStopped { try print(page.flush()) }
            if !isInteractive, case .success(let reply) = result, reply.text.isEmpty {
                // A line for every question, so that a program that reads them can tell which is which.
                try print(page.newLine())
            }
            try endAnswer()
        case .settled:
            try printEnd()
        case .printed(let error):
            if let error { throw TypewriterError(error) }
            activity = .typing
            keeping?.progress.catchUp(with: page.line)
            observer(.printed)
            if endsAfterAnswer { isOver = true }
            let keys = postponed
            postponed = []
            readAhead()
            for key in keys where !isOver { try handle(key) }
        }
    }

    /// All of the answer is laid out. Its end is printed when it is kept, so that a turn that looks finished is.
    func endAnswer() throws(TypewriterError) {
        let substitutions = page.takeSubstitutions()
        if !substitutions.isEmpty { logger.debug("typed otherwise: \(logsText() ? substitutions.description : "a few characters")") }
        guard let keeping else { return try printEnd() }
        activity = .settling
        model.settle(keeping.settle)
    }

    private func printEnd() throws(TypewriterError) {
        try print(endOfAnswer())
        activity = .printing
        model.drain(printer)
    }

    /// An empty line between two turns.
    private func endOfAnswer() -> [Strike] {
        page.startLine() + (isInteractive ? page.newLine() : []) + [.tearOff]
    }

    /// Silences model and ink. What was on its way to the paper is dropped.
    func stopAnswer() throws(TypewriterError) {
        if case .answering(let cancellation) = activity { cancellation.cancel() }
        isStopped = true
        observer(.stopped)
        guard printer.stop() else {
            page.discard()
            return try removeSign()
        }
        (signDue, showsSign) = (nil, false)
        let newLine = page.stopped()
        // What waited for a sheet waited at a line's beginning.
        if let sheets, sheets.isFull { return }
        try print(newLine)
        // The end of a whole answer was among what was dropped; that of one in the making is still to come.
        if case .printing = activity { try print(endOfAnswer()) }
    }

    // MARK: The sign

    func showSignIfDue() throws(TypewriterError) {
        guard let due = signDue, now() >= due else { return }
        signDue = nil
        showsSign = true
        try print(page.type(Self.thinkingSign))
    }

    private func removeSign() throws(TypewriterError) {
        signDue = nil
        guard showsSign else { return }
        showsSign = false
        try print(page.erase(Self.thinkingSign))
    }
}
