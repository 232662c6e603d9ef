import Glibc

extension Doctor {
    /// Where the typewriter keeps what lasts; nil where it has no place.
    private var stateDirectory: String? {
        if settings.state.directory.isEmpty, computer.account.name == ServiceUnit.user { return "/var/lib/platen" }
        // Somebody else's environment is not known, but where he is at home is.
        let isMe = computer.account.user == geteuid()
        return try? StateDirectory.path(settings.state) { isMe ? StateDirectory.variable($0) : $0 == "HOME" ? computer.account.home : nil }
    }

    /// How fast the disk gives the model, and whether and how fast it keeps what was said.
    func storage() -> [Finding] {
        var found: [Finding] = []
        if let path = settings.model.path.isEmpty ? try? IncludedModel.find() : settings.model.path, let speed = computer.readingSpeed(path) {
            let text = "the model is read at \(Int(min(speed / 1e6, 1e6))) MB/s"
            // At 20 MB/s a model of 1 GB takes 50 s until its first answer.
            found.append(speed >= 20e6 ? Finding(.ok, "disk", text) : Finding(.warn, "disk", text, "a card marked A1 or A2, or a USB disk, is faster"))
        }
        guard settings.transcript.keeps else { return found + [Finding(.ok, "state", "nothing is kept, as transcript.keep says")] }
        guard let stateDirectory else { return found }
        return found + keeping(stateDirectory) + room(stateDirectory)
    }

    private func keeping(_ directory: String) -> [Finding] {
        func fail(_ text: String, _ remedy: String) -> [Finding] { [Finding(.fail, "state", text, remedy)] }
        let shown = legible(directory)
        if let hidden = unit?.hiding(directory) { return fail("\(shown) is hidden from the service by \(hidden.key)", hidden.remedy) }
        let mount = mounts.mount(of: directory)
        if let mount, mount.isReadOnly {
            return fail("\(shown) is on \(legible(mount.directory)), which is mounted read-only", "mount a writable partition there, or name another place as state.directory")
        }
        guard computer.node(directory) != nil else { return [missing(directory)] }
        if let barrier = computer.barrier(directory, 3) {
            let name = computer.account.name
            guard barrier == directory else { return fail("\(name) may not go through \(legible(barrier)) to \(shown)", "sudo chmod o+x \(legible(barrier))") }
            return fail("\(name) may not write \(shown)", "sudo chown \(name) \(shown)")
        }
        var found: [Finding] = []
        switch computer.writingTime(directory) {
        case .seen(let time):
            let text = "\(shown) keeps 4 KiB within \(Int((min(time, 1e6) * 1000).rounded(.up))) ms"
            found.append(time <= 0.2 ? Finding(.ok, "state", text) : Finding(.warn, "state", text, "a card marked A1 or A2, or a USB disk, is faster"))
        case .hidden:
            found.append(Finding(.ok, "state", "\(shown), which you may not measure; sudo platen doctor does"))
        case .taken, .wrong("No space left on device"):
            found += fail("nothing can be written to \(shown): the disk is full", "make room; `sudo du -xh / | sort -h | tail` shows what takes it")
        case .wrong(let reason):
            found += fail("nothing can be written to \(shown): \(reason)", "look with `mount` and `sudo dmesg` what is wrong with the disk")
        }
        let isOverlaid = mount?.kind == "overlay" && (computer.text("/proc/cmdline") ?? "").split(separator: " ").contains { ["overlayroot=tmpfs", "boot=overlay"].contains($0) }
        if mount?.isInMemory ?? false || isOverlaid {
            found.append(Finding(
                .warn, "state", "\(shown) is in memory, and forgotten when the plug is pulled", "mount a partition there, or name another place as state.directory"))
        }
        return found
    }

    /// What is not there is made when it is needed: by the service manager, or where the account may.
    private func missing(_ directory: String) -> Finding {
        var place = directory
        while computer.node(place) == nil, let slash = place.lastIndex(of: "/"), place != "/" { place = slash == place.startIndex ? "/" : String(place[..<slash]) }
        let name = computer.account.name
        guard unit?.words("StateDirectory").contains(where: { "/var/lib/\($0)" == directory }) ?? false || computer.barrier(place, 3) == nil else {
            return Finding(.fail, "state", "\(name) may not make \(legible(directory))", "sudo install -d -m 700 -o \(name) \(legible(directory))")
        }
        return Finding(.ok, "state", "\(legible(directory)) is made when it is needed")
    }

    /// Whether the transcripts can grow to the size that they may have, and what lies beside them.
    private func room(_ directory: String) -> [Finding] {
        var found: [Finding] = []
        let files = computer.names(directory)
        let kept = files.filter { $0 == "transcripts.db" || $0 == "transcripts.db-wal" }.reduce(0) { $0 + (computer.node("\(directory)/\($1)")?.size ?? 0) }
        let wanted = max(0, settings.transcript.sizeLimit << 20 - kept)
        if let free = computer.freeBytes(directory), free < wanted {
            found.append(Finding(
                .warn, "room", "\(Self.mebibytes(free)) are free, and the transcripts may take \(Self.mebibytes(wanted)) more", "make room, or lower transcript.size_limit_mib"))
        }
        let damaged = files.count { $0.hasPrefix("transcripts.db.set-aside-") && !$0.hasSuffix("-wal") }
        if damaged > 0 {
            found.append(Finding(
                .warn, "state", "\(damaged) database\(damaged == 1 ? " was" : "s were") set aside as damaged",
                "see whether the card is worn out; `sqlite3 FILE .recover` gets back what there is; then remove \(legible(directory))/transcripts.db.set-aside-*"))
        }
        return found
    }
}
