import Conversation
import Keyboard
import Logging
import Paper

/// A value as a settings file or an option gives it.
public enum SettingValue: Sendable, Equatable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case text(String)
    case texts([String])
    /// Something that no setting takes: a date, a table, a list of numbers.
    case other(String)

    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .text(let value): String(reflecting: String(value.prefix(120)))
        case .texts(let value): "\(value.map { String($0.prefix(60)) })"
        case .other(let description): description
        }
    }
}

/// One key of the settings file: its name, what it may be, and the place in `Settings` that it fills.
struct SettingKey: Sendable {
    enum Kind: Sendable {
        case integer(WritableKeyPath<Settings, Int> & Sendable, ClosedRange<Int>)
        case number(WritableKeyPath<Settings, Float> & Sendable, ClosedRange<Float>)
        /// A number, or `auto` (nil), which leaves the choice to the model file.
        case automaticNumber(WritableKeyPath<Settings, Float?> & Sendable, ClosedRange<Float>)
        case flag(WritableKeyPath<Settings, Bool> & Sendable)
        case text(WritableKeyPath<Settings, String> & Sendable)
        case choice(WritableKeyPath<Settings, String> & Sendable, [String])
        case texts(WritableKeyPath<Settings, [String]> & Sendable)
    }

    /// Section and key, such as `paper.columns`.
    let name: String
    let kind: Kind
    /// It can change while the typewriter runs; else it takes a restart.
    let isLive: Bool

    init(_ name: String, _ kind: Kind, isLive: Bool = false) {
        self.name = name
        self.kind = kind
        self.isLive = isLive
    }

    var section: Substring { name.prefix { $0 != "." } }

    static func named(_ name: String) -> SettingKey? {
        all.first { $0.name == name }
    }

    static let sections = Set(all.map { String($0.section) })

