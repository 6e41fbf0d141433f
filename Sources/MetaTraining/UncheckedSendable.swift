/// Carries a value to closures that may run on other threads, where the code around it keeps accesses apart.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
