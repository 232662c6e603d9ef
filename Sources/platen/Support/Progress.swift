import Glibc

/// A line on standard error that says how far a long work is: only on a terminal, only after a second, and erased at the end.
struct Progress: ~Copyable {
    private let what: String
    private let start = ContinuousClock.now
    private let output = OutputStream(standard: OutputStream.standardError)
    private var isShown = false
    private var shown = ""

    init(_ what: String) {
        self.what = what
    }

    mutating func show(_ done: Int, of all: Int) {
        guard output.isTerminal, ContinuousClock.now - start > .seconds(1) else { return }
        let text = "\(what): \(done) of \(all)"
        guard text != shown else { return }
        shown = text
        isShown = true
        try? output.write("\r\u{1B}[K\(text)")
    }

    deinit {
        if isShown { try? output.write("\r\u{1B}[K") }
    }
}
