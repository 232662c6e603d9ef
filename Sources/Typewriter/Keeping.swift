import Logging
import Paper
import Transcript

/// What a session has to do with its transcript, beside telling what happens.
package struct Keeping: Sendable {
    let resumption: Resumption
    /// The paper that the session prints on.
    let progress: PaperProgress
    /// Returns when what was told is kept: the end of an answer is printed then.
    let settle: @Sendable () -> Void
}

extension TranscriptWriter {
    /// As the settings have it; nil where nothing is kept. Whatever is wrong goes to the log: a typewriter types without a transcript too.
    static func open(_ settings: Settings, _ logger: Logger) -> TranscriptWriter? {
        guard settings.transcript.keeps else { return nil }
        do {
            let directory = try StateDirectory.path(settings.state)
            try StateDirectory.make(directory)
            return TranscriptWriter(
                directory: directory, sizeLimit: Int64(settings.transcript.sizeLimit) << 20, marks: settings.transcript.marksCutAnswers, logger: logger)
        } catch {
            logger.error("transcripts are not kept: \(error)")
            return nil
        }
    }
}
