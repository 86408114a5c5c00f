// The command line of mink-workflow.
import Glibc

signal(SIGPIPE, SIG_IGN)
CrashSwitch.arm()
let code = await CommandLineTool.run(Array(CommandLine.arguments.dropFirst()))
Output.flush()
exit(code.rawValue)
