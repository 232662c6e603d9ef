extension Architecture {
    /// IBM Granite 3 and 4, dense: ibm-granite's model cards; Yang et al. 2022 (arXiv 2203.03466) for the factors.
    static let granite = Architecture(name: "granite", interleavedRope: true, statesScales: true, mayOmitRope: true)
}
