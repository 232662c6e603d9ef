import CHardware
import Glibc

/// The process that opens a typewriter's contacts, and switches lamps and bells off, when this one has died without doing it.
public enum LineGuard {
    /// Starts it unless it runs. It is a copy of this process: start it before there is a model to copy.
    public static func start() throws(PaperError) {
        let error = pl_gpio_start_guard()
        guard error == 0 else { throw PaperError("cannot start the guard of GPIO lines: \(String(cString: strerror(error)))") }
    }
}
