import Conversation
import Logging
import Paper

/// Everything that can be chosen about a typewriter. The keys of the settings file, their ranges and the places here that
/// they fill are in `SettingKey`.
public struct Settings: Sendable, Equatable {
    public var model = ModelSection()
    public var conversation = ConversationSection()
    public var sampling = SamplingSettings()
    /// Nil: as the model file suggests.
    public var temperature: Float?
    public var keyboard = KeyboardSection()
    public var paper = PaperSection()
    public var transcript = TranscriptSection()
    public var state = StateSection()
    public var log = LogSection()

    public init() {}

    public struct ModelSection: Sendable, Equatable {
        /// Of a GGUF file; empty for the included model.
        public var path = ""
        /// Tokens; 0 for the model's own, up to 4096.
        public var contextLength = 0
        /// A `CacheType`.
        public var cacheType = CacheType.f16.rawValue
        /// MiB; 0 for what the machine has left.
        public var memoryLimit = 0
        /// 0 for one a core.
        public var threads = 0
    }

    public struct ConversationSection: Sendable, Equatable {
        /// A template's name, or `auto`.
        public var template = Settings.automatic
        public var systemPrompt = ""
        public var maximumTokens = 512
        public var stop: [String] = []
        /// The model reads a question while it is typed.
        public var readsAhead = true
    }

    public struct PaperSection: Sendable, Equatable {
        public var kind = PaperKind.terminal.rawValue
        /// Of a typewriter or printer: a profile's name, or its path.
        public var profile = ""
        /// Of a printer: a path, `tcp:PORT` or `lp:NAME`.
        public var device = ""
        public var page = PageSettings()
        public var sheets = SheetSettings()
        /// 0 for as fast as the device takes them.
        public var charactersPerSecond: Float = 0
    }

    public struct LogSection: Sendable, Equatable {
        public var level = Logger.Level.notice.rawValue
        /// Empty for standard error.
        public var file = ""
        /// What is typed and answered may stand in it.
        public var text = false
    }

    static let automatic = "auto"
}

extension Settings {
    static let sheetKinds = ["continuous", "single"]

    /// How sheets come, as the settings file has it.
    var sheetKind: String {
        get { Self.sheetKinds[paper.sheets.isContinuous ? 0 : 1] }
        set { paper.sheets.isContinuous = newValue == Self.sheetKinds[0] }
    }

    /// The seed as the settings file has it: 0 stands for another one each time.
    var seed: Int {
        get { Int(clamping: sampling.seed ?? 0) }
        set { sampling.seed = newValue == 0 ? nil : UInt64(newValue.magnitude) }
    }

    var forConversation: ConversationSettings {
        ConversationSettings(
            template: PromptTemplate.named(conversation.template), systemPrompt: conversation.systemPrompt,
            maximumTokens: conversation.maximumTokens, stopSequences: conversation.stop, sampling: sampling,
            temperature: temperature
        )
    }
}
