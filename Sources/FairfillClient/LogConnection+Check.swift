import EventLog

extension LogConnection {
    /// What is wrong with the environment's topics, a sentence each, with what to do about it.
    /// Empty: all is right.
    public func findings() async throws(ClientError) -> [String] {
        try await onThread { (_) throws(ClientError) in
            try TopicCheck.findings(TopicCheck.topics(of: self.name, self.log), self.environment)
                .map(\.sentence)
        }
    }

    /// Refuses (`configuration`) to work on topics that would make replay impossible.
    public func check() async throws(ClientError) {
        try await onThread { (_) throws(ClientError) in try self.checkTopics() }
    }

    /// Refuses to work on topics that would make replay impossible.
    package func checkTopics() throws(ClientError) {
        let known = try TopicCheck.topics(of: name, log)
        let findings = TopicCheck.findings(known, environment).filter(\.stopsWorkers)
        guard findings.isEmpty else {
            throw ClientError(
                .configuration, findings.map(\.sentence).joined(separator: "\nfairfill: "))
        }
    }
}
