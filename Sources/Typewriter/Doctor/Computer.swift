import Glibc
import Keyboard

/// The computer as the doctor sees it: its files below a root, so that another computer's can be shown instead, and what no file tells.
package struct Computer: Sendable {
    /// Who owns a device or directory, and who may use it.
    package struct Node: Sendable {
        let mode: UInt32
        let user: UInt32
        let group: UInt32
        /// Bytes.
        let size: Int

        package init(mode: UInt32, user: UInt32, group: UInt32, size: Int = 0) {
            (self.mode, self.user, self.group, self.size) = (mode, user, group, size)
        }
    }

    /// What looking at a device, or measuring a directory, came to.
    package enum Look<Value: Sendable & Equatable>: Sendable, Equatable {
        case seen(Value)
        /// Whoever runs the doctor may not.
        case hidden
        /// Somebody has it for himself.
        case taken
        /// What is wrong with it.
        case wrong(String)
    }

    /// Empty for this computer.
    let root: String
    /// Whoever is to run the typewriter.
    let account: Account
    /// The packaged service's; nil where it is not installed.
    let unit: ServiceUnit?
    /// Seconds since 1970.
    var now: Int
    /// Of a path; nil where there is nothing.
    var node: @Sendable (String) -> Node?
    /// Who uses a GPIO line; empty where nobody does.
    var gpio: @Sendable (GPIOLine) -> Look<String>
    /// What an input device or printer port says when it is opened, which neither notices; empty where all is well. A serial line is not opened:
    /// that can reset what hangs on it, or start its motor.
    var open: @Sendable (String) -> Look<String>
    /// Columns and lines of a text console.
    var consoleSize: @Sendable (String) -> (columns: Int, lines: Int)?
    /// Processes that have a device open, as far as whoever runs the doctor may see.
    var holders: @Sendable (String) -> [DeviceHolder]
    /// What the daemon says that it is doing; nil where none answers.
    var daemon: @Sendable () -> String?
    /// Bytes a second that a file is read at, past the page cache; nil if it cannot be.
    var readingSpeed: @Sendable (String) -> Double?
    /// Seconds until something small in this directory is sure to be on the disk.
    var writingTime: @Sendable (String) -> Look<Double>
    /// Bytes that an ordinary user may still write in a directory.
    var freeBytes: @Sendable (String) -> Int?

    /// - Parameters:
    ///   - user: An account's name; nil for `platen` if there is one, or else whoever runs this.
    package init(root: String = "", user: String? = nil) throws(TypewriterError) {
        self.root = root
        var account = try Account(named: user, root: root)
        unit = ServiceUnit(root: root)
        if account.name == ServiceUnit.user { account.join(unit?.words("SupplementaryGroups") ?? []) }
        self.account = account
        now = time(nil)
        node = { path in
            var status = stat()
            guard stat(root + path, &status) == 0 else { return nil }
            return Node(mode: UInt32(status.st_mode), user: status.st_uid, group: status.st_gid, size: Int(status.st_size))
        }
        gpio = { DeviceLook.gpio($0) }
        open = { DeviceLook.open($0) }
        consoleSize = { DeviceLook.consoleSize($0) }
        holders = { DeviceHolder.all(of: $0) }
        daemon = {
            // "state", and behind it what it is.
            guard let line = try? StatusClient.ask().text.split(separator: "\n").first(where: { $0.hasPrefix("state ") }) else { return nil }
            return String(line.dropFirst("state".count).drop { $0 == " " })
        }
        readingSpeed = { StorageSpeed.reading($0) }
        writingTime = { StorageSpeed.writing($0) }
        freeBytes = { StorageSpeed.freeBytes($0) }
    }

    /// The names in a directory, in the order of the alphabet.
    func names(_ path: String) -> [String] { directoryNames(root + path).sorted() }

    /// A small text file's content without white space at its end; nil where there is none.
    func text(_ path: String) -> String? {
        let descriptor = Glibc.open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        // Files of the kernel come in pieces.
        while bytes.count < 1 << 18 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        while let last = bytes.last, last <= UInt8(ascii: " ") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

    /// Where a link leads, one step.
    func link(_ path: String) -> String? { linkTarget(root + path) }

    /// The name of a device's driver's node: `ttyAMA0` for `/dev/serial0`.
    func deviceName(_ path: String) -> String {
        let end = link(path) ?? path
        return String(end[(end.lastIndex(of: "/").map { end.index(after: $0) } ?? end.startIndex)...])
    }

    /// The first part of a path that the account may not go through, or the end where it may not do what is wanted there; nil where it may, or
    /// nobody can tell.
    /// - Parameter wanted: as `Account.may` has it.
    func barrier(_ path: String, _ wanted: UInt32) -> String? {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            if let node = node(part), !account.may(end < path.endIndex ? 1 : wanted, node) { return part }
        }
        return nil
    }
}
