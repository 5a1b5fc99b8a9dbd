// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bidder",
    dependencies: [.package(name: "fairfill", path: "../../..")],
    targets: [
        .executableTarget(
            name: "bidder",
            dependencies: [.product(name: "FairfillClient", package: "fairfill")])
    ],
    swiftLanguageModes: [.v6]
)
