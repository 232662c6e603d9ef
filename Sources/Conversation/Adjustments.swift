/// What somebody turns while a conversation goes on; nil leaves a thing as it is.
public struct Adjustments: Sendable, Equatable {
    public var temperature: Float?
    /// The most tokens that an answer may have.
    public var maximumTokens: Int?

    public init(temperature: Float? = nil, maximumTokens: Int? = nil) {
        (self.temperature, self.maximumTokens) = (temperature, maximumTokens)
    }
}
