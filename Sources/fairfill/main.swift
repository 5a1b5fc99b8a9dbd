import Glibc

Main.run(Array(CommandLine.arguments.dropFirst()))
