import Foundation

extension IDXDataset {
    /// The articles of clothing of Xiao, Rasul and Vollgraf 2017: 60,000 training and 10,000 test images, 28 × 28.
    ///
    /// The sums are those of the compressed files as they are distributed.
    static let fashionMNIST = IDXDataset(
        name: "fashion-mnist", classes: 10,
        parts: [
            Part(
                fileName: "train-images-idx3-ubyte",
                official: .archive("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"), rank: 3),
            Part(
                fileName: "train-labels-idx1-ubyte",
                official: .archive("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"), rank: 1),
            Part(
                fileName: "t10k-images-idx3-ubyte",
                official: .archive("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"), rank: 3),
            Part(
                fileName: "t10k-labels-idx1-ubyte",
                official: .archive("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"), rank: 1),
        ],
        mirrors: [
            URL(string: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")!,
            URL(string: "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/")!,
        ])
}
