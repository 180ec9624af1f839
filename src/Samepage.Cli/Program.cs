using System.CommandLine;
using System.CommandLine.Invocation;
using Samepage.Cli;
using Samepage.Cli.Commands;
using Samepage.Cli.Output;

using var signals = new Signals();
using var terminal = new Terminal();
var session = new Session(terminal, signals);
var root = new Root(session);

// Names may begin with @: they are names, not files of further arguments.
ParseResult line = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
try
{
    if (line.Action is ParseErrorAction)
        return Mistakes.Explain(line, session);
    int code = line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Out });
    terminal.Out.Flush();
    return code;
}
catch (Exception e) when (Failures.Explain(e, session) is { } code)
{
    return code;
}
