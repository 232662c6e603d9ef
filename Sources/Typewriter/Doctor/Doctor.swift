/// Looks at a computer and its settings, and says what is in order, what is not, and what to do.
package struct Doctor {
    let computer: Computer
    let settings: Settings
    /// What the daemon says that it is doing; nil where none answers.
    let daemon: String?

    package init(_ computer: Computer, _ settings: Settings) {
        (self.computer, self.settings, daemon) = (computer, settings, computer.daemon())
    }

    /// A daemon runs, though it may not answer whoever runs this: it has a directory as long as it runs.
    var hasDaemon: Bool { daemon != nil || computer.node("/run/platen") != nil }

    /// The account is the service's, so that what its unit says holds.
    var unit: ServiceUnit? { computer.account.name == ServiceUnit.user ? computer.unit : nil }

    var mounts: MountTable { MountTable(computer.text("/proc/mounts") ?? "") }

    /// Everything, in the order in which somebody would mend it.
    package func findings() -> [Finding] {
        board() + model() + storage() + keyboard() + paper() + boot() + clock() + service()
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
