using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Samepage.Cli.Commands;

/// <summary>The usual help, then examples; for the tool itself, exit codes and environment.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = Width();
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case Verb { Examples.Count: > 0 } verb:
                output.WriteLine("Examples:");
                foreach (string example in verb.Examples)
                    output.WriteLine("  " + example);
                output.WriteLine();
                break;
            case RootCommand:
                WriteConventions(output);
                break;
        }
        return code;
    }

    private static void WriteConventions(TextWriter output)
    {
        output.WriteLine("Exit codes:");
        foreach ((string code, string meaning) in ExitCodes.Table)
            output.WriteLine($"  {code,-5} {meaning}");
        output.WriteLine();
        output.WriteLine("Sizes:  4096, 4K, 1M, 2G, 0x1000        Times:  200ms, 5s, 2m, 1h; a bare number is seconds");
        output.WriteLine();
        output.WriteLine("Environment:");
        output.WriteLine("  SAMEPAGE_ROOT  directory in which the objects of Linux live instead of /dev/shm");
        output.WriteLine("  NO_COLOR       no colours at a terminal; in a pipe there are none anyway");
        output.WriteLine();
    }

    private static int Width() => Console.IsOutputRedirected || Console.WindowWidth < 40 ? 100 : Console.WindowWidth;
}
