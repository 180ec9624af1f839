using System.CommandLine;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>How long a verb holds what it made or opened, since an object lives only while somebody does.</summary>
internal sealed class HoldOptions
{
    private readonly Option<TimeSpan?> _for = Common.Time("--for", "Hold it for this long, then let go.");
    private readonly Option<bool> _untilEof = new("--until-eof") { Description = "Hold it until the end of standard input." };

    public void AddTo(Command command)
    {
        command.Add(_for);
        command.Add(_untilEof);
    }

    /// <summary>The end of the sentence "created ..., held ...".</summary>
    public string Describe(ParseResult line)
    {
        string end = line.GetValue(_untilEof) ? "until end of input" : "until Ctrl+C";
        return line.GetValue(_for) is { } time ? FormattableString.Invariant($"for {time.TotalSeconds:0.###} s, or {end}") : end;
    }

    /// <summary>Returns when it is time to let go.</summary>
    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    public void Wait(ParseResult line, CancellationToken ended)
    {
        TimeSpan longest = line.GetValue(_for) ?? Timeout.InfiniteTimeSpan;
        if (line.GetValue(_untilEof))
        {
            _ = Task.WaitAny([Task.Run(ReadToEnd, CancellationToken.None)], (int)longest.TotalMilliseconds, ended);
        }
        else
        {
            _ = ended.WaitHandle.WaitOne(longest);
            ended.ThrowIfCancellationRequested();
        }
    }

    private static void ReadToEnd()
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
            // What comes does not matter, only that it ends.
        }
    }
}
