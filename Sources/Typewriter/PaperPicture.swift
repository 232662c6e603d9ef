import Paper

extension Settings.PaperSection {
    /// The paper that is named here, to be looked at: nothing is opened, and nothing typed.
    package func picture() throws(TypewriterError) -> PicturePaper {
        let (capabilities, pitch): (PaperCapabilities, Int) = switch PaperKind(rawValue: kind) ?? .terminal {
        case .terminal: (PaperCapabilities(bold: true, underline: true), Self.pica)
        case .typewriter: try typewriter()
        case .printer: try printer()
        case .display: try display()
        }
        return PicturePaper(capabilities, columns: page.columns, pitch: pitch, sheets: sheets)
    }

    /// Characters an inch, where nothing says how wide they are.
    private static let pica = 10

    private func typewriter() throws(TypewriterError) -> (PaperCapabilities, Int) {
        try check()
        return (try TypewriterProfile(profile).capabilities, Self.pica)
    }

    /// What a display shows, as if it were paper.
    private func display() throws(TypewriterError) -> (PaperCapabilities, Int) {
        (PaperCapabilities(try DisplayDescription(profile.isEmpty ? Self.console : profile).profile), Self.pica)
    }

    private func printer() throws(TypewriterError) -> (PaperCapabilities, Int) {
        let profile = try PrinterDescription(printerChoice().profile).profile
        return (PaperCapabilities(profile), profile.pitch)
    }
}
