import Glibc
import Keyboard

/// The computer as the doctor sees it: its files below a root, so that another computer's can be shown instead, and what no file tells.
package struct Computer: Sendable {
    /// Who owns a device or directory, and who may use it.
    package struct Node: Sendable {
        let mode: UInt32
        let user: UInt32
        let group: UInt32

        package init(mode: UInt32, user: UInt32, group: UInt32) {
            (self.mode, self.user, self.group) = (mode, user, group)
        }
    }

    /// Empty for this computer.
    let root: String
    /// Whoever is to run the typewriter.
    let account: Account
    /// Seconds since 1970.
    var now: Int
    /// Of a path; nil where there is nothing.
    var node: @Sendable (String) -> Node?
    /// What keeps a GPIO line from being used; nil when nothing does.
    var obstacle: @Sendable (GPIOLine) -> String?
    /// Bytes a second that a file is read at, past the page cache; nil if it cannot be.
    var readingSpeed: @Sendable (String) -> Double?
    /// Seconds until something small in this directory is sure to be on the disk; nil if it cannot be written.
    var writingTime: @Sendable (String) -> Double?

    /// - Parameters:
    ///   - user: An account's name; nil for `platen` if there is one, or else whoever runs this.
    package init(root: String = "", user: String? = nil) throws(TypewriterError) {
        self.root = root
        account = try Account(named: user, root: root)
        now = time(nil)
        node = { path in
            var status = stat()
            guard stat(root + path, &status) == 0 else { return nil }
            return Node(mode: UInt32(status.st_mode), user: status.st_uid, group: status.st_gid)
        }
        obstacle = { $0.obstacle }
        readingSpeed = { StorageSpeed.reading($0) }
        writingTime = { StorageSpeed.writing($0) }
    }

    /// The names in a directory, in the order of the alphabet.
    func names(_ path: String) -> [String] {
        guard let directory = opendir(root + path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A small text file's content without white space at its end; nil where there is none.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
    func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(root + path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}

extension GPIOLine {
    /// What keeps this line from being used; nil when nothing does, or the typewriter itself has it.
    fileprivate var obstacle: String? {
        do {
            let (description, user) = try look()
            return user.flatMap { $0.hasPrefix("platen") ? nil : description }
        } catch {
            return error.description
        }
    }
}
