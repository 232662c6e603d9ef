/// Something that is turned, driven by the kernel.
public protocol Knob: AnyObject {
    /// From 0 to 1; nil where nobody can tell.
    var position: Double? { get }
}
