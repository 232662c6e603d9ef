import CHardware

/// A lamp, a bell or a relay on a GPIO line. It is off when this is made, when it is freed, and when the program has died.
public final class OutputLine {
    private let group: GPIOGroup
    private var isOn = false

    public init(_ line: GPIOLine) throws(KeyboardError) {
        let place = try line.place()
        let settings = pl_gpio_settings(
            is_output: true, active_low: line.isActiveLow, is_open: false, has_edges: false, pull: PL_GPIO_PULL_AS_IS)
        group = try GPIOGroup(path: place.path, [place.offset], settings)
        try group.switchOffAfterDeath()
    }

    deinit { try? set(false) }

    public func set(_ isOn: Bool) throws(KeyboardError) {
        guard isOn != self.isOn else { return }
        try group.set(isOn ? 1 : 0)
        self.isOn = isOn
    }
}
