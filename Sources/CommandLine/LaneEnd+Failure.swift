import FairfillClient
import Workers

extension LaneEnd {
    /// Throws where lanes did not end because they were done.
    package func checkFinished() throws(Failure) {
        switch self {
        case .finished: return
        case .fenced(let sentence): throw Failure(.fenced, sentence)
        case .invariant(let sentence): throw Failure(.invariant, sentence)
        case .log(let error): throw Failure(error)
        case .overMemory(let reason): throw Failure(.configuration, reason.sentence)
        }
    }
}
