/// A key of a typewriter as its electronics see it: two wires of the keyboard's matrix that are joined, or a line of its own that pulls
/// a solenoid or shorts a single key.
public enum Contact: Sendable, Hashable {
    case crossing(row: Int, column: Int)
    case line(Int)
}

/// Closes and opens the contacts of a typewriter's keyboard: what a finger does.
public protocol KeyPresser: AnyObject, Sendable {
    /// Closes these contacts, and opens all others. Returns when it is done; no contact ever closes that is in neither set.
    /// - Throws: when the hardware refuses. All contacts are open then as far as it lets itself be told.
    func close(_ contacts: Set<Contact>) throws(PaperError)
}
