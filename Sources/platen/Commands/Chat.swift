import ArgumentParser
import Glibc
import Typewriter

struct Chat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk with a model on a page in the terminal.",
        discussion: """
            Examples:
              platen chat
              platen chat llama-2-7b-chat.Q4_0.gguf --columns 60
              platen chat --characters-per-second 12 --system "You answer in rhymes."
              echo "What is the capital of France?" | platen chat

            Return sends what was typed, Esc stops the answer, Ctrl-N begins a new conversation, Ctrl-D ends.
            """
    )

    @Argument(help: "A GGUF model file. Without one, the included model answers.")
    var model: String?

    @Option(help: "A settings file; options go before it.")
    var config: String?

    @Option(help: "Width of the page in characters.")
    var columns: Int?

    @Option(help: "The pace of the typewriter; 0 for as fast as it goes.")
    var charactersPerSecond: Double?

    @Option(help: "The prompt template: alpaca, llama-2, llama-3, mistral-v1, mistral-v3, mistral-v3-tekken, mistral-v7, mistral-v7-tekken, chatml, chatml-no-think, smollm3, zephyr, olmo-2, gemma, phi-3, phi-4-mini, phi-4, granite, raw, or auto.")
    var template: String?

    @Option(help: "What the model is told before the first question.")
    var system: String?

    @Option(help: "The longest answer, in tokens.")
    var maxTokens: Int?

    @Option(help: "0 takes the most likely word always; higher is bolder.")
    var temperature: Double?

    @Option(help: "The same seed gives the same answers.")
    var seed: Int?

    @Option(help: "Processor cores that compute.")
    var threads: Int?

    @Option(help: "Tokens that the model keeps in mind.")
    var context: Int?

    @Option(help: "What the model's memory is kept as: f16, or q8_0 for half as much.")
    var cacheType: String?

    @Option(help: "MiB that the model may take; what the machine has left if not given.")
    var memoryLimit: Int?

    @Flag(help: "Keep the conversation, as platend does; else nothing of it is kept, whatever the settings file says.")
    var keep = false

    @Option(help: "A file for log lines, which else come after the session.")
    var log: String?

    func run() throws {
        try Typewriter(settings()).run {
            guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return }
            writeToStandardError("Type, and press Return. Esc stops, Ctrl-N begins anew, Ctrl-D ends.\r\n\r\n")
        }
    }

    /// The settings file's, or the defaults, with the options in place.
    private func settings() throws(TypewriterError) -> Settings {
        var settings = Settings()
        if let config { settings = try Settings(file: config) }
        settings.transcript.keeps = keep
        let options: [(option: String, key: String, value: SettingValue?)] = [
            ("MODEL", "model.path", model.map { .text($0) }),
            ("--context", "model.context_length", context.map { .integer($0) }),
            ("--cache-type", "model.cache_type", cacheType.map { .text($0) }),
            ("--memory-limit", "model.memory_limit_mib", memoryLimit.map { .integer($0) }),
            ("--threads", "model.threads", threads.map { .integer($0) }),
            ("--template", "conversation.template", template.map { .text($0) }),
            ("--system", "conversation.system_prompt", system.map { .text($0) }),
            ("--max-tokens", "conversation.max_tokens", maxTokens.map { .integer($0) }),
            ("--temperature", "sampling.temperature", temperature.map { .number($0) }),
            ("--seed", "sampling.seed", seed.map { .integer($0) }),
            ("--columns", "paper.columns", columns.map { .integer($0) }),
            ("--characters-per-second", "paper.characters_per_second", charactersPerSecond.map { .number($0) }),
            ("--log", "log.file", log.map { .text($0) }),
        ]
        for case (let option, let key, let value?) in options {
            do {
                try settings.set(key, to: value)
            } catch {
                throw TypewriterError("\(option): \(error)", status: error.status)
            }
        }
        return settings
    }
}
