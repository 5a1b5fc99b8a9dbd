import CommandLine
import Testing
import fairfill

/// What the words of a command line are taken for, and what is suggested for those that mean
/// nothing.
@Suite struct ParserTests {
    /// The parser reads an option before it knows the command, so an option has a value in all
    /// commands or in none.
    @Test func anOptionHasAValueEverywhereOrNowhere() {
        var hasValue: [String: Bool] = [:]
        for option in Main.commands.flatMap(\.allOptions) {
            for name in [option.name] + option.otherNames {
                let isSame = hasValue.updateValue(option.value != nil, forKey: name)
                    .map { $0 == (option.value != nil) } ?? true
                #expect(isSame, "--\(name)")
            }
        }
        #expect(hasValue.count > 50)
    }

    /// What is suggested: a word that is near, the option that an id or a word is meant for.
    @Test(arguments: [
        ("offring list", "did you mean 'offering'?"),
        ("offering lst", "did you mean 'fairfill offering list'?"),
        ("help offering shwo", "did you mean 'fairfill offering show'?"),
        ("pause --offering o", "did you mean 'offering pause'?"),
        ("--lgo sqlite:x.db topics list", "did you mean --log?"),
        ("bid --offerng o", "did you mean --offering?"),
        ("payments list --state payd", "did you mean 'paid'?"),
        ("verify --level chian", "did you mean 'chain'?"),
        ("offering open --offering o --remainder spit", "did you mean 'split'?"),
        ("export holdings --format cvs", "did you mean 'csv'?"),
        ("allocate --log-format jsno", "did you mean 'json'?"),
        ("offering show loan-7", "did you mean --offering loan-7?"),
        ("payments show loan-7/b-1/1", "did you mean --command loan-7/b-1/1?"),
        ("explain --offering loan-7 b-1", "did you mean --bid b-1?"),
        ("bid --offering loan-7 anna", "did you mean --account anna?"),
        ("topics list sqlite:x.db", "takes options only"),
        ("verify chain", "did you mean --level chain?"),
        ("copy sqlite:a.db", "did you mean --from sqlite:a.db?"),
    ])
    func suggestions(line: String, words: String) throws {
        let line = line.split(separator: " ").map(String.init)
        do throws(Failure) {
            _ = try Parser(commands: Main.commands).parse(line)
            Issue.record("\(line) was understood")
        } catch {
            #expect(error.code == .usage && error.message.contains(words), "\(error.message)")
        }
    }

    @Test func nothingIsSuggestedForWhatIsFar() {
        #expect(Nearest.word(to: "offring", among: ["offering", "bid"]) == "offering")
        #expect(Nearest.word(to: "xyz", among: ["offering", "bid"]) == nil)
    }

    /// What a command reads but does not declare could never be given: a mistake of its author.
    @Test func anUndeclaredOptionTraps() async throws {
        await #expect(processExitsWith: .failure) {
            let command = Main.commands.first { $0.name == "cancel-bid" }!
            _ = Arguments(command: command).text("shares")
        }
        let bid = try #require(Main.commands.first { $0.name == "bid" })
        #expect(Arguments(command: bid).text("shares") == nil)
    }
}
