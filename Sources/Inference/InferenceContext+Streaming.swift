import CKernels
import GGUF

/// Computing with weights that do not fit into memory.
extension InferenceContext {
    /// The rows that stay first, while the rest is still on its way. Which rows are computed together changes no bit.
    func multiply(_ products: UnsafeBufferPointer<pl_matrix>, from stream: WeightStream, by input: inout pl_activations) {
        withUnsafeTemporaryAllocation(of: pl_matrix.self, capacity: products.count) { kept in
            var count = 0
            for product in products {
                let rows = stream.keptRows(product.weights) ?? Int(product.rows)
                guard rows > 0 else { continue }
                kept.initializeElement(at: count, to: product.rows(0..<rows, at: product.weights))
                count += 1
            }
            if count > 0 { pl_team_matmul(team.handle, kernels, kept.baseAddress, Int32(count), &input) }
        }
        for product in products { multiplyPieces(of: product, from: stream, by: &input) }
    }

    /// As `pl_team_gate`: the gated rows that stay, then the products of the others, which are gated once both are there.
    func multiply(_ gate: pl_matrix, _ up: pl_matrix, _ gating: pl_gating, from stream: WeightStream, by input: inout pl_activations) {
        // Of two matrices with as many rows the same rows stay.
        let kept = stream.keptRows(gate.weights) ?? Int(gate.rows), rest = Int(gate.rows) - kept
        if kept > 0 {
            var keptGate = gate.rows(0..<kept, at: gate.weights), keptUp = up.rows(0..<kept, at: up.weights)
            pl_team_gate(team.handle, kernels, &keptGate, &keptUp, gating, &input)
        }
        guard rest > 0 else { return }
        multiplyPieces(of: gate, from: stream, by: &input)
        multiplyPieces(of: up, from: stream, by: &input)
        let apply = gating == PL_SILU ? kernels.pointee.silu_multiply : kernels.pointee.gelu_multiply
        for t in 0..<Int(input.tokens) {
            apply?(gate.out + t * gate.out_stride + kept, up.out + t * up.out_stride + kept, Int32(rest))
        }
    }

    private func multiplyPieces(of product: pl_matrix, from stream: WeightStream, by input: inout pl_activations) {
        stream.forEachPiece(of: product.weights) { rows, data in
            withUnsafePointer(to: product.rows(rows, at: data)) { piece in
                pl_team_matmul(team.handle, kernels, piece, 1, &input)
            }
        }
    }
}

extension pl_matrix {
    /// The product of some of the rows, which lie at `data`.
    fileprivate func rows(_ range: Range<Int>, at data: UnsafeRawPointer) -> pl_matrix {
        var part = self
        part.rows = Int32(range.count)
        part.weights = data
        part.bias = bias.map { $0 + range.lowerBound }
        part.out = out + range.lowerBound
        return part
    }
}
