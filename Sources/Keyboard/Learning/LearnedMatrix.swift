/// Rows and columns that were found in what was learned of single keys.
public struct LearnedMatrix: Sendable, Hashable {
    /// Lines by their index among those that were looked at.
    public private(set) var rows: [Int] = []
    public private(set) var columns: [Int] = []
    /// [row][column]: a key's name; empty where there is none.
    public private(set) var keys: [[String]] = []
    public private(set) var direct: [Direct] = []
    /// Every key of the matrix has one.
    public private(set) var hasDiodes = false

    public struct Direct: Sendable, Hashable {
        public let line: Int
        public let key: String
    }

    /// A key's two lines are a row and a column: the lines are told apart as a map's lands are coloured with two colours. Where diodes do not
    /// say which is which, the side with fewer lines becomes the rows.
    /// - Throws: a line about the first key that fits no rows and columns.
    public init(_ learned: [(name: String, contact: WiringLook.Contact)]) throws(KeyboardError) {
        var isRow: [Int: Bool] = [:]
        var edges: [(name: String, a: Int, b: Int, aIsRow: Bool?)] = []
        for (name, contact) in learned {
            switch contact {
            case .direct(let line): direct.append(Direct(line: line, key: name))
            case .pair(let a, let b): edges.append((name, a, b, nil))
            case .diode(let driven, let read): edges.append((name, driven, read, true))
            }
        }
        hasDiodes = !edges.isEmpty && edges.allSatisfy { $0.aIsRow != nil }
        for start in edges.flatMap({ [$0.a, $0.b] }) where isRow[start] == nil {
            // One part of the map: coloured from its first line on, then turned over if need be.
            var part = [start: true]
            var waiting = [start]
            while let line = waiting.popLast() {
                for edge in edges where edge.a == line || edge.b == line {
                    let other = edge.a == line ? edge.b : edge.a
                    let color = part[line] != true
                    guard part[other] != !color else { throw Self.misfit(edge.name, edge.a, edge.b) }
                    if part.updateValue(color, forKey: other) == nil { waiting.append(other) }
                }
            }
            let known = edges.filter { part[$0.a] != nil && $0.aIsRow != nil }
            let rowCount = part.values.count { $0 }
            let isUpright = known.first.map { part[$0.a] == true } ?? (2 * rowCount <= part.count)
            if let misfit = known.first(where: { (part[$0.a] == true) != isUpright }) { throw Self.misfit(misfit.name, misfit.a, misfit.b) }
            for (line, color) in part { isRow[line] = color == isUpright }
        }
        rows = isRow.filter(\.value).keys.sorted()
        columns = isRow.filter { !$0.value }.keys.sorted()
        keys = rows.map { _ in columns.map { _ in "" } }
        for edge in edges {
            let (row, column) = isRow[edge.a] == true ? (edge.a, edge.b) : (edge.b, edge.a)
            guard let r = rows.firstIndex(of: row), let c = columns.firstIndex(of: column) else { continue }
            keys[r][c] = edge.name
        }
    }

    private static func misfit(_ name: String, _ a: Int, _ b: Int) -> KeyboardError {
        KeyboardError("\(name) joins lines \(a) and \(b), which the other keys make both rows or both columns; learn it again")
    }
}
