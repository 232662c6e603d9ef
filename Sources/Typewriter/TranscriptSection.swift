extension Settings {
    public struct TranscriptSection: Sendable, Equatable {
        /// False is the private mode: nothing is kept, and nothing written.
        public var keeps = true
        /// MiB.
        public var sizeLimit = 64
        /// One of `cutAnswers`.
        public var afterCut = cutAnswers[0]

        /// What becomes of an answer that a cut ended: the model goes on with it, or the page says so.
        static let cutAnswers = ["finish", "mark"]
        var marksCutAnswers: Bool { afterCut == Self.cutAnswers[1] }
    }

    public struct StateSection: Sendable, Equatable {
        /// Empty for the service manager's, or the user's.
        public var directory = ""
    }
}
