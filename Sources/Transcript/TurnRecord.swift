/// A question and its answer as they are kept.
public struct TurnRecord: Sendable, Equatable {
    /// Its row, once it has one.
    public internal(set) var id: Int64?
    /// Seconds since 1970, by the machine's clock.
    public var asked: Int64
    public var question: String
    public var answer: String
    /// How the answer ended; nil while it is made.
    public var finish: String?
    public var paper: OnPaper

    /// How much of the answer has been printed.
    public enum OnPaper: Sendable, Equatable {
        /// All that comes before this many bytes; more may be.
        case atLeast(Int)
        /// All of it, and its end.
        case all
    }

    public init(asked: Int64, question: String, answer: String = "", finish: String? = nil, paper: OnPaper = .atLeast(0)) {
        (self.asked, self.question, self.answer, self.finish, self.paper) = (asked, question, answer, finish, paper)
    }
}

extension TurnRecord {
    /// Of an answer that a cut ended, and that was left so.
    public static let interrupted = "interrupted"
    /// Of a question that got no answer.
    public static let failed = "failed"
}

extension TurnRecord.OnPaper {
    /// The number that stands for it in the database.
    init(_ number: Int64) { self = number < 0 ? .all : .atLeast(Int(number)) }

    var number: Int64 {
        switch self {
        case .atLeast(let bytes): Int64(bytes)
        case .all: -1
        }
    }
}

/// Where on the paper printing goes on.
public struct PageRecord: Sendable, Equatable {
    /// Line of the sheet, counted from its first printed one.
    public var line: Int
    /// The sheet is full, and a new one wanted.
    public var isFull: Bool
    /// A session is going on, or was cut off: where the carriage stands on the line is not known.
    public var isOpen: Bool

    public init(line: Int = 0, isFull: Bool = false, isOpen: Bool = false) {
        (self.line, self.isFull, self.isOpen) = (line, isFull, isOpen)
    }
}
