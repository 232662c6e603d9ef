import Keyboard

extension LearnedMatrix {
    /// A profile in TOML, which `KeyboardProfile` reads.
    /// - Parameters:
    ///   - name: What to call the keyboard.
    ///   - chips: The GPIO chip, by any of its labels.
    ///   - lines: The lines that were probed, by number or name.
    package func profile(name: String, chips: [String], lines: [String]) -> String {
        func line(_ index: Int) -> String { UInt32(lines[index]) == nil ? Self.quoted(lines[index]) : lines[index] }
        func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
        var text = """
            name = \(Self.quoted(name))
            source = "learned by platen keys learn"
            verified = true
            chip = \(list(chips.map(Self.quoted)))

            """
        if !rows.isEmpty {
            text += """

                [matrix]
                rows = \(list(rows.map(line)))
                columns = \(list(columns.map(line)))
                active_level = "low"
                pull = "up"
                settle_us = 20
                diodes = \(hasDiodes)
                keys = [

                """
            for row in keys { text += "    \(list(row.map(Self.quoted))),\n" }
            text += "]\n"
        }
        for key in direct {
            text += """

                [[direct]]
                line = \(line(key.line))
                active_level = "low"
                pull = "up"
                key = \(Self.quoted(key.key))

                """
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        let characters = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case _ where scalar.properties.generalCategory == .control: " "
            default: "\(scalar)"
            }
        }
        return "\"" + characters.joined() + "\""
    }
}
