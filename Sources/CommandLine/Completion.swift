import FairfillClient

/// What a shell needs to complete the command's words, printed from the table of commands.
package struct Completion {
    package let commands: [Command]

    package init(_ commands: [Command]) { self.commands = commands }

    /// The first words, each with what it is: a command's sentence, or the words behind it.
    private var firstWords: [(word: String, about: String)] {
        var found: [(word: String, about: String)] = []
        for command in commands where !found.contains(where: { $0.word == command.words[0] }) {
            let group = commands.filter { $0.words[0] == command.words[0] }
            let isGroup = command.words.count > 1
            found.append(
                (
                    command.words[0],
                    isGroup
                        ? Words.alternatives(group.map { $0.words[1] }) : command.summary
                ))
        }
        return found + [("help", "say what a command does and takes")]
    }

    /// The words behind a first one; empty where it is a command.
    private func words(behind first: String) -> [(word: String, about: String)] {
        commands.filter { $0.words.count > 1 && $0.words[0] == first }
            .map { ($0.words[1], $0.summary) }
    }

    private var groups: [String] {
        firstWords.map(\.word).filter { !words(behind: $0).isEmpty }
    }

    /// The options that take a value, as they are typed: the word behind one is no command.
    private var withValues: [String] {
        var found: Set<String> = []
        for option in commands.flatMap(\.allOptions) where option.value != nil {
            found.formUnion(([option.name] + option.otherNames).map { "--\($0)" })
            if let letter = option.letter { found.insert("-\(letter)") }
        }
        return found.sorted()
    }

    /// The names of options whose value is a file or a folder.
    private var withFiles: [String] {
        Set(
            commands.flatMap(\.allOptions)
                .filter { ["FILE", "FOLDER", "PATH"].contains($0.value) }.map { "--\($0.name)" }
        ).sorted()
    }

    private static func names(_ options: [Option]) -> String {
        options.map { "--\($0.name)" }.joined(separator: " ")
    }

    /// For a shell's single quotes.
    private static func quoted(_ text: String) -> String {
        "'" + text.escaping("'", with: #"'\''"#) + "'"
    }

    /// The lines of a `case`: a pattern, and the words that are offered there.
    private func choices() -> [(pattern: String, words: String)] {
        commands.flatMap { command in
            command.allOptions.filter { !$0.words.isEmpty }.map {
                ("\(command.name) --\($0.name)", $0.words.joined(separator: " "))
            }
        }
    }

    // MARK: The shells

    package var bash: String {
        var text = """
            # Completion of fairfill for bash: source <(fairfill completion bash)
            _fairfill() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
                local command='' skip='' words='' word i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $skip ]]; then
                        skip=''
                        continue
                    fi
                    case $word in
                        \(withValues.joined(separator: " | "))) skip=1 ;;
                        -* | help) ;;
                        *) command="${command:+$command }$word" ;;
                    esac
                done
                case "$command $previous" in

            """
        for (pattern, words) in choices() {
            text += "        \(Self.quoted(pattern))) words=\(Self.quoted(words)) ;;\n"
        }
        text += """
                    *)
                        case $previous in
                            \(withFiles.joined(separator: " | ")) | -F)
                                COMPREPLY=($(compgen -f -- "$current"))
                                return
                                ;;
                            \(withValues.joined(separator: " | "))) return ;;
                        esac
                        case $command in
                            '')
                                words=\(Self.quoted(firstWords.map(\.word).joined(separator: " ")))
                                [[ $current == -* ]] && words=\(Self.quoted(
                                    Self.names(Option.log + Option.common)))
                                ;;

            """
        for group in groups {
            let words = words(behind: group).map(\.word).joined(separator: " ")
            text += "                \(group)) words=\(Self.quoted(words)) ;;\n"
        }
        for command in commands {
            text += "                \(Self.quoted(command.name))) words="
                + "\(Self.quoted(Self.names(command.allOptions))) ;;\n"
        }
        text += """
                        esac
                        ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -F _fairfill fairfill
            """
        return text
    }

    package var zsh: String {
        func described(_ words: [(word: String, about: String)]) -> String {
            words.map {
                Self.quoted(
                    $0.word.escaping(":", with: "\\:") + ":"
                        + $0.about.escaping(":", with: "\\:"))
            }.joined(separator: " ")
        }
        func options(_ options: [Option]) -> String {
            described(options.map { ("--\($0.name)", $0.help) })
        }
        var text = """
            #compdef fairfill
            # Completion of fairfill for zsh: source <(fairfill completion zsh)
            _fairfill() {
                local command='' skip='' word
                local -a offered
                local previous=$words[CURRENT-1]
                for word in ${words[2,CURRENT-1]}; do
                    if [[ -n $skip ]]; then
                        skip=''
                        continue
                    fi
                    case $word in
                        \(withValues.joined(separator: "|"))) skip=1 ;;
                        -*|help) ;;
                        *) command="${command:+$command }$word" ;;
                    esac
                done
                case "$command $previous" in

            """
        for (pattern, words) in choices() {
            text += "        \(Self.quoted(pattern))) compadd -- \(words); return ;;\n"
        }
        text += """
                esac
                case $previous in
                    \(withFiles.joined(separator: "|"))|-F) _files; return ;;
                    \(withValues.joined(separator: "|"))) return ;;
                esac
                case $command in
                    '')
                        offered=(\(described(firstWords)))
                        [[ $words[CURRENT] == -* ]] && offered=(\(options(
                            Option.log + Option.common)))
                        ;;

            """
        for group in groups {
            text += "        \(group)) offered=(\(described(words(behind: group)))) ;;\n"
        }
        for command in commands {
            text += "        \(Self.quoted(command.name))) offered=("
                + "\(options(command.allOptions))) ;;\n"
        }
        text += """
                esac
                _describe fairfill offered
            }
            if [[ $funcstack[1] == _fairfill ]]; then _fairfill; else compdef _fairfill fairfill; fi
            """
        return text
    }

    package var fish: String {
        func quoted(_ text: String) -> String {
            "'" + text.escaping("\\", with: "\\\\").escaping("'", with: "\\'") + "'"
        }
        var lines = [
            "# Completion of fairfill for fish: fairfill completion fish | source",
            "function __fairfill_at",
            "    set -l words (commandline -opc)",
            "    set -l command",
            "    set -l skip ''",
            "    for word in $words[2..-1]",
            "        if test -n \"$skip\"",
            "            set skip ''",
            "            continue",
            "        end",
            "        switch $word",
            "            case \(withValues.joined(separator: " "))",
            "                set skip 1",
            "            case '-*' help",
            "            case '*'",
            "                set -a command $word",
            "        end",
            "    end",
            "    test \"$command\" = \"$argv\"",
            "end",
            "complete -c fairfill -f",
        ]
        func add(_ words: [(word: String, about: String)], behind command: String) {
            for (word, about) in words {
                lines.append(
                    "complete -c fairfill -n '__fairfill_at \(command)' -a \(word) "
                        + "-d \(quoted(about))")
            }
        }
        add(firstWords, behind: "")
        for group in groups { add(words(behind: group), behind: group) }
        for command in commands {
            for option in command.allOptions {
                var line = "complete -c fairfill -n '__fairfill_at \(command.name)' "
                    + "-l \(option.name)"
                if let letter = option.letter { line += " -s \(letter)" }
                if !option.words.isEmpty {
                    line += " -x -a \(quoted(option.words.joined(separator: " ")))"
                } else if let value = option.value {
                    line += ["FILE", "FOLDER", "PATH"].contains(value) ? " -r -F" : " -x"
                }
                lines.append("\(line) -d \(quoted(option.help))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
