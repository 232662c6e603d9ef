import CKernels
import GGUF

/// Threads and a buffer that take tensors from one type to another.
///
/// `@unchecked`: a writer asks for its tensors one after the other, on one thread.
final class WeightConverter: @unchecked Sendable {
    /// Weights in a slab: a multiple of every block size.
    static let slab = 1 << 20
    /// No type that is written has more than 2 bytes a weight.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * slab, alignment: 64)
    private let team: ThreadTeam

    init(threads: Int) throws(InferenceError) {
        team = try ThreadTeam(threads: threads)
    }

    deinit {
        buffer.deallocate()
    }

    /// Hands the tensor's weights over in the part's type.
    ///
    /// - Parameter afterSlab: called with the bytes of the tensor that have been read.
    func convert(
        _ part: Quantizer.Part, of file: GGUFFile, into sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void,
        afterSlab: (_ done: Int) throws(GGUFError) -> Void
    ) throws(GGUFError) {
        let source = part.tensor.type
        let bytes = file.bytes(of: part.tensor)
        let slabBytes = Self.slab / source.blockSize * source.bytesPerBlock
        for start in stride(from: 0, to: bytes.count, by: slabBytes) {
            let end = min(start + slabBytes, bytes.count)
            let slab = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            try file.checkUnchanged()
            file.readAhead(UnsafeRawBufferPointer(rebasing: bytes[end..<min(end + slabBytes, bytes.count)]))
            try sink(source == part.type ? slab : converted(slab, part, file.path))
            file.forget(through: slab)
            try afterSlab(end)
        }
    }

    private func converted(_ slab: UnsafeRawBufferPointer, _ part: Quantizer.Part, _ path: String) throws(GGUFError) -> UnsafeRawBufferPointer {
        let source = part.tensor.type
        let count = slab.count / source.bytesPerBlock * source.blockSize
        guard pl_team_convert(
            team.handle, Int32(source.rawValue), slab.baseAddress, Int32(part.type.rawValue), Int64(count), buffer.baseAddress)
        else {
            throw GGUFError("\(printable(path)): tensor '\(printable(part.tensor.name))' has a weight that is not finite or beyond 65504; the file is damaged")
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<(count / part.type.blockSize * part.type.bytesPerBlock)])
    }
}
