/// Looks at a computer and its settings, and says what is in order, what is not, and what to do.
package struct Doctor {
    let computer: Computer
    let settings: Settings
    package init(_ computer: Computer, _ settings: Settings) {
        (self.computer, self.settings) = (computer, settings)
    }

    /// Where the typewriter keeps what lasts; nil where it has no place.
    var stateDirectory: String? {
        if settings.state.directory.isEmpty, computer.account.name == "platen" { return "/var/lib/platen" }
        return try? StateDirectory.path(settings.state)
    }

    /// Everything, in the order in which somebody would mend it.
    package func findings() -> [Finding] {
        board() + model() + storage() + keyboard() + paper() + boot() + clock()
    }

    /// The model's name of a single board computer; nil on others.
    var boardName: String? {
        computer.text("/proc/device-tree/model").map { $0.split(separator: "\0").first.map(String.init) ?? "" }.flatMap { $0.isEmpty ? nil : legible($0) }
    }

    /// 5 for a Raspberry Pi 5; 0 for a Zero of the first kind; nil on other computers.
    var raspberryPi: Int? {
        guard let words = boardName?.split(separator: " "), words.starts(with: ["Raspberry", "Pi"]) else { return nil }
        let rest = words.dropFirst(2)
        if rest.first == "Zero" { return rest.dropFirst().first == "2" ? 3 : 0 }
        if rest.first == "Compute" { return rest.dropFirst(2).first.flatMap { Int($0) } ?? 1 }
        return rest.first.flatMap { Int($0) } ?? 1
    }
}
