import Paper

/// Which printer is meant, and by which profile, where the settings leave it open.
package struct PrinterChoice: Sendable, Equatable {
    /// A profile's name or path.
    package let profile: String
    /// As `PrinterAddress` takes it.
    package let device: String

    /// What prints on anything.
    private static let plain = "plain"
    /// Where the kernel puts the first printer that is plugged in.
    private static let first = "/dev/usb/lp0"

    /// - Parameters:
    ///   - profile: As the settings have it; empty for the one that knows the printer.
    ///   - device: As the settings have it; empty for the only USB printer. Where there is none yet, it is waited for.
    ///   - printers: The USB printers that are there.
    ///   - profiles: All that are known.
    package init(
        profile: String, device: String, printers: [PrinterCandidate], profiles: [(name: String, printer: PrinterDescription)]
    ) throws(TypewriterError) {
        var device = device
        if device.isEmpty {
            let named = profiles.first { $0.name == profile }?.printer
            let known = printers.filter { named?.isNumbered($0) ?? false }
            let choice = known.isEmpty ? printers : known
            guard choice.count < 2 else {
                let list = choice.map { $0.name.isEmpty ? $0.path : "\($0.path) \($0.name)" }.joined(separator: ", ")
                throw TypewriterError("paper.device must say which of these printers: \(list)", status: .configuration)
            }
            device = choice.first?.path ?? Self.first
        }
        self.device = device
        guard profile.isEmpty else {
            self.profile = profile
            return
        }
        let printer = printers.first { $0.path == device }
        self.profile = printer.flatMap { Self.names(for: $0, among: profiles).first } ?? Self.plain
    }

    /// The profiles that know this printer by its numbers; where there is none, those that know the language which it says it speaks.
    package static func names(
        for printer: PrinterCandidate, among profiles: [(name: String, printer: PrinterDescription)]
    ) -> [String] {
        let numbered = profiles.filter { $0.printer.isNumbered(printer) }
        let known = numbered.isEmpty ? profiles.filter { !$0.printer.commandSets.isDisjoint(with: printer.commandSets) } : numbered
        return known.map(\.name)
    }
}

extension PrinterDescription {
    /// USB's numbers are those of this printer.
    func isNumbered(_ candidate: PrinterCandidate) -> Bool {
        guard let usb, let product = candidate.product else { return false }
        return usb.vendor == candidate.vendor && usb.products.contains(product)
    }

    /// All profiles that come with the program, in the order of their names. One that is damaged is left out.
    package static func all() -> [(name: String, printer: PrinterDescription)] {
        HardwareDirectory.names(.printers).compactMap { name in (try? PrinterDescription(name)).map { (name, $0) } }
    }
}

extension Settings.PaperSection {
    /// What the settings say, and for the rest what the machine says.
    func printerChoice() throws(TypewriterError) -> PrinterChoice {
        let isOpen = device.isEmpty || profile.isEmpty && device.hasPrefix("/dev/usb/")
        return try PrinterChoice(
            profile: profile, device: device, printers: isOpen ? PrinterCandidate.usbPrinters() : [],
            profiles: isOpen ? PrinterDescription.all() : [])
    }
}
