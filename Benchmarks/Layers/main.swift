import TensorEngine
import TensorKernels

// How near matrix products and convolutions come to one core's peak, in Float.
// usage: Layers [products|convolutions]
let part = CommandLine.arguments.dropFirst().first
let peak = Peak.measured()
print("peak \(Int(peak)) GFLOP/s, \(try KernelChoice.check().rawValue) kernels")
if part != "convolutions" { Products.report(peak: peak) }
if part != "products" { Convolutions.report(peak: peak) }
