/// A line about a name that nobody knows, with the nearest known one if there is one near.
func unknown(_ what: String, _ name: String, among known: [String]) -> String {
    let line = "unknown \(what) \(legible(name))"
    return nearest(name, among: known).map { "\(line); did you mean \($0)?" } ?? line
}

/// A name from outside, fit for a line: not too long, and without control characters.
func legible(_ name: String) -> String {
    let start = String(name.prefix(120))
    return start.unicodeScalars.contains { $0.properties.generalCategory == .control } ? String(reflecting: start) : start
}

/// The known name that is nearest, if it is near.
func nearest(_ name: String, among known: [String]) -> String? {
    let nearest = known.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(2, nearest.name.count / 3) else { return nil }
    return nearest.name
}

/// Levenshtein's distance: insertions, deletions and replacements that turn one text into the other.
func editDistance(_ a: String, _ b: String) -> Int {
    // Names from outside may be of any length; the longest known one is far shorter than this.
    let a = Array(a.unicodeScalars.prefix(100)), b = Array(b.unicodeScalars.prefix(100))
    var row = Array(0...b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
