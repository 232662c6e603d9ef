import Foundation

/// A file of cases in plain text:
///
///     == name of the case | an option
///     input
///
///     expected
///
/// The first blank line ends the input; a case ends before the next `==`. Whatever stands before the first case is a
/// comment.
public struct CaseFile {
    public struct Block {
        public let name: String
        /// What stands behind the name, between bars.
        public let options: [String]
        public let input: String
        public let expected: String
    }

    public let blocks: [Block]

    /// No blocks where the file is absent.
    public init(_ url: URL?) {
        guard let url, let text = try? String(contentsOf: url, encoding: .utf8) else {
            blocks = []
            return
        }
        blocks = text.components(separatedBy: "\n== ").dropFirst().map { block in
            var lines = block.components(separatedBy: "\n")
            let head = lines.removeFirst().components(separatedBy: " | ")
            while lines.last == "" { lines.removeLast() }
            let blank = lines.firstIndex(of: "") ?? lines.endIndex
            return Block(
                name: head[0], options: Array(head.dropFirst()), input: lines[..<blank].joined(separator: "\n"),
                expected: lines[min(blank + 1, lines.endIndex)...].joined(separator: "\n"))
        }
    }
}
