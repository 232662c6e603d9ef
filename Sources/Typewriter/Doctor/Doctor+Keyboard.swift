import Keyboard

extension Doctor {
    func keyboard() -> [Finding] { keys() + wires() }

    /// What is wired to GPIO lines, a matrix, or lamps, knobs and buttons beside another keyboard; and knobs.
    private func wires() -> [Finding] {
        do {
            guard let profile = try settings.keyboard.wired() else { return [] }
            let lines = profile.wiring.rows + profile.wiring.columns + profile.wiring.direct + profile.outputs.map(\.line)
            return (lines.isEmpty ? [] : [gpio("keyboard", profile.name, lines)]) + profile.knobs.map(knob)
        } catch {
            return [Finding(.fail, "keyboard", "\(error)")]
        }
    }

    private func knob(_ knob: KnobSetting) -> Finding {
        switch knob.device {
        case .encoder(let path, _): return device("knob", path, wanting: 4, opens: true)
        case .adc(let path, _, _):
            guard computer.node(path) != nil else {
                return Finding(.fail, "knob", "there is no \(legible(path))", "add the converter's dtoverlay, such as mcp3008, to \(bootDirectory)/config.txt, and reboot")
            }
            return Finding(.ok, "knob", legible(path))
        }
    }

    private func keys() -> [Finding] {
        let keyboard = settings.keyboard
        switch KeyboardKind(rawValue: keyboard.kind) {
        case .matrix:
            return keyboard.profile.isEmpty ? [Finding(.fail, "keyboard", "no profile describes the matrix", "set keyboard.profile")] : layout(.typewriter)
        case .serial:
            return [device("keyboard", keyboard.device)] + serialLine("keyboard", keyboard.device, keyboard.line.parity != Settings.LineSection.parities[0])
        case .evdev:
            return inputDevices(EvdevKeyboard.Selection(keyboard.device.isEmpty ? "all" : keyboard.device)) + layout(.layout)
        default:
            return [Finding(.ok, "keyboard", "\(keyboard.kind)")]
        }
    }

    private func layout(_ lock: XKBLayout.ShiftLock) -> [Finding] {
        do {
            _ = try settings.keyboard.keyLayout(lock)
            return []
        } catch {
            return [Finding(.fail, "keyboard", "\(error)")]
        }
    }

    // MARK: Input devices

    private struct InputDevice {
        let path: String
        let name: String
        /// It has letters, or nobody says.
        let isKeyboard: Bool
    }

    private func inputDevices(_ selection: EvdevKeyboard.Selection) -> [Finding] {
        if case .path(let path) = selection { return [device("keyboard", path, opens: settings.keyboard.grabs)] }
        let all = computer.names("/dev/input").filter { $0.hasPrefix("event") }.sorted { ($0.count, $0) < ($1.count, $1) }.map(inputDevice)
        guard !all.isEmpty else { return [Finding(.warn, "keyboard", "there is no input device", "plug one in; it is waited for")] }
        let known = all.prefix(8).map(\.name).joined(separator: ", ")
        switch selection {
        case .name(let name) where !all.contains { $0.name == name }:
            return [Finding(.fail, "keyboard", "no input device is called \(legible(name))", "plug it in, or name one of: \(known)")]
        case .name(let name):
            return all.filter { $0.name == name }.map(look)
        default:
            let keyboards = all.filter(\.isKeyboard)
            return keyboards.isEmpty
                ? [Finding(.warn, "keyboard", "none of the input devices is a keyboard: \(known)", "plug one in; it is waited for")]
                : keyboards.map(look)
        }
    }

    private func look(_ input: InputDevice) -> Finding {
        let shown = input.name == input.path ? input.path : "\(input.name), \(input.path)"
        return device("keyboard", input.path, shown: shown, wanting: 4, opens: settings.keyboard.grabs)
    }

    /// As the kernel describes it to everybody (`Documentation/input/input-programming.rst`).
    private func inputDevice(_ node: String) -> InputDevice {
        let path = "/dev/input/\(node)", description = "/sys/class/input/\(node)/device"
        let name = computer.text("\(description)/name").map(legible) ?? path
        // Words of the kernel's long, the lowest last. Q, A, Z, P, M, space and Return (input-event-codes.h), as `EvdevDevice` has them.
        let keys = computer.text("\(description)/capabilities/key")?.split(separator: " ").last.flatMap { UInt64($0, radix: 16) }
        let isKeyboard = keys.map { bits in [16, 30, 44, 25, 50, 57, 28].allSatisfy { bits >> UInt64($0) & 1 == 1 } } ?? true
        return InputDevice(path: path, name: name, isKeyboard: isKeyboard)
    }
}
