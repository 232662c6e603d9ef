/// What a layout is called, in XKB's own names (`rules/evdev.lst` lists them).
public struct XKBNames: Sendable, Equatable {
    /// Such as `de`, or `us,ru` for two.
    public var layout: String
    /// Such as `nodeadkeys`; as many as layouts, or empty.
    public var variant: String
    /// Such as `compose:ralt,ctrl:nocaps`.
    public var options: String

    public init(layout: String = "us", variant: String = "", options: String = "") {
        self.layout = layout
        self.variant = variant
        self.options = options
    }

    var withoutVariant: XKBNames { XKBNames(layout: layout, options: options) }
}
