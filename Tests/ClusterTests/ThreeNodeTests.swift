import CommandRunning
import EventLog
import Foundation
import KafkaLog
import TestRun
import Testing

extension ClusterFaults {
    /// One of three brokers dies, hangs or hands over, and the others go on.
    @Suite(.serialized) struct ThreeNodes {
        /// A dead broker is noticed after 3 s. What its death may cost at most is for machines that
        /// are slow and busy; what it does cost is printed.
        @Test func aSaleOutlivesItsLeaders() throws {
            let cluster = try Clusters.threeNodes()
            let sale = try FaultySale(on: cluster)
            for _ in 0..<(Clusters.isLong ? 3 : 1) {
                try leaderFaults(of: sale, cluster, bound: 12, boundOfController: 18)
            }
            try restartOneAfterAnother(sale, cluster)
            try sale.finish()
        }

        @Test(.enabled(if: Clusters.isLong))
        func aSaleOutlivesItsLeadersAtTheDefaultsOfKafka() throws {
            let cluster = try Cluster(nodes: 3)
            let sale = try FaultySale(on: cluster)
            try leaderFaults(of: sale, cluster, bound: 24, boundOfController: 32)
            try sale.finish()
        }

        private func leaderFaults(
            of sale: FaultySale, _ cluster: Cluster, bound: Double, boundOfController: Double
        ) throws {
            let topics = [
                "bids", "decisions", "offering-commands", "payment-results", "payment-commands",
                "payment-journal",
            ]
            let controller = try #require(try cluster.activeController())
            let others = (1...3).filter { $0 != controller }
            // What dies first leads nothing but the sale: the controller is another node.
            try cluster.move(
                topics.map { (sale.topic($0), 0, [others[0], others[1], controller]) })
            try #require(cluster.settle())
            try fault("a leader killed", others[0], sale, cluster, bound)

            try cluster.move(
                topics.map { (sale.topic($0), 0, [others[1], controller, others[0]]) })
            try #require(cluster.settle())
            try sale.stall("a leader paused for 10 s", atMost: 20) {
                try cluster.pause(others[1])
                usleep(10_000_000)
                try cluster.resume(others[1])
            }
            try #require(cluster.settle())

            try sale.stall("leaders moved", atMost: 10) {
                try cluster.move(
                    topics.map { (sale.topic($0), 0, [others[0], others[1], controller]) })
            }
            try coordinatorFaults(of: sale, cluster, bound: boundOfController)
            let last = try #require(try cluster.activeController())
            let rest = (1...3).filter { $0 != last }
            try cluster.move(topics.map { (sale.topic($0), 0, [last] + rest) })
            try #require(cluster.settle())
            try fault(
                "a leader killed that is the controller, too", last, sale, cluster,
                boundOfController)
        }

        /// What happens to whoever looks after the allocator's transactions.
        private func coordinatorFaults(
            of sale: FaultySale, _ cluster: Cluster, bound: Double
        ) throws {
            func coordinator() throws -> (partition: Int32, node: Int) {
                try #require(cluster.settle())
                return try #require(try cluster.coordinator(of: sale.transactionalID))
            }
            let first = try coordinator()
            let others = (1...3).filter { $0 != first.node }
            try sale.stall("the coordinator moved", atMost: 10) {
                try cluster.move([(Cluster.coordination, first.partition, others + [first.node])])
            }
            #expect(try coordinator().node == others[0])
            guard Clusters.isLong else { return }
            try fault("the coordinator killed", try coordinator().node, sale, cluster, bound)
            let last = try coordinator().node
            try sale.stall("the coordinator paused for 10 s", atMost: 20) {
                try cluster.pause(last)
                usleep(10_000_000)
                try cluster.resume(last)
            }
        }

        private func restartOneAfterAnother(_ sale: FaultySale, _ cluster: Cluster) throws {
            for node in 1...3 {
                try sale.stall("node \(node) stopped and started", atMost: 15) {
                    try cluster.stop(node)
                    try cluster.start(node)
                }
                try #require(cluster.settle())
            }
        }

        /// Kills a node, measures, and brings it back.
        private func fault(
            _ name: String, _ node: Int, _ sale: FaultySale, _ cluster: Cluster, _ bound: Double
        ) throws {
            try sale.stall(name, atMost: bound) { try cluster.kill(node) }
            try cluster.start(node)
            try #require(cluster.settle())
        }

        /// With two of three nodes away, no partition has enough copies: nobody gets a receipt, and
        /// the allocator waits.
        @Test func withoutEnoughCopiesNothingIsAcknowledgedAndWorkGoesOnAfterwards() throws {
            let cluster = try Clusters.threeNodes()
            let folder = try cluster.folder()
            try folder.createTopics()
            let allocator = try Run.start(["allocate"], in: folder)
            defer { allocator.kill() }
            try Run.fairfill(
                [
                    "offering", "open", "--offering", "o", "--shares", "10", "--price", "1",
                    "--currency", "CNY",
                ], in: folder
            ).mustWork()
            let topic = "\(folder.environment).bids"
            let leader = try #require(try cluster.leader(of: topic))
            let others = (1...3).filter { $0 != leader }
            // A front end that is there already, and knows who leads.
            let appender = try KafkaLog(brokers: cluster.brokers).openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            let destination = records.destination(TopicPartition(topic, 0))
            let value = Array(
                #"{"type":"bid","bid":"b-0","offering":"o","account":"a","shares":1}"#.utf8)
            value.withUnsafeBytes { records.append(to: destination, key: nil, value: $0) }
            guard case .appended? = try appender.append(records).first else {
                Issue.record("not appended")
                return
            }
            for node in others { try cluster.kill(node) }
            defer { for node in others { try? cluster.start(node) } }
            // One that comes now may not even get an answer about the topics.
            let refused = try bid("b-1", in: folder)
            #expect([69, 75].contains(refused.exitCode), "\(refused)")
            #expect(refused.output.isEmpty, "a receipt for what is not in the log")
            #expect(refused.errors.contains(cluster.brokers), "\(refused.errors)")
            note("a bid without enough copies: \(refused.errors)")
            guard case .refused(let error)? = try appender.append(records).first else {
                Issue.record("a receipt for what one broker of three has")
                return
            }
            #expect(error.code == .timedOut && error.isRetriable, "\(error)")
            note("a front end's record: \(error)")
            #expect(allocator.isRunning, "\(allocator.errors)")

            for node in others { try cluster.start(node) }
            try #require(cluster.settle())
            // It may be there by now, or not: again changes nothing.
            let taken = try bid("b-1", in: folder, "--wait")
            #expect([0, 1].contains(taken.exitCode), "\(taken)")
            #expect(allocator.isRunning, "\(allocator.errors)")
            note("the allocator said:\n\(allocator.errors)")
            #expect(allocator.terminate() == 0)
            try Run.fairfill(["verify", "--quiet"], in: folder).mustWork()
            let decided = try Run.fairfill(["export", "decisions"], in: folder).objects()
                .filter { $0["bid"] as? String == "b-1" && $0["n"] as? Int == 0 }
            #expect(decided.filter { $0["type"] as? String != "repeated" }.count == 1, "\(decided)")
        }

        private func bid(_ id: String, in folder: Folder, _ more: String...) throws -> Run {
            try Run.fairfill(
                ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--id", id] + more,
                in: folder)
        }
    }
}
