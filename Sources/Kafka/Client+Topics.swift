import CKafka

/// A topic as the brokers describe it.
package struct TopicMetadata: Sendable {
    package var name: String
    package var partitions: Int32
    /// Of each partition that the brokers know of, by its number.
    package var states: [Int32: PartitionState]
}

/// Who keeps a partition just now.
package struct PartitionState: Sendable {
    /// The id of the broker that leads it; nil where none does.
    package var leader: Int32?
    /// How many brokers are to have a copy.
    package var copies: Int
    /// How many have one that is whole.
    package var copiesInSync: Int
}

extension Client {
    /// Every topic of the cluster. Naming one would let some brokers make it; this does not.
    package func allTopics(milliseconds: Int32) throws(KafkaError) -> [TopicMetadata] {
        try cluster(milliseconds: milliseconds).topics
    }

    /// Every topic of the cluster, and how many brokers it has just now.
    package func cluster(
        milliseconds: Int32
    ) throws(KafkaError) -> (topics: [TopicMetadata], brokers: Int) {
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle, 1, nil, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaError(code) }
        defer { rd_kafka_metadata_destroy(answer) }
        let topics = (0..<Int(answer.pointee.topic_cnt)).map { index in
            let topic = answer.pointee.topics[index]
            var states: [Int32: PartitionState] = [:]
            for number in 0..<Int(topic.partition_cnt) {
                let partition = topic.partitions[number]
                states[partition.id] = PartitionState(
                    leader: partition.leader < 0 ? nil : partition.leader,
                    copies: Int(partition.replica_cnt), copiesInSync: Int(partition.isr_cnt))
            }
            return TopicMetadata(
                name: String(cString: topic.topic), partitions: topic.partition_cnt,
                states: states)
        }
        return (topics, Int(answer.pointee.broker_cnt))
    }

    /// Asks for one topic by its name, and throws why it is not shown: it may be there and not be
    /// for this client to see. For consumers: they make no topic by naming it.
    package func lookFor(topic name: String, milliseconds: Int32) throws(KafkaError) {
        var answer: UnsafePointer<rd_kafka_metadata>?
        let topic = handle(ofTopic: name)
        let code = rd_kafka_metadata(handle, 0, topic.handle, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaError(code) }
        defer { rd_kafka_metadata_destroy(answer) }
        guard answer.pointee.topic_cnt > 0 else {
            throw KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
        let found = answer.pointee.topics[0].err
        guard found == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(found) }
    }

    /// Which of a partition's offsets is asked for.
    package enum Edge: Sendable {
        /// That of the oldest record.
        case start
        /// The end: that of this client's isolation level.
        case end
    }

    /// One offset of each partition, asked of its leader and never answered from memory.
    ///
    /// The library's call about watermarks (2.0.2) would wait for a leader that is dead far beyond
    /// its time-out; this one does not, and asks about several partitions at once.
    package func offsets(
        of edge: Edge, _ partitions: [(topic: String, partition: Int32)], milliseconds: Int32
    ) throws(KafkaError) -> [Int64] {
        let list = rd_kafka_topic_partition_list_new(Int32(partitions.count))!
        defer { rd_kafka_topic_partition_list_destroy(list) }
        let wanted: Int64
        switch edge {
        case .start: wanted = Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: wanted = Int64(RD_KAFKA_OFFSET_END)
        }
        for (topic, partition) in partitions {
            rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = wanted
        }
        let code = rd_kafka_offsets_for_times(handle, list, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
        var found: [Int64] = []
        found.reserveCapacity(partitions.count)
        for index in partitions.indices {
            let element = list.pointee.elems[index]
            guard element.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(element.err) }
            guard element.offset >= 0 else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
            found.append(element.offset)
        }
        return found
    }

    /// Makes a topic with these settings; -1 copies is the brokers' own default.
    package func createTopic(
        _ name: String, partitions: Int32, copies: Int32 = -1,
        settings: [(name: String, value: String)], milliseconds: Int32
    ) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        guard let topic = rd_kafka_NewTopic_new(name, partitions, copies, &text, text.count)
        else { throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, Self.string(text)) }
        defer { rd_kafka_NewTopic_destroy(topic) }
        for (name, value) in settings { rd_kafka_NewTopic_set_config(topic, name, value) }
        let event = try ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, milliseconds) { options, queue in
            var topics: [OpaquePointer?] = [topic]
            rd_kafka_CreateTopics(handle, &topics, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(
            rd_kafka_event_CreateTopics_result(event), &count)
        try Self.check(results, count)
    }

    /// Deletes a topic with all its records.
    package func deleteTopic(_ name: String, milliseconds: Int32) throws(KafkaError) {
        let topic = rd_kafka_DeleteTopic_new(name)!
        defer { rd_kafka_DeleteTopic_destroy(topic) }
        let event = try ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, milliseconds) { options, queue in
            var topics: [OpaquePointer?] = [topic]
            rd_kafka_DeleteTopics(handle, &topics, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_DeleteTopics_result_topics(
            rd_kafka_event_DeleteTopics_result(event), &count)
        try Self.check(results, count)
    }

    /// Throws what went wrong with the first topic of an answer that was not done.
    private static func check(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) throws(KafkaError) {
        for index in 0..<count {
            guard let result = results?[index] else { continue }
            let code = rd_kafka_topic_result_error(result)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            throw KafkaError(
                code, rd_kafka_topic_result_error_string(result).map { String(cString: $0) })
        }
    }

    /// Whether the brokers have an authorizer: without one, everybody may do everything. Nil where
    /// they don't say.
    ///
    /// A broker's own setting tells. The library's question about access lists (2.0.2) drops the
    /// answer that there are none to keep.
    package func hasAuthorizer(milliseconds: Int32) throws(KafkaError) -> Bool? {
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle, 0, nil, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaError(code) }
        defer { rd_kafka_metadata_destroy(answer) }
        guard answer.pointee.broker_cnt > 0 else { return nil }
        let resource = rd_kafka_ConfigResource_new(
            RD_KAFKA_RESOURCE_BROKER, "\(answer.pointee.brokers[0].id)")
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let event = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, milliseconds) { options, queue in
            var resources: [OpaquePointer?] = [resource]
            rd_kafka_DescribeConfigs(handle, &resources, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), &count), count > 0
        else { return nil }
        switch KafkaError.Code(rd_kafka_ConfigResource_error(results[0])) {
        // A refusal comes from one of them.
        case .clusterAuthorization: return true
        case KafkaError.Code(RD_KAFKA_RESP_ERR_NO_ERROR): break
        case let code: throw KafkaError(code)
        }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(results[0], &entryCount)
        for entryIndex in 0..<entryCount {
            guard let entry = entries?[entryIndex], let name = rd_kafka_ConfigEntry_name(entry),
                String(cString: name) == "authorizer.class.name"
            else { continue }
            return rd_kafka_ConfigEntry_value(entry).map { $0[0] != 0 } ?? false
        }
        return nil
    }

    /// These settings of topics, by topic and in the order asked for; nil where a broker has none.
    /// A topic that is not there is left out.
    package func settings(
        _ names: [String], ofTopics topics: [String], milliseconds: Int32
    ) throws(KafkaError) -> [String: [String?]] {
        var resources: [OpaquePointer?] = topics.map {
            rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0)
        }
        defer { for resource in resources { rd_kafka_ConfigResource_destroy(resource) } }
        let event = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, milliseconds) { options, queue in
            rd_kafka_DescribeConfigs(handle, &resources, resources.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), &count)
        else { return [:] }
        var found: [String: [String?]] = [:]
        for index in 0..<count {
            let code = rd_kafka_ConfigResource_error(results[index])
            // Another client deleted it between two questions.
            if code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { continue }
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let name = String(cString: rd_kafka_ConfigResource_name(results[index]))
                throw KafkaError(code, "\(name): \(String(cString: rd_kafka_err2str(code)))")
            }
            var values = [String?](repeating: nil, count: names.count)
            var entryCount = 0
            let entries = rd_kafka_ConfigResource_configs(results[index], &entryCount)
            for entryIndex in 0..<entryCount {
                guard let entry = entries?[entryIndex],
                    let name = rd_kafka_ConfigEntry_name(entry),
                    let wanted = names.firstIndex(of: String(cString: name))
                else { continue }
                values[wanted] = rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) }
            }
            found[String(cString: rd_kafka_ConfigResource_name(results[index]))] = values
        }
        return found
    }

    /// Puts a question and waits for its answer, an event that the caller destroys.
    func ask(
        _ operation: rd_kafka_admin_op_t, _ milliseconds: Int32,
        _ question: (OpaquePointer, OpaquePointer) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let queue = rd_kafka_queue_new(handle)!
        defer { rd_kafka_queue_destroy(queue) }
        let options = rd_kafka_AdminOptions_new(handle, operation)!
        defer { rd_kafka_AdminOptions_destroy(options) }
        var text = [CChar](repeating: 0, count: 512)
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &text, text.count)
        question(options, queue)
        // The library answers in any case once its own time is over.
        guard let event = rd_kafka_queue_poll(queue, milliseconds + 2_000) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let words = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw KafkaError(code, words)
        }
        return event
    }
}
