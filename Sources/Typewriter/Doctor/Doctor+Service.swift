extension Doctor {
    /// The daemon, and the unit that starts it.
    func service() -> [Finding] {
        if let daemon {
            guard daemon.hasPrefix("waits") else { return [Finding(.ok, "service", "a daemon runs: \(legible(daemon))")] }
            return [Finding(.warn, "service", "the daemon \(legible(daemon))", "mend what it waits for; `journalctl -u platen` has more")]
        }
        guard let unit, computer.node("/run/systemd/system") != nil else { return [] }
        if hasDaemon { return [Finding(.ok, "service", "a daemon runs; what it is doing it tells root and members of the group platen")] }
        let isEnabled = unit.words("WantedBy").contains { computer.names("/etc/systemd/system/\($0).wants").contains(ServiceUnit.name) }
        guard isEnabled else {
            return [Finding(.warn, "service", "no daemon runs, and none is started with the computer", "sudo systemctl enable --now platen")]
        }
        return [Finding(
            .fail, "service", "no daemon runs, though one is started with the computer", "`journalctl -u platen -n 20` says why; then sudo systemctl restart platen")]
    }
}
