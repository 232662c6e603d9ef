/// Where something stands in a file.
package struct FileOrigin: Sendable, Equatable {
    package let file: String
    /// From 1.
    package let line: Int

    func problem(_ text: String) -> TypewriterError {
        TypewriterError("\(file):\(line): \(text)", status: .configuration)
    }
}
