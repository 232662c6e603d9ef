extension SettingsFiles {
    /// Every key with what holds, and from where: a settings file that says the same.
    public var listing: String {
        var lines: [String] = []
        var section: Substring = ""
        for key in SettingKey.all {
            if key.section != section {
                section = key.section
                lines += (lines.isEmpty ? [] : [""]) + ["[\(section)]"]
            }
            let place = origin(of: key.name).map { "\($0.file):\($0.line)" } ?? "default"
            lines.append("\(key.name.dropFirst(section.count + 1)) = \(key.value(in: settings).toml)  # \(legible(place))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SettingValue {
    /// As TOML has it.
    fileprivate var toml: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .text(let value): Self.quoted(value)
        case .texts(let values): "[\(values.map(Self.quoted).joined(separator: ", "))]"
        case .other: "\"\""
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\0"..<" ", "\u{7F}"..<"\u{A0}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
