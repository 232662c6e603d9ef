import CHardware
import Glibc

/// Keys from the kernel's input devices: USB and Bluetooth keyboards, and matrices that the kernel drives itself.
///
/// Devices come and go: the directory is watched, and looked through for a while after something has changed in it, because a new
/// device gets its permissions and its links a moment later. Keys that are down when their device goes are released.
public final class EvdevKeyboard: Keyboard {
    /// Which devices.
    public enum Selection: Sendable, Equatable {
        /// All that have letters.
        case all
        /// A path, such as a link of /dev/input/by-id, which finds the same keyboard in any socket.
        case path(String)
        /// The name that the device gives itself.
        case name(String)

        /// `all`, a path (with a slash) or a name.
        public init(_ text: String) {
            self = text == "all" ? .all : text.contains("/") ? .path(text) : .name(text)
        }
    }

    private struct Member {
        let path: String
        let source: any InputSource
        var held = HeldKeys()
    }

    /// Nanoseconds between two looks into the directory while something is expected.
    private static let lookInterval: UInt64 = 250_000_000
    /// Looks after a change.
    private static let looksAfterChange = 12

    private let directory: String
    /// The only device that is looked for.
    private let path: String?
    private let openSource: (String) throws(KeyboardError) -> (any InputSource)?
    private var layout: any KeyLayout
    private var members: [Member] = []
    private var shownLocks: KeyLocks = []
    /// Of the devices' descriptors and the watch's.
    private let group: Int32
    private let watch: Int32
    private var isWatching = false
    private var looksLeft = EvdevKeyboard.looksAfterChange
    private var nextLook: UInt64 = 0

    /// Whether another program has an input device's keys for itself. It is open only as long as it takes to find out.
    /// - Throws: when it may not be opened, or is no input device.
    public static func isTaken(_ path: String) throws(KeyboardError) -> Bool { try EvdevDevice.open(path)?.isTaken() ?? false }

    /// - Parameters:
    ///   - grabs: nobody else gets the keys, above all not the console, which would run what is typed.
    /// - Throws: when there are devices, and none of those that were asked for may be opened.
    public convenience init(
        _ selection: Selection = .all, layout: any KeyLayout, grabs: Bool = true, directory: String = "/dev/input"
    ) throws(KeyboardError) {
        let path: String? = if case .path(let path) = selection { path } else { nil }
        try self.init(layout: layout, directory: directory, path: path) { (path: String) throws(KeyboardError) -> (any InputSource)? in
            guard let device = try EvdevDevice.open(path) else { return nil }
            switch selection {
            case .all where !device.isKeyboard: return nil
            case .name(let name) where device.name != name: return nil
            default: break
            }
            if grabs { try device.grab() }
            return device
        }
    }

    /// - Parameters:
    ///   - path: of the only device; nil for all of the directory.
    ///   - open: gives a source for the path of a device; nil where it is not there, or not wanted.
    init(
        layout: any KeyLayout, directory: String, path: String? = nil,
        open: @escaping (String) throws(KeyboardError) -> (any InputSource)?
    ) throws(KeyboardError) {
        (self.layout, self.directory, self.path, openSource) = (layout, directory, path, open)
        group = epoll_create1(Int32(EPOLL_CLOEXEC))
        watch = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard group >= 0, watch >= 0 else { throw KeyboardError("cannot watch \(directory): \(String(cString: strerror(errno)))") }
        add(watch)
        if let error = look(), members.isEmpty { throw error }
    }

    deinit {
        close(watch)
        close(group)
    }

    public var isConnected: Bool { !members.isEmpty }

    public var descriptor: Int32? { group }

    public var deadline: UInt64? {
        // A link is in a directory of its own, which is not watched.
        let isInvisible = !isWatching || path != nil
        return looksLeft > 0 || members.isEmpty && isInvisible ? nextLook : nil
    }

    public func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        let gone = members.indices.filter { !read(&members[$0], &events) }
        for index in gone.reversed() {
            var member = members.remove(at: index)
            for code in member.held.releaseAll() { give(code, .release, now, &events) }
        }
        if hasDirectoryChanged() {
            looksLeft = Self.looksAfterChange
            nextLook = now
        }
        if let deadline, now >= deadline {
            looksLeft = max(0, looksLeft - 1)
            nextLook = now &+ Self.lookInterval
            // A device that has just appeared may not be ours yet: that passes.
            _ = look()
        }
        let locks = layout.locks
        if locks != shownLocks {
            shownLocks = locks
            for member in members { member.source.show(locks) }
        }
    }

    /// False where the device is gone.
    private func read(_ member: inout Member, _ events: inout [KeyEvent]) -> Bool {
        while true {
            switch member.source.next() {
            case .key(let code, let value, let time):
                if let action = member.held.change(code, value) { give(code, action, time, &events) }
            case .other: continue
            case .nothing: return true
            case .gone: return false
            }
        }
    }

    private func give(_ code: UInt16, _ action: KeyEvent.Action, _ time: UInt64, _ events: inout [KeyEvent]) {
        for key in layout.keys(for: code, action) { events.append(KeyEvent(time: time, key: key, action: action)) }
    }

    // MARK: Coming and going

    /// Opens what is new. Returns the first thing that went wrong.
    private func look() -> KeyboardError? {
        if !isWatching {
            let changes = IN_CREATE | IN_ATTRIB | IN_MOVED_TO | IN_DELETE_SELF
            isWatching = inotify_add_watch(watch, directory, UInt32(changes)) >= 0
        }
        var first: KeyboardError?
        for path in paths() where !members.contains(where: { $0.path == path }) {
            do {
                guard let source = try openSource(path) else { continue }
                source.show(layout.locks)
                add(source.descriptor)
                members.append(Member(path: path, source: source))
            } catch {
                first = first ?? error
            }
        }
        return first
    }

    private func paths() -> [String] {
        if let path { return [path] }
        guard let entries = opendir(directory) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix("event") { names.append(name) }
        }
        return names.sorted().map { "\(directory)/\($0)" }
    }

    private func hasDirectoryChanged() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var hasChanged = false
        while Glibc.read(watch, &bytes, bytes.count) > 0 { hasChanged = true }
        // The directory itself goes with its last device.
        if hasChanged, access(directory, F_OK) != 0 { isWatching = false }
        return hasChanged
    }

    private func add(_ descriptor: Int32) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.fd = descriptor
        epoll_ctl(group, EPOLL_CTL_ADD, descriptor, &event)
    }
}
