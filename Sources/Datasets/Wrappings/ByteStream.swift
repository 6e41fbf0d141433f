extension ImmutableBytes {
    /// Whether these are gzip data, whatever their file is called: no other format that is read starts like this.
    var isGzip: Bool { withBuffer { $0.starts(with: [0x1F, 0x8B]) } }
}
