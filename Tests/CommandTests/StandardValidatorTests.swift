import CommandRunning
import Foundation
import Messages
import SchemaConformance
import Testing

/// A validator of others, jsonschema of PyPI: it takes whatever our decoder takes.
@Suite struct StandardValidatorTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let python: String? = {
        let named = environment["FAIRFILL_TEST_PYTHON"]
        return [named, "python3", "/usr/bin/python3"].compactMap(\.self).first { python in
            guard let folder = try? Folder(isChecked: false) else { return false }
            let run = try? Run.program(
                "/usr/bin/env", [python, "-c", "import jsonschema"], in: folder)
            return run?.exitCode == 0
        }
    }()
    private static let isWanted = python != nil || environment["CI"] == "true"

    private static let program = """
        import json, sys
        from jsonschema import Draft7Validator
        validators, wrong, count = {}, 0, 0
        for line in sys.stdin:
            topic, value = json.loads(line)
            if topic not in validators:
                schema = json.load(open(sys.argv[1] + "/" + topic + ".json"))
                Draft7Validator.check_schema(schema)
                validators[topic] = Draft7Validator(schema)
            count += 1
            error = next(validators[topic].iter_errors(json.loads(value)), None)
            if error is not None:
                wrong += 1
                print(value[:300], "::", error.message[:200])
        print(count, "values,", wrong, "wrong")
        """

    @Test(
        .enabled(
            if: isWanted,
            "no Python with jsonschema is at hand (FAIRFILL_TEST_PYTHON; pip install jsonschema)"))
    func itTakesWhatTheDecoderTakes() throws {
        let python = try #require(
            Self.python, "CI=true, and no Python with jsonschema: pip install jsonschema")
        let folder = try Folder()
        try Run.fairfill(["schema", "--write", "."], in: folder).mustWork()
        var lines: [String] = []
        for topic in Topic.allCases where topic != .invalid {
            let isInput = [Topic.bids, .offeringCommands, .paymentResults].contains(topic)
            // Of what this system writes itself, what the schemas take with their notes.
            for record in try RecordVariants.all(of: topic, oneOf: isInput ? 1 : 7)
            where isInput
                ? RecordCheck.isRead(record, topic)
                : RecordCheck.fault(record, in: topic, isOurs: true) == nil
            {
                let pair = try JSONEncoder().encode(["\(topic.name)", record])
                lines.append(String(decoding: pair, as: UTF8.self))
            }
        }
        #expect(lines.count > 500)
        let run = try Run.program(
            "/usr/bin/env", [python, "-c", Self.program, "\(folder.path)/schemas"], in: folder,
            input: lines.joined(separator: "\n") + "\n"
        ).mustWork()
        #expect(run.lines == ["\(lines.count) values, 0 wrong"], "\(run.output)")
    }
}
