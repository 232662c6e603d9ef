/// How a family of models was taught to tell question from answer: pure data, written as the published form reads.
///
/// The texts hold the places `{system}`, `{prompt}`, `{input}`, `{bos}` and `{eos}`. A conversation is
///
///     [BOS]  opening|openingWithSystem  turn  ANSWER endOfAnswer   following turn  ANSWER endOfAnswer   ...
///
/// and what follows the end of an answer in the published form (ChatML's line feed) belongs to `following`, so that the
/// state of an ended answer can be kept and the next question appended to it.
public struct PromptTemplate: Sendable, Equatable {
    /// The name that settings use, such as `alpaca`.
    public let name: String
    /// Before the first question, without and with a system prompt.
    let opening: String
    let openingWithSystem: String
    /// Before every later question.
    let following: String
    /// The question, up to where the model goes on.
    let turn: String
    /// What a model writes before its answer's first word: nothing behind white space or a marker, else mostly a space.
    let answerLead: String
    /// What a model writes at its answer's end.
    let endOfAnswer: String
    /// Texts at which an answer ends although the model did not end it.
    public let stopSequences: [String]
    /// The family's own form for a question with a separate input; others get the input as a second paragraph.
    let withInput: InputForm?

    struct InputForm: Sendable, Equatable {
        let opening: String
        let turn: String
    }

    init(
        _ name: String, opening: String, openingWithSystem: String, following: String, turn: String, answerLead: String? = nil,
        endOfAnswer: String, stopSequences: [String] = [], withInput: InputForm? = nil
    ) {
        self.name = name
        self.opening = opening
        self.openingWithSystem = openingWithSystem
        self.following = following
        self.turn = turn
        self.answerLead = answerLead ?? (turn.last.map { $0.isWhitespace || $0 == ">" } ?? true ? "" : " ")
        self.endOfAnswer = endOfAnswer
        self.stopSequences = stopSequences
        self.withInput = withInput
    }

    /// Every template, in the order in which help texts name them.
    public static let all: [PromptTemplate] = [
        .alpaca, .llama2, .llama3, .mistralV1, .mistralV3, .mistralV3Tekken, .mistralV7, .mistralV7Tekken,
        .chatML, .chatMLWithoutThinking, .smolLM3, .zephyr, .olmo2, .gemma, .phi3, .phi4Mini, .phi4, .granite, .raw,
    ]

    /// The template of that name, or nil.
    public static func named(_ name: String) -> PromptTemplate? {
        all.first { $0.name == name }
    }
}

/// A piece of a rendered turn.
public enum PromptSegment: Equatable, Sendable {
    /// The template's own text, in which the names of control tokens stand for those tokens.
    case literal(String)
    /// What a person wrote, in which they do not: nobody can type the end of a turn.
    case content(String)
    /// The file's beginning-of-text and end-of-text tokens, if it has them.
    case bos, eos
}

extension PromptTemplate {
    /// One question as segments.
    /// - Parameters:
    ///   - system: Stands before the first question only; surrounding white space is dropped, and from the others too.
    ///   - isFirst: Whether the question opens the conversation.
    public func render(prompt: String, input: String? = nil, system: String? = nil, isFirst: Bool) -> [PromptSegment] {
        let input = input?.trimmed ?? ""
        let system = system?.trimmed ?? ""
        var values = ["system": system, "prompt": prompt.trimmed, "input": input]
        let form = input.isEmpty ? nil : withInput
        if !input.isEmpty, form == nil {
            values["prompt"] = prompt.trimmed + "\n\n" + input
        }
        let start = !isFirst ? following : system.isEmpty ? form?.opening ?? opening : openingWithSystem
        return Self.fill(start + (form?.turn ?? turn), with: values)
    }

    /// What ends an answer in the history.
    public var endOfAnswerSegments: [PromptSegment] { Self.fill(endOfAnswer, with: [:]) }

    private static func fill(_ pattern: String, with values: [String: String]) -> [PromptSegment] {
        var segments: [PromptSegment] = []
        var rest = pattern[...]
        var literal = ""
        func add(_ segment: PromptSegment, to segments: inout [PromptSegment]) {
            if !literal.isEmpty { segments.append(.literal(literal)) }
            literal = ""
            segments.append(segment)
        }
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            literal += rest[..<open]
            switch String(rest[rest.index(after: open)..<close]) {
            case "bos": add(.bos, to: &segments)
            case "eos": add(.eos, to: &segments)
            case let name: add(.content(values[name] ?? ""), to: &segments)
            }
            rest = rest[rest.index(after: close)...]
        }
        literal += rest
        if !literal.isEmpty { segments.append(.literal(literal)) }
        return segments
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
