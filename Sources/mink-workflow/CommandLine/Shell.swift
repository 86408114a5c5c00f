// Scripts by which shells complete the command line, from the descriptions of the verbs.

/// A shell that completes words.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    /// The script that teaches the shell these verbs.
    func completion(of verbs: [Verb]) -> String {
        switch self {
        case .bash: BashCompletion(verbs: verbs).text
        case .zsh: ZshCompletion(verbs: verbs).text
        case .fish: FishCompletion(verbs: verbs).text
        }
    }
}

private struct BashCompletion {
    let verbs: [Verb]

    var text: String {
        """
        # Completes mink-workflow. In bash: source <(mink-workflow completion bash)
        _mink_workflow() {
            local word="${COMP_WORDS[COMP_CWORD]}" option="${COMP_WORDS[COMP_CWORD-1]}"
            local verb="${COMP_WORDS[1]}" choices=""
            # "--format=text" comes as three words.
            if [[ "$word" == "=" ]]; then word=""; else
                if [[ "$option" == "=" ]]; then option="${COMP_WORDS[COMP_CWORD-2]}"; fi
            fi
            COMPREPLY=()
            if [[ "$COMP_CWORD" -eq 1 ]]; then
                choices="\((verbs.map(\.name) + ["help", "--help", "--version"]).joined(separator: " "))"
                COMPREPLY=($(compgen -W "$choices" -- "$word"))
                return
            fi
            case "$verb $option" in
        \(values)
            esac
            if [[ -z "$choices" ]]; then
                case "$verb" in
        \(words)
                esac
            fi
            if [[ "$word" == -* ]]; then
                case "$verb" in
        \(options)
                esac
            fi
            # Without choices bash completes files.
            if [[ -n "$choices" ]]; then COMPREPLY=($(compgen -W "$choices" -- "$word")); fi
        }
        complete -o bashdefault -o default -F _mink_workflow mink-workflow

        """
    }

    private var values: String {
        let lines = verbs.flatMap { verb in
            verb.options.filter { !$0.choices.isEmpty }.map { option in
                "        \"\(verb.name) \(option.name)\") "
                    + "choices=\"\(option.choices.joined(separator: " "))\" ;;"
            }
        }
        return lines.joined(separator: "\n")
    }

    private var words: String {
        let help = ["        help) choices=\"\(verbs.map(\.name).joined(separator: " "))\" ;;"]
        let lines = verbs.filter { !$0.words.isEmpty }.map {
            "        \($0.name)) choices=\"\($0.words.joined(separator: " "))\" ;;"
        }
        return (lines + help).map { "    \($0)" }.joined(separator: "\n")
    }

    private var options: String {
        verbs.map { verb in
            let names = verb.options.map(\.name) + ["--help"]
            return "            \(verb.name)) choices=\"\(names.joined(separator: " "))\" ;;"
        }.joined(separator: "\n")
    }
}

private struct ZshCompletion {
    let verbs: [Verb]

    var text: String {
        """
        #compdef mink-workflow
        # Completes mink-workflow. In zsh: source <(mink-workflow completion zsh)
        _mink_workflow() {
            if (( CURRENT == 2 )); then
                local -a verbs=(
        \(verbs.map { "            \(quoted("\($0.name):\($0.summary)"))" }.joined(separator: "\n"))
                )
                _describe verb verbs
                return
            fi
            local verb="$words[2]"
            shift words
            (( CURRENT-- ))
            case "$verb" in
        \(verbs.map(arguments).joined(separator: "\n"))
            esac
        }
        if [[ "$funcstack[1]" == "_mink_workflow" ]]; then
            _mink_workflow "$@"
        else
            compdef _mink_workflow mink-workflow
        fi

        """
    }

    private func arguments(_ verb: Verb) -> String {
        var specs = verb.options.map { option in
            let star = option.isRepeatable ? "*" : ""
            let summary = "[\(escaped(option.summary))]"
            guard let value = option.value else { return "\(star)\(option.name)\(summary)" }
            let isPath = ["FILE", "DIR", "PATH"].contains { value.hasPrefix($0) }
            let values =
                option.choices.isEmpty
                ? isPath ? "_files" : " " : "(\(option.choices.joined(separator: " ")))"
            return "\(star)\(option.name)=\(summary):\(escaped(value)):\(values)"
        }
        specs.append("--help[explains the verb]")
        specs.append(
            verb.words.isEmpty ? "*:file:_files" : "*:word:(\(verb.words.joined(separator: " ")))")
        return "        \(verb.name)) _arguments " + specs.map(quoted).joined(separator: " ")
            + " ;;"
    }

    private func escaped(_ text: String) -> String {
        ["\\", "[", "]", ":"].reduce(text) { $0.replacing($1, with: "\\\($1)") }
    }

    private func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: "'\\''"))'"
    }
}

private struct FishCompletion {
    let verbs: [Verb]

    var text: String {
        var lines = [
            "# Completes mink-workflow. In fish: mink-workflow completion fish | source",
            "complete -c mink-workflow -f -n __fish_use_subcommand -l version -d 'the version'",
        ]
        for verb in verbs {
            lines.append(
                "complete -c mink-workflow -f -n __fish_use_subcommand -a \(verb.name) "
                    + "-d \(quoted(verb.summary))")
            let isThere = "complete -c mink-workflow -n '__fish_seen_subcommand_from \(verb.name)'"
            if !verb.words.isEmpty {
                lines.append("\(isThere) -f -a \(quoted(verb.words.joined(separator: " ")))")
            }
            for option in verb.options {
                let values =
                    option.value == nil
                    ? ""
                    : option.choices.isEmpty
                        ? " -r" : " -x -a \(quoted(option.choices.joined(separator: " ")))"
                lines.append(
                    "\(isThere) -l \(option.name.dropFirst(2))\(values) "
                        + "-d \(quoted(option.summary))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func quoted(_ text: String) -> String {
        "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
