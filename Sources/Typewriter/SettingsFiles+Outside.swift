import Conversation
import Glibc
import Keyboard
import Paper

extension SettingsFiles {
    /// Looks at what the settings name, as far as that needs no device: the model file, profiles, keyboard layouts, directories. What
    /// is wrong joins the problems.
    public mutating func checkOutside() {
        checkModel()
        checkKeyboard()
        checkPaper()
        checkLog()
        checkState()
    }

    private mutating func checkModel() {
        let path = settings.model.path
        if path.hasPrefix("~") {
            return report("model.path \(SettingValue.text(path)): nobody replaces ~ here; write the whole path", about: ["model.path"])
        }
        do throws(TypewriterError) {
            let path = path.isEmpty ? try IncludedModel.find() : path
            guard access(path, R_OK) == 0 else {
                throw TypewriterError("\(path): \(String(cString: strerror(errno))); name a GGUF file that can be read", status: .noInput)
            }
            do {
                _ = try OpenModel(path: path)
            } catch {
                throw TypewriterError(error.description, status: .badData)
            }
        } catch {
            report("model.path: \(error)", about: ["model.path"])
        }
    }

    private mutating func checkKeyboard() {
        let keyboard = settings.keyboard
        let kind = KeyboardKind(rawValue: keyboard.kind)
        if kind != .terminal, !keyboard.profile.isEmpty {
            check("keyboard.profile", keyboard.profile, .keyboards) { path throws(TypewriterError) in
                _ = try KeyboardProfile(path, needsKeys: kind == .matrix)
            }
        }
        let lock: XKBLayout.ShiftLock
        switch kind {
        case .matrix: lock = .typewriter
        case .evdev: lock = .layout
        default: return
        }
        do {
            _ = try keyboard.keyLayout(lock)
        } catch {
            report("\(error)", about: ["keyboard.layout", "keyboard.variant", "keyboard.options"])
        }
    }

    private mutating func checkPaper() {
        let paper = settings.paper
        var columns: Int?
        switch PaperKind(rawValue: paper.kind) {
        case .printer where !paper.profile.isEmpty:
            check("paper.profile", paper.profile, .printers) { path throws(TypewriterError) in columns = try PrinterDescription(path).profile.columns }
        case .typewriter where !paper.profile.isEmpty:
            check("paper.profile", paper.profile, .typewriters) { path throws(TypewriterError) in columns = try TypewriterProfile(path).columns }
        case .display where !paper.profile.isEmpty:
            check("paper.profile", paper.profile, .displays) { path throws(TypewriterError) in columns = try DisplayDescription(path).profile.columns }
        default: return
        }
        // Wide enough as such, the paper may still be wider than the device.
        guard let columns, (try? Page(paper.page, for: PaperCapabilities())) != nil else { return }
        do {
            _ = try Page(paper.page, for: PaperCapabilities(columns: columns))
        } catch {
            report("\(error) (\(paper.profile) has \(columns))", about: ["paper.left_margin", "paper.right_margin", "paper.profile"])
        }
    }

    private mutating func checkLog() {
        let path = settings.log.file
        guard !path.isEmpty else { return }
        var status = stat()
        var error: Int32 = 0
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { error = EISDIR } else if access(path, W_OK) != 0 { error = errno }
        } else if errno != ENOENT || access(directory(of: path), W_OK | X_OK) != 0 {
            error = errno
        }
        if error != 0 {
            report("log.file \(path): \(String(cString: strerror(error))); name a file in a directory that this user may write", about: ["log.file"])
        }
    }

    /// The directory is made where it is missing, if the nearest one above it allows that.
    private mutating func checkState() {
        var path = settings.state.directory
        guard settings.transcript.keeps, !path.isEmpty else { return }
        guard path.hasPrefix("/") else {
            return report("state.directory \(SettingValue.text(path)) depends on where the program starts; write a whole path", about: ["state.directory"])
        }
        while access(path, F_OK) != 0, errno == ENOENT, path != "/" { path = directory(of: path) }
        var status = stat()
        var error: Int32 = stat(path, &status) == 0 ? 0 : errno
        if error == 0, status.st_mode & S_IFMT != S_IFDIR { error = ENOTDIR }
        if error == 0, access(path, W_OK | X_OK) != 0 { error = errno }
        if error != 0 {
            let part = path == settings.state.directory ? "" : "\(path): "
            let text = "state.directory \(SettingValue.text(settings.state.directory)): \(part)\(String(cString: strerror(error)))"
            report("\(text); name a directory that this user may write", about: ["state.directory"])
        }
    }

    /// Reports at the key that there is no such profile, and what is wrong in one at its own line.
    private mutating func check(
        _ key: String, _ profile: String, _ kind: HardwareDirectory.Kind, _ read: (String) throws(TypewriterError) -> Void
    ) {
        let path: String
        do {
            path = try HardwareDirectory.path(profile, kind)
            _ = try readTextFile(path)
        } catch {
            return report("\(key): \(error)", about: [key])
        }
        do {
            try read(path)
        } catch {
            report(error, about: key)
        }
    }

    private func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
