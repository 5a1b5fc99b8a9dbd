import CKafka

extension Client {
    /// Sets these settings of a topic and leaves its others as they are.
    ///
    /// The library's own call (2.0.2) replaces all settings that the topic itself has, so they
    /// are asked for first and go along.
    package func alter(
        topic name: String, _ changes: [(name: String, value: String)], milliseconds: Int32
    ) throws(KafkaError) {
        let kept = try ownSettings(ofTopic: name, milliseconds: milliseconds)
            .filter { own in !changes.contains { $0.name == own.name } }
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        for (name, value) in kept + changes {
            rd_kafka_ConfigResource_set_config(resource, name, value)
        }
        let event = try ask(RD_KAFKA_ADMIN_OP_ALTERCONFIGS, milliseconds) { options, queue in
            var resources: [OpaquePointer?] = [resource]
            rd_kafka_AlterConfigs(handle, &resources, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_AlterConfigs_result_resources(
            rd_kafka_event_AlterConfigs_result(event), &count)
        for index in 0..<count {
            let code = rd_kafka_ConfigResource_error(results?[index])
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let words = rd_kafka_ConfigResource_error_string(results?[index])
                throw KafkaError(code, words.map { String(cString: $0) })
            }
        }
    }

    /// The settings that were made for this topic, those of its brokers left out.
    private func ownSettings(
        ofTopic name: String, milliseconds: Int32
    ) throws(KafkaError) -> [(name: String, value: String)] {
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let event = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, milliseconds) { options, queue in
            var resources: [OpaquePointer?] = [resource]
            rd_kafka_DescribeConfigs(handle, &resources, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), &count)
        var found: [(name: String, value: String)] = []
        for index in 0..<count {
            let code = rd_kafka_ConfigResource_error(results?[index])
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
            var entryCount = 0
            let entries = rd_kafka_ConfigResource_configs(results?[index], &entryCount)
            for entryIndex in 0..<entryCount {
                guard let entry = entries?[entryIndex], let name = rd_kafka_ConfigEntry_name(entry),
                    let value = rd_kafka_ConfigEntry_value(entry),
                    rd_kafka_ConfigEntry_source(entry)
                        == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG
                else { continue }
                found.append((String(cString: name), String(cString: value)))
            }
        }
        return found
    }
}
