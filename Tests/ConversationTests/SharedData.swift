import Foundation

/// Data that is not part of the repository: PLATEN_SHARED, or `shared` beside or above the checkout.
enum SharedData {
    private static let directory: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["PLATEN_SHARED"].map { URL(filePath: $0) }
        let candidates = [named, root.appending(path: "../shared"), root.appending(path: "../../shared")].compactMap(\.self)
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    /// The path of a file there, or nil.
    static func file(_ name: String) -> String? {
        guard let path = directory?.appending(path: "data").appending(path: name).path else { return nil }
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
