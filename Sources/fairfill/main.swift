import Glibc

Main.run(Array(Swift.CommandLine.arguments.dropFirst()))
