/// In bytes: ggml's `GGML_MAX_NAME`.
let longestTensorName = 64

extension Cursor {
    /// The table of tensors, each checked to lie in the file, aligned and apart from all others.
    mutating func tensorInfos(
        count: Int, alignment: Int
    ) throws(GGUFError) -> (tensors: [TensorInfo], positions: [String: Int]) {
        var entries: [TableEntry] = []
        var positions: [String: Int] = [:]
        for index in 0..<count {
            let entry = try tableEntry(index)
            guard positions.updateValue(index, forKey: entry.name) == nil else {
                throw GGUFError(path, "tensor \(quoted(entry.name)) occurs twice; the file is damaged")
            }
            entries.append(entry)
        }
        // The data begin at the next multiple of the alignment; a position in a file is far from overflowing.
        let dataStart = (position + alignment - 1) & ~(alignment - 1)
        var tensors: [TensorInfo] = []
        for entry in entries {
            tensors.append(try locate(entry, dataStart: dataStart, alignment: alignment))
        }
        try checkApart(tensors)
        return (tensors, positions)
    }

    private struct TableEntry {
        let name: String
        let shape: [Int]
        let type: TensorType
        /// From the beginning of the data.
        let offset: UInt64
        let byteCount: Int
    }

    private mutating func tableEntry(_ index: Int) throws(GGUFError) -> TableEntry {
        let name = try name("tensor \(index)", limit: longestTensorName)
        let owner = "tensor \(quoted(name))"
        let dimensions = try integer(UInt32.self, "the dimensions of \(owner)")
        guard (1...4).contains(dimensions) else {
            throw GGUFError(path, "\(owner) has \(dimensions) dimensions, not 1 to 4; the file is damaged")
        }
        var shape: [Int] = []
        for _ in 0..<dimensions {
            let size = try integer(UInt64.self, "the dimensions of \(owner)")
            guard let size = Int(exactly: size), size > 0 else {
                throw GGUFError(path, "\(owner) has a dimension of \(size); the file is damaged")
            }
            shape.append(size)
        }
        let type = try tensorType(owner)
        let offset = try integer(UInt64.self, "the offset of \(owner)")
        do {
            return TableEntry(
                name: name, shape: shape, type: type, offset: offset, byteCount: try type.byteCount(shape: shape))
        } catch {
            throw GGUFError(path, "\(owner) \(error.description); the file is damaged")
        }
    }

    private mutating func tensorType(_ owner: String) throws(GGUFError) -> TensorType {
        let id = try integer(UInt32.self, "the type of \(owner)")
        if let type = TensorType(rawValue: id) { return type }
        if let removed = TensorType.removedName(id: id) {
            throw GGUFError(path, "\(owner) is of type \(removed), which ggml has removed from files; "
                + "download a newer conversion of the model")
        }
        throw GGUFError(path, "\(owner) is of unknown type \(id); the file is damaged or newer than this program")
    }

    private func locate(_ entry: TableEntry, dataStart: Int, alignment: Int) throws(GGUFError) -> TensorInfo {
        let owner = "tensor \(quoted(entry.name))"
        guard entry.offset % UInt64(alignment) == 0 else {
            throw GGUFError(path, "\(owner) begins at offset \(entry.offset), "
                + "which is not a multiple of the alignment \(alignment); the file is damaged")
        }
        let (begin, startOverflow) = UInt64(dataStart).addingReportingOverflow(entry.offset)
        let (end, endOverflow) = begin.addingReportingOverflow(UInt64(entry.byteCount))
        guard !startOverflow, !endOverflow else {
            throw GGUFError(path, "\(owner) has an offset of \(entry.offset), beyond any file; the file is damaged")
        }
        guard end <= UInt64(bytes.count) else {
            throw GGUFError(path, "\(owner) ends at byte \(end), but the file has \(bytes.count): "
                + "it is truncated; copy or download it again")
        }
        return TensorInfo(
            name: entry.name, shape: entry.shape, type: entry.type, offset: Int(begin), byteCount: entry.byteCount)
    }

    private func checkApart(_ tensors: [TensorInfo]) throws(GGUFError) {
        let inOrder = tensors.sorted { $0.offset < $1.offset }
        for (tensor, next) in zip(inOrder, inOrder.dropFirst()) where tensor.offset + tensor.byteCount > next.offset {
            throw GGUFError(path, "tensors \(quoted(tensor.name)) and \(quoted(next.name)) overlap; the file is damaged")
        }
    }
}
