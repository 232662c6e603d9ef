import Keyboard

/// What is typed: letters for the page, Return for the model, and the keys that stop, turn and end.
extension Session {
    /// Keys kept while an answer is printed; more are lost, with a bell.
    private static let mostPostponed = 65536

    func handleKeys() throws(TypewriterError) {
        let events: [KeyEvent]
        do {
            events = try waiter.wait(until: hasModelEvents ? 0 : signDue)
        } catch {
            throw TypewriterError(error)
        }
        for event in events { try handle(event) }
        if isInterrupted, !isOver { try interrupt() }
    }

    private func interrupt() throws(TypewriterError) {
        if isBusy { try stopAnswer() }
        (isInterrupted, isOver) = (true, true)
    }

    /// A few at a time, so that a fast model cannot keep the keys waiting.
    func handleModelEvents() throws(TypewriterError) {
        hasModelEvents = true
        for _ in 0..<16 {
            guard let event = model.events.receiveNow() else {
                hasModelEvents = false
                return
            }
            try handle(event)
        }
    }

    func handle(_ event: KeyEvent) throws(TypewriterError) {
        // Whatever waits in the printer waits for this.
        if case .page = event.key, let sheets, sheets.isFull {
            if event.action == .press { sheets.insert() }
            return
        }
        if case .noPaper = event.key { return sheets?.takeOut() ?? () }
        if event.key == .interrupt, event.action == .press, editor.endsByKey { return try interrupt() }
        guard isBusy else {
            pace.key(at: event.time)
            for edit in editor.edit(event) { try handle(edit) }
            return
        }
        switch event.key {
        case .escape, .interrupt:
            // One that is held down means nothing more later.
            if event.action == .press { try stopAnswer() }
        default:
            if postponed.count < Self.mostPostponed {
                postponed.append(event)
            } else {
                try ring()
            }
        }
    }

    private func handle(_ edit: LineEdit) throws(TypewriterError) {
        switch edit {
        case .inserted(let text):
            if isInteractive { try print(page.type(text)) }
            readAhead()
        case .erased(let text):
            if isInteractive { try print(page.erase(text)) }
            readAhead()
        case .submitted(let line):
            if isInteractive { try print(page.newLine()) }
            if isInteractive, let isOn = Self.switches[line] {
                turnModel(isOn)
            } else if isModelOn, line.contains(where: { !$0.isWhitespace }) {
                ask(line)
            } else {
                observer(.typedLine)
            }
        case .bell:
            try ring()
        case .stopped:
            break
        case .newConversation:
            editor.clear()
            model.reset()
            observer(.newConversation)
            logger.info("new conversation")
            readAhead()
            if isInteractive { try print(page.startLine() + page.type("* * *") + page.newLine()) }
        case .page:
            if editor.text.isEmpty { try print(page.startLine()) }
            sheets?.insert()
        case .model(let isOn):
            turnModel(isOn)
        case .ended:
            // The end of the input submits the line before it.
            if isBusy { endsAfterAnswer = true } else { isOver = true }
        }
    }

    func readAhead() {
        if readsAhead, isModelOn { model.readAhead(editor.text, pause: pace.pause) }
    }

    /// What is typed instead of turning a switch.
    private static let switches = ["/off": false, "/on": true]

    private func turnModel(_ isOn: Bool) {
        guard isOn != isModelOn else { return }
        isModelOn = isOn
        observer(.modelSwitched(isOn: isOn))
        logger.info("the model is \(isOn ? "on" : "off")")
        readAhead()
    }
}
