import Conversation
import Glibc

extension Doctor {
    /// The model's file, and whether it fits into memory.
    func model() -> [Finding] {
        let path: String, model: OpenModel
        do throws(TypewriterError) {
            path = settings.model.path.isEmpty ? try IncludedModel.find() : settings.model.path
            guard access(path, R_OK) == 0 else { throw TypewriterError("\(path): \(String(cString: strerror(errno)))", status: .noInput) }
        } catch {
            return [Finding(.fail, "model", "\(error)", "set model.path to a GGUF file")]
        }
        do {
            model = try OpenModel(path: path)
        } catch {
            return [Finding(.fail, "model", "\(error)", "set model.path to a file of a supported kind")]
        }
        var found = [Finding(.ok, "model", "\(path), \(model.architecture), \(Self.mebibytes(model.weightBytes))")]
        found += memory(model) + swap()
        return found
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
        let slow = swaps.filter { !$0.hasPrefix("/dev/zram") }
        guard let first = slow.first else { return [Finding(.ok, "swap", swaps.isEmpty ? "none" : "in compressed memory")] }
        let isOnCard = raspberryPi != nil
        guard isOnCard else { return [Finding(.ok, "swap", "\(legible(String(first)))")] }
        return [Finding(
            .warn, "swap", "\(legible(String(first))) is on the card", "it wears the card out: sudo apt install rpi-swap zram-tools, and remove dphys-swapfile")]
    }

    /// How fast the disk gives the model, and keeps what was said.
    func storage() -> [Finding] {
        var found: [Finding] = []
        if let path = settings.model.path.isEmpty ? try? IncludedModel.find() : settings.model.path, let speed = computer.readingSpeed(path) {
            let text = "the model is read at \(Int(speed / 1e6)) MB/s"
            // At 20 MB/s a model of 1 GB takes 50 s until its first answer.
            found.append(speed >= 20e6 ? Finding(.ok, "disk", text) : Finding(.warn, "disk", text, "a card marked A1 or A2, or a USB disk, is faster"))
        }
        guard settings.transcript.keeps, let stateDirectory else { return found }
        guard let node = computer.node(stateDirectory) else {
            return found + [Finding(.warn, "state", "\(stateDirectory) does not exist", "it is made when it is needed, if that may be done")]
        }
        guard computer.account.may(3, node) else {
            return found + [Finding(
                .fail, "state", "\(computer.account.name) may not write \(stateDirectory)", "sudo chown \(computer.account.name) \(stateDirectory)")]
        }
        guard let time = computer.writingTime(stateDirectory) else {
            return found + [Finding(.fail, "state", "nothing can be written to \(stateDirectory)", "look with `df` whether it is full, and with `mount` whether it is read-only")]
        }
        let text = "\(stateDirectory) keeps 4 KiB within \(Int((time * 1000).rounded(.up))) ms"
        return found + [time <= 0.2 ? Finding(.ok, "state", text) : Finding(.warn, "state", text, "a card marked A1 or A2, or a USB disk, is faster")]
    }

    static func mebibytes(_ bytes: Int) -> String { "\((bytes + 1 << 19) >> 20) MiB" }
}
