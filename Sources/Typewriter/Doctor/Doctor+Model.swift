import Conversation
import Glibc

extension Doctor {
    /// The model's file, and whether it fits into memory.
    func model() -> [Finding] {
        let path: String, model: OpenModel
        do throws(TypewriterError) {
            path = settings.model.path.isEmpty ? try IncludedModel.find() : settings.model.path
            if let finding = unreadable(path) { return [finding] + swap() }
            guard access(path, R_OK) == 0 else { throw TypewriterError("\(path): \(String(cString: strerror(errno)))", status: .noInput) }
        } catch {
            return [Finding(.fail, "model", "\(error)", "set model.path to a GGUF file")] + swap()
        }
        do {
            model = try OpenModel(path: path)
        } catch {
            return [Finding(.fail, "model", "\(error)", "set model.path to a file of a supported kind")] + swap()
        }
        var found = [Finding(.ok, "model", "\(path), \(model.architecture), \(Self.mebibytes(model.weightBytes))")]
        found += memory(model) + swap()
        return found
    }

    /// What keeps the account, or whoever runs this, from a model that is there.
    private func unreadable(_ path: String) -> Finding? {
        let name = computer.account.name
        if let hidden = unit?.hiding(path) { return Finding(.fail, "model", "\(legible(path)) is hidden from the service by \(hidden.key)", hidden.remedy) }
        if let barrier = computer.barrier(path, 4) {
            return barrier == path
                ? Finding(.fail, "model", "\(name) may not read \(legible(path))", "sudo chmod a+r \(legible(path))")
                : Finding(.fail, "model", "\(name) may not go through \(legible(barrier)) to \(legible(path))", "move it to /srv, or sudo chmod a+x \(legible(barrier))")
        }
        guard access(path, R_OK) != 0, errno == EACCES else { return nil }
        return Finding(.ok, "model", "\(legible(path)), which you may not read; sudo platen doctor looks into it")
    }

    private func memory(_ model: OpenModel) -> [Finding] {
        let limit = settings.model.memoryLimit == 0 ? nil : settings.model.memoryLimit
        let length = settings.model.contextLength == 0 ? nil : settings.model.contextLength
        do {
            let need = try model.memoryNeed(
                contextLength: length, cacheType: CacheType(rawValue: settings.model.cacheType) ?? .f16, memoryLimit: limit, root: computer.root)
            guard let available = need.available else { return [Finding(.warn, "memory", "/proc/meminfo does not say how much there is")] }
            let text = "\(Self.mebibytes(available)) are free, \(Self.mebibytes(need.anonymous)) needed beside the weights"
            if need.anonymous > available {
                return [Finding(.fail, "memory", text, "choose a shorter model.context_length, cache_type = \"q8_0\", or a smaller model")]
            }
            if need.isStreaming {
                return [Finding(
                    .warn, "memory", "\(text); the weights do not fit, and the rest is read from the disk for every token",
                    "choose a smaller model, or end other programs")]
            }
            return [Finding(.ok, "memory", text)]
        } catch {
            return [Finding(.fail, "memory", "\(error)")]
        }
    }

    /// Swap in compressed memory is welcome; on a card it wears the card out, and an answer waits for it.
    private func swap() -> [Finding] {
        let swaps = (computer.text("/proc/swaps") ?? "").split(separator: "\n").dropFirst().compactMap { $0.split { $0 == " " || $0 == "\t" }.first }
        let slow = swaps.filter { !$0.hasPrefix("/dev/zram") }.map(String.init)
        guard let first = slow.first else { return [Finding(.ok, "swap", swaps.isEmpty ? "none" : "in compressed memory")] }
        // A partition of the card, or a file on it.
        guard let onCard = slow.first(where: { ($0.hasPrefix("/dev/") ? $0 : mounts.mount(of: $0)?.source ?? "").hasPrefix("/dev/mmcblk") }) else {
            return [Finding(.ok, "swap", legible(first))]
        }
        return [Finding(
            .warn, "swap", "\(legible(onCard)) is on the card", "it wears the card out: sudo apt remove dphys-swapfile, and sudo apt install zram-tools")]
    }

    static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 19) >> 20) MiB" }
}
