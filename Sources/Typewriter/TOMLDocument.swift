import TOMLKit

/// A TOML text that was parsed, and where its keys stand.
struct TOMLDocument {
    let table: TOMLTable
    let lines: TOMLLines

    /// - Parameter file: What to call the text in errors.
    /// - Throws: what is wrong with the text, with its line.
    init(_ text: String, file: String) throws(TypewriterError) {
        lines = TOMLLines(text)
        if let problem = lines.problem {
            throw TypewriterError("\(file):\(problem.line): \(problem.text)", status: .configuration)
        }
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TypewriterError("\(file):\(error.source.begin.line): \(error.description)", status: .configuration)
        } catch {
            throw TypewriterError("\(file): \(error)", status: .configuration)
        }
    }
}
