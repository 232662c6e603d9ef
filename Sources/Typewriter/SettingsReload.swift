import Keyboard
import Logging

/// Settings that were read again while a typewriter runs by earlier ones.
struct SettingsReload: Sendable, Equatable {
    /// What holds from now on: what is live as it was read, everything else as it was.
    let settings: Settings
    /// Names of keys whose new values hold.
    let changed: [String]
    /// Names of keys whose new values hold when the typewriter is started again.
    let waiting: [String]

    /// - Throws: what does not go together with what stays as it was.
    init(_ new: Settings, over old: Settings) throws(TypewriterError) {
        let differing = SettingKey.all.filter { $0.value(in: new) != $0.value(in: old) }
        var settings = old
        for key in differing where key.isLive { try key.set(key.value(in: new), in: &settings) }
        try settings.check()
        self.settings = settings
        changed = differing.filter(\.isLive).map(\.name)
        waiting = differing.filter { !$0.isLive }.map(\.name)
    }

    /// Reads files again, and says in the log what came of it. An error in them leaves everything as it was.
    /// - Returns: nil when nothing changes.
    static func read(_ files: SettingsFiles, over old: Settings, _ logger: Logger) -> SettingsReload? {
        guard files.problems.isEmpty else {
            for problem in files.problems { logger.error("\(problem)") }
            logger.error("the settings stay as they were")
            return nil
        }
        do {
            let reload = try SettingsReload(files.settings, over: old)
            if reload.changed.isEmpty, reload.waiting.isEmpty { logger.notice("settings read again: nothing has changed") }
            if !reload.changed.isEmpty { logger.notice("settings read again; new are \(reload.changed.joined(separator: ", "))") }
            if !reload.waiting.isEmpty {
                logger.warning("\(reload.waiting.joined(separator: ", ")): this changes when the typewriter is started again")
            }
            return reload.changed.isEmpty ? nil : reload
        } catch {
            logger.error("\(error)")
            logger.error("the settings stay as they were")
            return nil
        }
    }
}

extension Settings {
    /// What a session takes over while it goes on.
    var live: Session.LiveSettings {
        Session.LiveSettings(page: paper.page, readsAhead: conversation.readsAhead, conversation: forConversation)
    }
}

extension Typewriter {
    /// From now on the signal makes the session go on by the settings as they are then.
    func readAgain(for session: Session, _ log: SessionLog, _ around: Surroundings) {
        guard let rereading else { return }
        var inForce = settings
        around.reload?.onSignal = {
            around.manager?.isReloading(at: monotonicNanoseconds())
            defer { around.manager?.isReady() }
            if let reload = SettingsReload.read(rereading(), over: inForce, around.logger) {
                inForce = reload.settings
                session.take(inForce.live)
            }
            do {
                try log.take(inForce.log)
            } catch {
                around.logger.error("\(error); the log goes on where it was")
            }
        }
    }
}
