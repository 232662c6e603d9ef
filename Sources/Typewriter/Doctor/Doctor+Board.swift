extension Doctor {
    /// The computer itself: heat, power, clock rate, kernel.
    func board() -> [Finding] {
        var found = [Finding(.ok, "computer", "\(boardName ?? "no single board computer"), Linux \(computer.text("/proc/sys/kernel/osrelease").map(legible) ?? "unknown")")]
        found += temperature() + power() + governor() + controlGroups()
        return found
    }

    /// A Raspberry Pi slows down at 80 °C, and more at 85 (raspberrypi.com/documentation, "Frequency management and thermal control").
    private func temperature() -> [Finding] {
        let zones = computer.names("/sys/class/thermal").filter { $0.hasPrefix("thermal_zone") }
        // A sensor that is not connected says nonsense.
        let temperatures = zones.compactMap { computer.number("/sys/class/thermal/\($0)/temp") }.filter { (-100_000...200_000).contains($0) }
        guard let hottest = temperatures.max() else { return [] }
        let text = "\(hottest / 1000) °C"
        if hottest >= 80_000 { return [Finding(.fail, "temperature", text, "it is slowed down: give it a heat sink, a fan, or air around it")] }
        if hottest >= 70_000 { return [Finding(.warn, "temperature", text, "from 80 °C on it is slowed down: give it a heat sink or air")] }
        return [Finding(.ok, "temperature", text)]
    }

    /// The firmware's bits: what is, and from bit 16 on what was since the boot (raspberrypi.com/documentation, `get_throttled`).
    private func power() -> [Finding] {
        let remedy = "use the supply that the computer's maker names, and a short, thick cable"
        var found: [Finding] = []
        if let bits = ProcessHealth(root: computer.root).throttling {
            if bits & 1 != 0 {
                found.append(Finding(.fail, "power", "the voltage is too low now", remedy))
            } else if bits & 1 << 16 != 0 {
                found.append(Finding(.warn, "power", "the voltage was too low since the boot", remedy))
            }
            if bits & 0b1110 != 0 {
                found.append(Finding(.warn, "throttling", "it runs slower than it could now", "mend the supply, or cool it"))
            } else if bits & 0b1110 << 16 != 0 {
                found.append(Finding(.warn, "throttling", "it was slowed down since the boot", "mend the supply, or cool it"))
            }
            return found.isEmpty ? [Finding(.ok, "power", "never too low, never slowed down since the boot")] : found
        }
        // The same alarm where the firmware's file is missing.
        for name in computer.names("/sys/class/hwmon") where computer.text("/sys/class/hwmon/\(name)/name") == "rpi_volt" {
            let isLow = computer.number("/sys/class/hwmon/\(name)/in0_lcrit_alarm") == 1
            found.append(isLow ? Finding(.fail, "power", "the voltage is too low", remedy) : Finding(.ok, "power", "the voltage is high enough"))
        }
        return found
    }

    private func governor() -> [Finding] {
        guard let governor = computer.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") else { return [] }
        guard governor == "powersave" else { return [Finding(.ok, "processor", "clock rate by \(legible(governor))")] }
        return [Finding(
            .warn, "processor", "it always runs at its lowest clock rate",
            "echo ondemand | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor, or remove what sets powersave")]
    }

    /// The unit's memory limit needs the memory controller, which the Raspberry Pi's firmware switches off.
    private func controlGroups() -> [Finding] {
        guard raspberryPi != nil, let controllers = computer.text("/sys/fs/cgroup/cgroup.controllers") else { return [] }
        if controllers.split(separator: " ").contains("memory") { return [Finding(.ok, "limits", "the unit's memory limit holds")] }
        return [Finding(.warn, "limits", "memory limits have no effect", "add cgroup_enable=memory to the line in \(bootDirectory)/cmdline.txt, and reboot")]
    }

    // MARK: Clock

    /// No machine ran this before then.
    private static let earliest = 1_767_225_600  // 2026-01-01

    func clock() -> [Finding] {
        let hasClock = computer.node("/dev/rtc0") != nil
        let isSynchronized = computer.node("/run/systemd/timesync/synchronized") != nil
        if computer.now < Self.earliest {
            return [Finding(
                .warn, "clock", "it is not set: it says a time before 2026", "transcripts get wrong dates: set it (sudo date -s ...), or add a real time clock")]
        }
        if !hasClock, !isSynchronized {
            return [Finding(
                .warn, "clock", "there is no real time clock, and no time from a network",
                "it stands still while the power is off: add a clock\(raspberryPi == nil ? "" : " (dtoverlay=i2c-rtc,ds3231)"), or let transcripts have dates that are too early")]
        }
        return [Finding(.ok, "clock", hasClock ? "a real time clock keeps it" : "set by the network")]
    }
}
