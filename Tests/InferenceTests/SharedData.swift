import Foundation

/// Files that lie beside the checkout, not in it: real models and vocabularies. Tests that need one skip where it is absent.
enum SharedData {
    static let folder: URL? = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var candidates = [package.appendingPathComponent("../shared"), package.appendingPathComponent("../../shared")]
        if let path = ProcessInfo.processInfo.environment["PLATEN_SHARED"] {
            candidates.insert(URL(fileURLWithPath: path), at: 0)
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("data").path) }
    }()

    static let stories260K = folder?.appendingPathComponent("data/models/stories260K-f32.gguf").path
}
