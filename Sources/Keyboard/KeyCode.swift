import CHardware

/// The names of Linux key codes, such as `KEY_A`, as `linux/input-event-codes.h` and libevdev have them.
public enum KeyCode {
    /// The code of a key by its name.
    public static func named(_ name: String) -> UInt16? {
        let code = libevdev_event_code_from_name(UInt32(EV_KEY), name)
        return code < 0 ? nil : UInt16(exactly: code)
    }

    /// The name of a key; its number where it has none.
    public static func name(_ code: UInt16) -> String {
        libevdev_event_code_get_name(UInt32(EV_KEY), UInt32(code)).map { String(cString: $0) } ?? "\(code)"
    }

    /// The names of all keys, in the order of their codes.
    public static var allNames: [String] {
        (0...UInt32(KEY_MAX)).compactMap { libevdev_event_code_get_name(UInt32(EV_KEY), $0).map { String(cString: $0) } }
    }
}
