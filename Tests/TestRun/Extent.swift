import Foundation

/// How much a run of the tests goes through. `deploy/test` sets the variable
/// `FAIRFILL_TEST_EXTENT`; without it a run is that of continuous integration.
///
/// What is exhaustive or random has a smaller size in the shorter runs, never none.
package enum Extent: String, CaseIterable, Sendable {
    /// Minutes: `deploy/test`.
    case quick
    /// What continuous integration runs: `deploy/test --all`.
    case all
    /// Hours: `deploy/test --long`.
    case long

    /// That of this run.
    package static let current: Extent = {
        guard let word = ProcessInfo.processInfo.environment["FAIRFILL_TEST_EXTENT"] else {
            return .all
        }
        guard let extent = Extent(rawValue: word) else {
            preconditionFailure("FAIRFILL_TEST_EXTENT is \(word): quick, all or long")
        }
        return extent
    }()

    /// The one of three sizes that this run has.
    package static func size<Size>(quick: Size, all: Size, long: Size) -> Size {
        switch current {
        case .quick: quick
        case .all: all
        case .long: long
        }
    }
}
