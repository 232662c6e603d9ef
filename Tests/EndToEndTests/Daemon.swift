import Foundation
import Glibc
import TestSupport

/// `platend` with a serial keyboard, a printer that is a file, and a service manager: a machine as it stands in a room.
final class Daemon {
    let directory: URL
    let manager: DatagramReceiver
    let process = Process()
    let keyboard = SerialLink()
    private let errors: URL

    /// - Parameters:
    ///   - model: a path; relative to the machine's directory if it is no absolute one.
    ///   - settings: lines of TOML that go before those of keyboard and paper.
    init(
        in directory: URL, model: String, settings: String = "", keyboardIsThere: Bool = true, printer: String? = nil,
        environment: [String: String] = [:]
    ) throws {
        self.directory = directory
        errors = directory.appending(path: "errors")
        manager = try DatagramReceiver(directory.appending(path: "notify").path)
        if keyboardIsThere { try keyboard.plug(into: directory.appending(path: "keyboard")) }
        let file = directory.appending(path: "platen.toml")
        try """
            \(settings)
            [model]
            path = "\(model.hasPrefix("/") ? model : directory.appending(path: model).path)"
            threads = 1
            [conversation]
            max_tokens = 40
            [keyboard]
            kind = "serial"
            device = "\(directory.appending(path: "keyboard").path)"
            [paper]
            kind = "printer"
            device = "\(printer ?? directory.appending(path: "page").path)"
            [state]
            directory = "\(directory.appending(path: "state").path)"
            """.write(to: file, atomically: true, encoding: .utf8)
        process.executableURL = Places.programs.appending(path: "platend")
        process.arguments = ["--config", file.path]
        process.environment = ProcessInfo.processInfo.environment
            .merging(["NOTIFY_SOCKET": directory.appending(path: "notify").path, "STATE_DIRECTORY": directory.path]) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        try Data().write(to: errors)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    var log: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }
    /// What was printed, with plain line ends.
    var page: String { page(at: directory.appending(path: "page")) }
    func page(at place: URL) -> String { ((try? String(contentsOf: place, encoding: .utf8)) ?? "").replacing("\r\n", with: "\n") }

    func says(_ status: String, within seconds: Double = 30) -> Bool {
        manager.hears(within: seconds) { $0.hasPrefix("STATUS=\(status)") }
    }

    func waits(for condition: () -> Bool, within seconds: Double = 60) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            if ContinuousClock.now > end { return false }
            usleep(5000)
        }
        return true
    }

    /// The exit status, and how long it took.
    func end(_ signal: Int32 = SIGTERM) -> (status: Int32, seconds: Double) {
        let start = Date()
        kill(process.processIdentifier, signal)
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + 60)
        let process = process
        timer.setEventHandler { kill(process.processIdentifier, SIGKILL) }
        timer.resume()
        process.waitUntilExit()
        timer.cancel()
        return (process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, Date().timeIntervalSince(start))
    }
}

/// A serial line that can be plugged in and pulled out.
final class SerialLink {
    private var ends: (master: Int32, slave: Int32) = (-1, -1)
    private var link: URL?

    /// Makes the line appear at this path.
    func plug(into link: URL) throws {
        pull()
        var (master, slave): (Int32, Int32) = (-1, -1)
        guard openpty(&master, &slave, nil, nil, nil) == 0, let name = ttyname(slave) else {
            throw Terminal.Failure(call: "openpty", code: errno)
        }
        ends = (master, slave)
        var mode = termios()
        tcgetattr(ends.slave, &mode)
        cfmakeraw(&mode)
        tcsetattr(ends.slave, TCSANOW, &mode)
        for end in [ends.master, ends.slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: String(cString: name))
        self.link = link
    }

    func pull() {
        if let link { unlink(link.path) }
        for end in [ends.master, ends.slave] where end >= 0 { close(end) }
        (ends, link) = ((-1, -1), nil)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(ends.master, bytes, bytes.count)
    }

    /// What was written to the line.
    func read(within milliseconds: Int32) -> String {
        var query = pollfd(fd: ends.master, events: Int16(POLLIN), revents: 0)
        var bytes = [UInt8](repeating: 0, count: 65536)
        guard poll(&query, 1, milliseconds) > 0 else { return "" }
        let count = Glibc.read(ends.master, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }

    deinit { pull() }
}
