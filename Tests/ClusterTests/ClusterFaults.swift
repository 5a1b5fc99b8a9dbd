import Testing

/// What goes wrong in a real cluster, while the system works on it. One test at a time: each may
/// take the brokers away.
@Suite(.serialized, .enabled(if: Clusters.areThere, "no program to start a cluster with"))
struct ClusterFaults {}
