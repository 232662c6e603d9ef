import Foundation

/// Real models and vocabularies that lie beside the checkout, not in it. Tests that need one skip where it is absent.
public enum SharedFiles {
    /// The checkout.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// PLATEN_SHARED, else `shared` beside the checkout or above it; nil where there is none with data in it.
    public static let directory: URL? = {
        let named = ProcessInfo.processInfo.environment["PLATEN_SHARED"].map { URL(filePath: $0) }
        let candidates = [named, root.appending(path: "../shared"), root.appending(path: "../../shared")]
        return candidates.compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0.appending(path: "data/models").path)
        }?.standardizedFileURL
    }()

    /// The path of a file in the folder, or nil where it is absent.
    public static func path(_ name: String) -> String? {
        guard let path = directory?.appending(path: name).path, FileManager.default.fileExists(atPath: path) else { return nil }
        return path
    }

    /// A model of 260 thousand weights that tells stories.
    public static let stories260K = path("data/models/stories260K-f32.gguf")
}
