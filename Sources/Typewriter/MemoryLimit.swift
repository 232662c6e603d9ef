import Conversation

/// What a service manager may limit a typewriter's memory to, so that the model is held as it would be without a limit.
public enum MemoryLimit {
    /// Bytes for what is not the model's: fonts that a page is drawn with, the history's pages, threads, questions and answers. The daemon
    /// takes 5 MiB so, and some more where pages are drawn.
    private static let allowance = 64 << 20
    /// What is not the model's is counted in pieces of so many bytes, so that one start finds the same limit as the next.
    private static let step = 16 << 20

    /// In bytes; nil where no model can be read, so that nothing follows from it.
    public static func of(_ settings: Settings) -> Int? {
        of(settings) { ProcessHealth().anonymous ?? 0 }
    }

    /// - Parameter measure: bytes that this process has without a file behind them. It is called when the model is open, as the daemon
    ///   opens it: a vocabulary may be a few dozen MiB.
    static func of(_ settings: Settings, measure: () -> Int) -> Int? {
        do {
            let path = settings.model.path.isEmpty ? try IncludedModel.find() : settings.model.path
            let model = try OpenModel(path: path)
            let own = measure() + allowance
            return try model.groupLimit(
                contextLength: settings.model.contextLength == 0 ? nil : settings.model.contextLength,
                cacheType: CacheType(rawValue: settings.model.cacheType) ?? .f16,
                memoryLimit: settings.model.memoryLimit == 0 ? nil : settings.model.memoryLimit,
                besides: (own + step - 1) / step * step)
        } catch {
            return nil
        }
    }
}
