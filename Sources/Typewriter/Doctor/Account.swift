import Glibc

/// A user and its groups, as passwd(5) and group(5) have them.
struct Account: Sendable {
    let name: String
    let user: UInt32
    let home: String
    private(set) var groups: Set<UInt32>
    /// By number.
    private let groupNames: [UInt32: String]

    /// - Parameter name: nil for the service's, if there is one, or else whoever runs this.
    init(named name: String?, root: String) throws(TypewriterError) {
        func lines(_ path: String) -> [[String]] {
            let text = (try? readTextFile(root + path)) ?? ""
            return text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        }
        let users = lines("/etc/passwd").filter { $0.count >= 4 }, groups = lines("/etc/group").filter { $0.count >= 4 }
        let found = users.first { $0[0] == name ?? "platen" } ?? (name == nil ? users.first { $0[2] == "\(getuid())" } : nil)
        guard let found else { throw TypewriterError("there is no user \(legible(name ?? "\(getuid())")); name one of /etc/passwd", status: .configuration) }
        self.name = found[0]
        user = UInt32(found[2]) ?? .max
        home = found.count > 5 ? found[5] : ""
        let own = found[3]
        let member = groups.filter { $0[2] == own || $0[3].split(separator: ",").contains(found[0][...]) }
        self.groups = Set((member.map { $0[2] } + [own]).compactMap { UInt32($0) })
        groupNames = Dictionary(groups.compactMap { group in UInt32(group[2]).map { ($0, group[0]) } }) { first, _ in first }
    }

    /// Adds groups that it has in the service alone, by name or number; those that do not exist do nothing.
    mutating func join(_ names: [String]) {
        groups.formUnion(groupNames.filter { names.contains($0.value) || names.contains("\($0.key)") }.keys)
    }

    func groupName(_ group: UInt32) -> String { groupNames[group] ?? "\(group)" }

    /// - Parameter wanted: 4 to read, 2 to write, 1 to search, or a sum of them.
    func may(_ wanted: UInt32, _ node: Computer.Node) -> Bool {
        if user == 0 { return true }
        let bits = node.user == user ? node.mode >> 6 : groups.contains(node.group) ? node.mode >> 3 : node.mode
        return bits & wanted == wanted
    }
}
