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
