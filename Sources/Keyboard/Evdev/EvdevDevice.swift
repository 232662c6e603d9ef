import CHardware
import Glibc

/// An open input device, through libevdev, which also finds out what changed while events were dropped (SYN_DROPPED).
final class EvdevDevice: InputSource {
    let descriptor: Int32
    private let device: OpaquePointer
    /// Events were dropped, and the changes since are being handed out.
    private var isSyncing = false
    /// Nobody else is to get the keys, but keys that were held before keep it from being so.
    private var isGrabDue = false

    private static let lampCodes: [(code: Int32, lock: KeyLocks)] = [
        (LED_CAPSL, .capitals), (LED_NUML, .numbers), (LED_SCROLLL, .scrolling),
    ]

    private init(_ descriptor: Int32, _ device: OpaquePointer) {
        (self.descriptor, self.device) = (descriptor, device)
    }

    /// Nil where it is not there.
    /// - Throws: where it may not be opened, or is no input device.
    static func open(_ path: String) throws(KeyboardError) -> EvdevDevice? {
        // Lamps are written to; a device that may only be read has keys all the same.
        var descriptor = Glibc.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0, errno == EACCES { descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else {
            if [ENOENT, ENODEV, ENXIO].contains(errno) { return nil }
            let remedy = errno == EACCES ? "; the user needs the group input" : ""
            throw KeyboardError("cannot open the keyboard \(path): \(String(cString: strerror(errno)))\(remedy)")
        }
        var device: OpaquePointer?
        let status = libevdev_new_from_fd(descriptor, &device)
        guard status == 0, let device else {
            close(descriptor)
            if status == -ENODEV { return nil }
            throw KeyboardError("\(path) is no input device; keyboard.device has to name one of /dev/input, or be \"all\"")
        }
        libevdev_set_clock_id(device, CLOCK_MONOTONIC)
        return EvdevDevice(descriptor, device)
    }

    deinit {
        libevdev_free(device)
        close(descriptor)
    }

    var name: String { libevdev_get_name(device).map { String(cString: $0) } ?? "" }

    /// It has the letters and Return; power buttons, mice and remote controls have not.
    var isKeyboard: Bool {
        [KEY_Q, KEY_A, KEY_Z, KEY_P, KEY_M, KEY_SPACE, KEY_ENTER].allSatisfy {
            libevdev_has_event_code(device, UInt32(EV_KEY), UInt32($0)) == 1
        }
    }

    /// Takes the device away from everybody else (a console that would run what is typed), as soon as no key is down: whoever has seen
    /// a key go down is to see it go up.
    /// - Throws: when somebody else has taken it.
    func grab() throws(KeyboardError) {
        isGrabDue = isAnyKeyDown
        guard !isGrabDue else { return }
        let status = libevdev_grab(device, LIBEVDEV_GRAB)
        guard status == 0 else {
            throw KeyboardError(
                "cannot have the keyboard \(name.debugDescription) alone: \(String(cString: strerror(-status))); end the other program, or set keyboard.grab = false")
        }
    }

    /// Somebody else has the keys for himself. Nothing is known while a key is down: see `grab`.
    func isTaken() -> Bool {
        guard !isAnyKeyDown else { return false }
        let status = libevdev_grab(device, LIBEVDEV_GRAB)
        if status == 0 { libevdev_grab(device, LIBEVDEV_UNGRAB) }
        return status == -EBUSY
    }

    private var isAnyKeyDown: Bool {
        (0..<UInt32(KEY_CNT)).contains { libevdev_get_event_value(device, UInt32(EV_KEY), $0) != 0 }
    }

    func next() -> InputReport {
        while true {
            var event = input_event()
            let flag = isSyncing ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL
            let status = libevdev_next_event(device, flag.rawValue, &event)
            switch status {
            case -EAGAIN where isSyncing:
                isSyncing = false
                continue
            case -EAGAIN:
                if isGrabDue { try? grab() }
                return .nothing
            case -EINTR:
                continue
            case Int32(LIBEVDEV_READ_STATUS_SYNC.rawValue):
                isSyncing = true
            case Int32(LIBEVDEV_READ_STATUS_SUCCESS.rawValue):
                break
            default:
                return .gone
            }
            guard Int32(event.type) == EV_KEY else { return .other }
            let time = UInt64(clamping: event.time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: event.time.tv_usec) &* 1_000
            return .key(code: event.code, value: event.value, time: time)
        }
    }

    func show(_ locks: KeyLocks) {
        for (code, lock) in Self.lampCodes where libevdev_has_event_code(device, UInt32(EV_LED), UInt32(code)) == 1 {
            libevdev_kernel_set_led_value(device, UInt32(code), locks.contains(lock) ? LIBEVDEV_LED_ON : LIBEVDEV_LED_OFF)
        }
    }
}
