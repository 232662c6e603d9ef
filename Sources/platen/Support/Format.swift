/// `value` with exactly `decimals` digits behind the point.
func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let digits = String(Int(scaled) % scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = "\(sign)\(Int(scaled) / scale)"
    return decimals == 0 ? whole : "\(whole).\(String(repeating: "0", count: decimals - digits.count))\(digits)"
}

/// `text` as a JSON string, quotation marks included (RFC 8259, section 7).
func jsonString(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": out += "\\\(scalar)"
        case _ where scalar.value < 0x20: out += "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}

extension String {
    /// The text with spaces before it, at least `width` characters.
    func padded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }

    /// The text with spaces behind it, at least `width` characters.
    func extended(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
