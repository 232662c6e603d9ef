import CHardware
import Glibc

/// Owns lines of one chip that have the same settings. Bit i of a value is the i-th line; 1 is active.
final class GPIOGroup {
    private let lines: OpaquePointer
    private let what: String
    private var settings: pl_gpio_settings

    init(
        path: String, _ offsets: [UInt32], _ settings: pl_gpio_settings, values: UInt64 = 0, consumer: String = "platen"
    ) throws(KeyboardError) {
        var settings = settings
        var result: OpaquePointer?
        let error = pl_gpio_request(path, offsets, offsets.count, &settings, values, consumer, &result)
        guard error == 0, let result else {
            let places = offsets.map { GPIOLine.Place(path: path, offset: $0) }
            let used = error == EBUSY ? places.first { $0.user != nil } : nil
            let list = offsets.map { "\($0)" }.joined(separator: ", ")
            throw GPIOLine.error(used?.description ?? "lines \(list) of \(path)", error)
        }
        (lines, self.settings, what) = (result, settings, "GPIO lines of \(path)")
    }

    deinit { pl_gpio_release(lines) }

    func set(_ values: UInt64) throws(KeyboardError) { try check(pl_gpio_set(lines, values)) }

    func values() throws(KeyboardError) -> UInt64 {
        var values: UInt64 = 0
        try check(pl_gpio_get(lines, &values))
        return values
    }

    func configure(_ settings: pl_gpio_settings, values: UInt64 = 0) throws(KeyboardError) {
        self.settings = settings
        try check(pl_gpio_reconfigure(lines, &self.settings, values))
    }

    func watch(_ isOn: Bool) throws(KeyboardError) {
        guard settings.has_edges != isOn else { return }
        var changed = settings
        changed.has_edges = isOn
        try configure(changed)
    }

    func makeOutput(_ isOutput: Bool, values: UInt64 = 0) throws(KeyboardError) {
        var changed = settings
        changed.is_output = isOutput
        try configure(changed, values: values)
    }

    func takeEdges() throws(KeyboardError) -> Bool {
        var first: UInt64 = 0
        try check(pl_gpio_take_edges(lines, &first))
        return first != 0
    }

    /// Outputs become inactive when this program has died in whatever way.
    func switchOffAfterDeath() throws(KeyboardError) {
        let error = pl_gpio_guard(lines, [0], 1)
        if error != 0 { throw GPIOLine.error("the guard of \(what)", error) }
    }

    var descriptor: Int32 { pl_gpio_descriptor(lines) }

    private func check(_ error: Int32) throws(KeyboardError) {
        if error != 0 { throw GPIOLine.error(what, error) }
    }
}