    /// In the order of the shipped file.
    static let all: [SettingKey] = [
        SettingKey("model.path", .text(\.model.path)),
        SettingKey("model.context_length", .integer(\.model.contextLength, 0...1_048_576)),
        SettingKey("model.cache_type", .choice(\.model.cacheType, CacheType.allCases.map(\.rawValue))),
        SettingKey("model.memory_limit_mib", .integer(\.model.memoryLimit, 0...1 << 30)),
        SettingKey("model.threads", .integer(\.model.threads, 0...256)),

        SettingKey("conversation.template", .choice(\.conversation.template, [Settings.automatic] + PromptTemplate.all.map(\.name))),
        SettingKey("conversation.system_prompt", .text(\.conversation.systemPrompt), isLive: true),
        SettingKey("conversation.max_tokens", .integer(\.conversation.maximumTokens, 1...1_048_576), isLive: true),
        SettingKey("conversation.stop", .texts(\.conversation.stop), isLive: true),
        SettingKey("conversation.reads_ahead", .flag(\.conversation.readsAhead), isLive: true),

        SettingKey("sampling.temperature", .automaticNumber(\.temperature, 0...100), isLive: true),
        SettingKey("sampling.top_k", .integer(\.sampling.topK, 0...1_048_576), isLive: true),
        SettingKey("sampling.top_p", .number(\.sampling.topP, 0.001...1), isLive: true),
        SettingKey("sampling.min_p", .number(\.sampling.minP, 0...1), isLive: true),
        SettingKey("sampling.repetition_penalty", .number(\.sampling.repetitionPenalty, 0.01...10), isLive: true),
        SettingKey("sampling.repetition_window", .integer(\.sampling.repetitionWindow, 0...65536), isLive: true),
        SettingKey("sampling.dry_multiplier", .number(\.sampling.dry.multiplier, 0...100), isLive: true),
        SettingKey("sampling.dry_base", .number(\.sampling.dry.base, 1...100), isLive: true),
        SettingKey("sampling.dry_allowed_length", .integer(\.sampling.dry.allowedLength, 1...65536), isLive: true),
        SettingKey("sampling.dry_window", .integer(\.sampling.dry.window, 0...65536), isLive: true),
        SettingKey("sampling.seed", .integer(\.seed, 0...Int.max), isLive: true),

        SettingKey("keyboard.kind", .choice(\.keyboard.kind, KeyboardKind.allCases.map(\.rawValue))),
        SettingKey("keyboard.profile", .text(\.keyboard.profile)),
        SettingKey("keyboard.device", .text(\.keyboard.device)),
        SettingKey("keyboard.baud", .integer(\.keyboard.line.baud, 1...4_000_000)),
        SettingKey("keyboard.data_bits", .integer(\.keyboard.line.dataBits, 5...8)),
        SettingKey("keyboard.parity", .choice(\.keyboard.line.parity, Settings.LineSection.parities)),
        SettingKey("keyboard.stop_bits", .integer(\.keyboard.line.stopBits, 1...2)),
        SettingKey("keyboard.flow", .choice(\.keyboard.line.flow, Settings.LineSection.flows)),
        SettingKey("keyboard.encoding", .choice(\.keyboard.encoding, SerialEncoding.allCases.map(\.rawValue))),
        SettingKey("keyboard.unshift_on_space", .flag(\.keyboard.unshiftsOnSpace)),
        SettingKey("keyboard.layout", .text(\.keyboard.layout.layout)),
        SettingKey("keyboard.variant", .text(\.keyboard.layout.variant)),
        SettingKey("keyboard.options", .text(\.keyboard.layout.options)),
        SettingKey("keyboard.shift_lock", .choice(\.keyboard.shiftLock, [Settings.automatic] + XKBLayout.ShiftLock.allCases.map(\.rawValue))),
        SettingKey("keyboard.grab", .flag(\.keyboard.grabs)),

        SettingKey("paper.kind", .choice(\.paper.kind, PaperKind.allCases.map(\.rawValue))),
        SettingKey("paper.profile", .text(\.paper.profile)),
        SettingKey("paper.device", .text(\.paper.device)),
        SettingKey("paper.columns", .integer(\.paper.page.columns, PageSettings.leastWidth...PageSettings.mostColumns), isLive: true),
        SettingKey("paper.left_margin", .integer(\.paper.page.leftMargin, 0...PageSettings.mostColumns), isLive: true),
        SettingKey("paper.right_margin", .integer(\.paper.page.rightMargin, 0...PageSettings.mostColumns), isLive: true),
        SettingKey("paper.lines", .integer(\.paper.sheets.lines, 0...SheetSettings.mostLines)),
        SettingKey("paper.top_margin", .integer(\.paper.sheets.topMargin, 0...SheetSettings.mostLines)),
        SettingKey("paper.bottom_margin", .integer(\.paper.sheets.bottomMargin, 0...SheetSettings.mostLines)),
        SettingKey("paper.sheets", .choice(\.sheetKind, Settings.sheetKinds)),
        SettingKey("paper.tab_width", .integer(\.paper.page.tabWidth, 1...PageSettings.mostColumns), isLive: true),
        SettingKey("paper.hot_zone", .integer(\.paper.page.hotZone, 0...PageSettings.mostColumns), isLive: true),
        SettingKey("paper.hyphenates", .flag(\.paper.page.hyphenates), isLive: true),
        SettingKey("paper.markdown", .flag(\.paper.page.markdown), isLive: true),
        SettingKey("paper.characters_per_second", .number(\.paper.charactersPerSecond, 0...10_000)),

        SettingKey("transcript.keep", .flag(\.transcript.keeps)),
        SettingKey("transcript.size_limit_mib", .integer(\.transcript.sizeLimit, 1...65536)),
        SettingKey("transcript.after_cut", .choice(\.transcript.afterCut, Settings.TranscriptSection.cutAnswers)),

        SettingKey("state.directory", .text(\.state.directory)),

        SettingKey("log.level", .choice(\.log.level, Logger.Level.allCases.map(\.rawValue)), isLive: true),
        SettingKey("log.file", .text(\.log.file), isLive: true),
        SettingKey("log.text", .flag(\.log.text), isLive: true),
    ]
}
