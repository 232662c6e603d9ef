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
            let line = Int(clamping: error.source.begin.line)
            let advice = TOMLAdvice(error.description, line: line, text: text, lines)
            throw TypewriterError("\(file):\(advice.line): \(advice.text)", status: .configuration)
        } catch {
            throw TypewriterError("\(file): \(error)", status: .configuration)
        }
    }
}
