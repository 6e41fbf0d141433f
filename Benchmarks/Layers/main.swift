import TensorEngine
import TensorKernels

// How near products and convolutions come to one core's peak, and how long a step of convolutional networks takes.
// usage: Layers [products|convolutions|networks]
let part = CommandLine.arguments.dropFirst().first
let peak = Peak.measured()
print("peak \(Int(peak)) GFLOP/s, \(try KernelChoice.check().rawValue) kernels")
let parts: [(String, (Double) -> Void)] = [
    ("products", Products.report), ("convolutions", Convolutions.report), ("networks", Networks.report),
]
for (name, report) in parts where part == nil || part == name { report(peak) }
