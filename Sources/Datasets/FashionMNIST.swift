import Foundation

extension IDXDataset {
    /// The articles of clothing of Xiao, Rasul and Vollgraf 2017: 60,000 training and 10,000 test images, 28 × 28.
    ///
    /// The sums of the images are those of the compressed files as they are distributed.
    public static let fashionMNIST = IDXDataset(
        name: "fashion-mnist", classes: 10,
        folders: FolderNames(
            own: ["fashion-mnist", "FashionMNIST", "fashion_mnist"],
            around: ["fashion-mnist", "FashionMNIST", "fashion_mnist"], inside: ["raw"]),
        borrowsNames: true,
        parts: [
            Part(
                fileName: "train-images-idx3-ubyte",
                official: .archive("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"), rank: 3),
            Part(
                fileName: "train-labels-idx1-ubyte",
                official: .content("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"), rank: 1),
            Part(
                fileName: "t10k-images-idx3-ubyte",
                official: .archive("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"), rank: 3),
            Part(
                fileName: "t10k-labels-idx1-ubyte",
                official: .content("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"), rank: 1),
        ],
        mirrors: [
            URL(string: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")!,
            URL(string: "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/")!,
        ])
}
